"""Reading `params:` and `types:`, short form and long form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from notify.errors import DefinitionError
from notify.params.annotation import parse_annotation
from notify.params.constraints import LONG_FORM, read_constraints
from notify.params.contract import Contract
from notify.params.models import PYTHON_NAME, fields_of, load_model
from notify.params.soundness import check_constraints, check_types
from notify.params.types import BUILTINS, AliasType, ObjectType, Param, is_optional
from notify.suggest import did_you_mean
from notify.yamlnodes import MappingNode, ScalarNode, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from notify.errors import Location
    from notify.params.types import TypeDefinition, Types
    from notify.yamlnodes import Node, Reader

RESERVED_NAMES = frozenset({
    "recipient", "recipients", "sender", "notification", "locale", "subject", "preheader", "unsubscribe_url",
    "preferences_url",
})  # fmt: skip
"""What templates see beside the params."""
SAMPLE_NAMES = frozenset({"to", "locale", "expect", "extends"})
"""What a sample says beside the params."""
_JINJA_WORDS = frozenset({
    "and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None",
    "self", "super", "loop", "caller", "varargs", "kwargs",
})  # fmt: skip
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def read_types(reader: Reader, node: Node | None, *, shared: Mapping[str, TypeDefinition] | None = None) -> Types:
    """The types of a `types:` mapping, on top of the `shared` ones; every fault goes to `reader`."""
    types: Types = dict(shared or {})
    root = reader.mapping(node, "types")
    if root is None:
        return types
    names = {*types, *root.entries}
    for name, definition in root.entries.items():
        if _type_name(reader, root, name, types):
            read = _type(reader, name, definition, names)
            types[name] = read or ObjectType(name, definition.location, {})  # has a fault; others may refer to it
    check_types(reader, types, root.entries)
    return types


def read_contract(
    reader: Reader, node: Node | None, types: Mapping[str, TypeDefinition], *, reserved: Collection[str] = ()
) -> Contract | None:
    """The contract that a `params:` value describes; None where there is none, or a fault.

    Args:
        reader: takes the faults.
        node: a mapping of params, or `package.module:Model` as text.
        types: what `read_types` found.
        reserved: names that params may not have beside `RESERVED_NAMES`: the application's globals.
    """
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and PYTHON_NAME.fullmatch(node.value):
        model = load_model(reader, "params", node)
        if model is None:
            return None
        params = fields_of(model)
        for name in params:
            _check_param_name(reader, node.location, name, reserved)
        return Contract(params, {}, model)
    root = reader.mapping(node, "params")
    if root is None:
        return None
    params = {}
    for name, value in root.entries.items():
        _check_param_name(reader, root.keys[name], name, reserved)
        if (param := read_param(reader, name, value, types)) is not None:
            params[name] = param
    check_constraints(reader, params.values(), types)
    return Contract(params, types)


def read_param(reader: Reader, name: str, node: Node, names: Collection[str]) -> Param | None:
    """A param or a field: an annotation, or the long form."""
    if isinstance(node, ScalarNode):
        text = reader.text_node(node, f"the type of {name!r}")
        return None if text is None else _annotated(reader, name, text, names, {})
    if not isinstance(node, MappingNode):
        reader.fault(node, f"the type of {name!r}: expected text, got a list", 'write "list[str]" in quotes')
        return None
    if "type" not in node.entries:
        hint = "for a mapping with fields, give it a name under types:"
        reader.fault(node, f"{name!r}: the long form {{type: ..., default: ...}} needs 'type'", hint)
        return None
    reader.known_keys(node, LONG_FORM, f"key of {name!r}")
    text = reader.text_node(node.get("type"), f"the type of {name!r}")
    return None if text is None else _annotated(reader, name, text, names, _long_form(reader, name, node))


def _long_form(reader: Reader, name: str, node: MappingNode) -> dict[str, Any]:
    default = node.get("default")
    return {
        **({"required": False, "default": plain(default), "default_location": default.location} if default else {}),
        "description": reader.text(node.get("description"), f"description of {name!r}") or "",
        "sensitive": reader.boolean(node.get("sensitive"), f"sensitive of {name!r}") or False,
        "constraints": read_constraints(reader, name, node),
    }


def _annotated(
    reader: Reader, name: str, text: ScalarNode, names: Collection[str], more: Mapping[str, Any]
) -> Param | None:
    try:
        kind = parse_annotation(text.source, names, text.at)
    except DefinitionError as error:
        for fault in error.faults:
            reader.fault(fault.location, f"{name!r}: {fault.message}", fault.hint)
        return None
    return Param(name, text.source, kind, text.content, **{"required": not is_optional(kind), **more})


def _type(reader: Reader, name: str, node: Node, names: Collection[str]) -> TypeDefinition | None:
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and PYTHON_NAME.fullmatch(node.value):
        return load_model(reader, name, node)
    if not isinstance(node, MappingNode) or _is_long_form(node):
        target = read_param(reader, name, node, names)
        if target is not None and target.default_location is not None:
            hint = "give it to the params and fields of this type"
            reader.fault(target.default_location, f"a default means nothing for the type {name!r}", hint)
        return None if target is None else AliasType(name, node.location, target)
    fields = {}
    for field, value in node.entries.items():
        if not field.isidentifier():
            reader.fault(node.keys[field], f"{name}: a field cannot be called {field!r}", "use letters, digits and _")
        elif (read := _field(reader, node, field, value, names)) is not None:
            fields[field] = read
    return ObjectType(name, node.location, fields)


def _field(reader: Reader, owner: MappingNode, field: str, node: Node, names: Collection[str]) -> Param | None:
    if "type" in owner.entries and isinstance(node, ScalarNode) and not isinstance(node.value, str):
        hint = f"if this is the long form: {did_you_mean(field, LONG_FORM)}"
        reader.fault(owner.keys[field], f"the type of {field!r}: expected text, got {node.source}", hint)
        return None
    return read_param(reader, field, node, names)


def _is_long_form(node: MappingNode) -> bool:
    """`{type: str, max_length: 5}` is one; `{type: str, code: int}` is an object with a field called `type`."""
    kind = node.get("type")
    return isinstance(kind, ScalarNode) and isinstance(kind.value, str) and node.entries.keys() <= LONG_FORM


def _type_name(reader: Reader, root: MappingNode, name: str, types: Types) -> bool:
    if name in types:
        reader.fault(root.keys[name], f"the type {name!r} is defined already, in {types[name].location}", "rename one")
    elif name in BUILTINS or name in {"list", "dict"}:
        reader.fault(root.keys[name], f"{name!r} is a type of notify's own", "choose another name")
    elif not _IDENTIFIER.fullmatch(name):
        reader.fault(
            root.keys[name], f"a type cannot be called {name!r}", "use letters, digits and _, such as OrderLine"
        )
    else:
        return True
    return False


def _check_param_name(reader: Reader, at: Location, name: str, reserved: Collection[str]) -> None:
    if name in RESERVED_NAMES or name in reserved:
        reader.fault(at, f"a param cannot be called {name!r}: templates have that name already", "rename it")
    elif name in SAMPLE_NAMES:
        reader.fault(at, f"a param cannot be called {name!r}: in samples it says something else", "rename it")
    elif name in _JINJA_WORDS or not _IDENTIFIER.fullmatch(name):
        hint = "use a letter first, then letters, digits and _"
        reader.fault(at, f"a param cannot be called {name!r}: templates cannot use that name", hint)
