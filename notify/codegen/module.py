"""A typed module of all notifications of a catalog."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.codegen.names import Names, apart, arguments, camel
from notify.codegen.types import Types
from notify.codegen.writing import described, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Catalog, Definition
    from notify.params import Contract

_HEAD = '''\
# fmt: off
# ruff: noqa
"""The notifications of this project, as typed callables.

Written by `notify codegen`; what is changed here is lost when it is written again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypeAlias, TypedDict

from notify.codegen.prepared import UNSET, Prepared, params_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal
'''
_LAST_IMPORT = "    from notify import Notifier"
_ROOT = "Notifications"


@dataclass(slots=True)
class _Node:
    """A step of ids: perhaps a notification, perhaps others below it."""

    path: str
    definition: Definition | None = None
    children: dict[str, _Node] = field(default_factory=dict)
    cls: str = ""


def module_text(catalog: Catalog, *, shared: str = "notify.yaml", stub: bool = False) -> str:
    """The module; equal definitions give equal text.

    Args:
        catalog: the notifications.
        shared: the file of the types that all definitions share, as locations show it.
        stub: whether to leave out what is not for type checkers, as a `.pyi` file does.
    """
    root = _tree(catalog)
    names = Names()
    types = Types(names, shared)
    _name(root, names)
    classes = [line for node in _inside_out(root) for line in _class(node, types, stub=stub)]
    imports = [f"    import {module}" for module in sorted(types.modules)]
    blank = [""] if imports else []
    lines = [_HEAD, *imports, *blank, _LAST_IMPORT, *types.lines(), *classes]
    return "\n".join(lines) + "\n"


def _tree(catalog: Catalog) -> _Node:
    root = _Node("")
    for name in catalog:
        node = root
        for part in name.split("."):
            path = f"{node.path}.{part}" if node.path else part
            node = node.children.setdefault(part, _Node(path))
        node.definition = catalog[name]
    return root


def _name(node: _Node, names: Names) -> None:
    node.cls = names.new(camel(node.path)) if node.path else _ROOT
    for part in sorted(node.children):
        _name(node.children[part], names)


def _inside_out(node: _Node) -> Iterator[_Node]:
    for part in sorted(node.children):
        yield from _inside_out(node.children[part])
    yield node


def _class(node: _Node, types: Types, *, stub: bool) -> Iterator[str]:
    definition = node.definition
    text = f"The notifications below `{node.path}`." if node.path else "Every notification of the project."
    yield from ("", "", f"class {node.cls}:")
    yield from described(f"The notification `{node.path}`." if definition else text, "", (), {}, indent=4)
    yield ""
    if stub:
        yield from (f"    {apart(part, set())}: {node.children[part].cls}" for part in sorted(node.children))
        yield "    def __init__(self, notifier: Notifier) -> None: ..."
    else:
        yield from ("    def __init__(self, notifier: Notifier) -> None:", "        self._notifier = notifier")
        for part in sorted(node.children):
            yield f"        self.{apart(part, set())} = {node.children[part].cls}(notifier)"
    if definition is not None:
        yield from ("", *_call(definition, types, stub=stub))


def _call(definition: Definition, types: Types, *, stub: bool) -> Iterator[str]:
    contract = definition.contract
    if contract is None:
        yield "    def __call__(self, **params: Any) -> Prepared:"
    elif contract.model is not None:
        yield f"    def __call__(self, params: {types.model(contract.model)}, /) -> Prepared:"
    elif contract.params:
        yield "    def __call__("
        yield from ("        self,", "        *,", *_keywords(contract, definition.id, types))
        yield "    ) -> Prepared:"
    else:
        yield "    def __call__(self) -> Prepared:"
    yield from _body(definition, contract, stub=stub)


def _keywords(contract: Contract, owner: str, types: Types) -> Iterator[str]:
    names = arguments(list(contract.params))
    for param in contract.params.values():
        default = "" if param.required else " = None" if param.default is None else " = UNSET"
        yield f"        {names[param.name]}: {types.of(param.type, contract, owner)}{default},"


def _body(definition: Definition, contract: Contract | None, *, stub: bool) -> Iterator[str]:
    params = list(contract.params.values()) if contract is not None and contract.model is None else []
    names = arguments([param.name for param in params])
    yield from described(definition.description, "Args", params, names, indent=8)
    if stub:
        yield "        ..."
        return
    given = "params" if contract is None else "params_of(params)" if contract.model is not None else "{}"
    if params:
        yield f"        return Prepared(self._notifier, {quoted(definition.id)}, {{"
        yield from (f"            {quoted(name)}: {argument}," for name, argument in names.items())
        yield "        })"
    else:
        yield f"        return Prepared(self._notifier, {quoted(definition.id)}, {given})"
