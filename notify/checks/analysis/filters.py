"""What filters give."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.checks.analysis.members import called, member
from notify.checks.analysis.values import (
    ANY,
    ListOf,
    MappingOf,
    Missing,
    Nothing,
    Record,
    Row,
    Scalar,
    Special,
    Unknown,
    Value,
    join,
    of,
    scalar,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MULTILINE = frozenset({"Text", "Html", "Markdown", "breaks"})
_SAME_TEXT = frozenset({"upper", "lower", "title", "capitalize", "trim", "truncate", "center", "indent", "string"})
_FRESH_TEXT = frozenset({"replace", "striptags", "filesizeformat", "format", "pprint"})
_ESCAPED = frozenset({"e", "escape", "forceescape", "tojson", "urlize", "xmlattr"})
_WHOLE = frozenset({"length", "count", "int", "wordcount", "display_width"})
_SAME_ITEMS = frozenset({"list", "sort", "reverse", "unique"})
_ONE_ITEM = frozenset({"first", "last", "min", "max", "random"})
_CHOSEN = frozenset({"select", "selectattr", "reject", "rejectattr"})
_NO_ITEMS = frozenset({"int", "float", "bool", "Decimal", "date", "datetime", "time", "timedelta"})
_NEEDS_ITEMS = (
    _SAME_ITEMS | _ONE_ITEM | _CHOSEN | {"length", "count", "join", "map", "batch", "slice", "groupby", "sum"}
)
TOLERANT = frozenset({"default", "d", "tojson", "pprint", "map", "select", "reject", "selectattr", "rejectattr"})
"""Filters of Jinja2's that None does not trouble, or that hand it on."""
_HOST = re.compile(r"(?:https?:)?//[^/?#%{]+[/?#]|(?:mailto|tel|cid|sms):|[/?#](?!/)", re.IGNORECASE)


def items_of(value: Value) -> Value | None:
    """What a loop over the value gives one by one; None if it cannot be looped over."""
    found = [item for arm in value.arms if (item := _items(arm)) is not None]
    if not found:
        return None if value.arms else ANY
    return join(found).with_taint(value.tainted)


def _items(arm: object) -> Value | None:
    if isinstance(arm, ListOf):
        return arm.item
    if isinstance(arm, Row):
        return join(arm.items) if arm.items else ANY
    if isinstance(arm, (MappingOf, Record)):
        return scalar("str")
    if isinstance(arm, Scalar):
        return None if arm.name in _NO_ITEMS else scalar("str")
    return ANY if isinstance(arm, (Unknown, Special)) else None


def needs_items(name: str) -> bool:
    """Whether the filter takes only what can be looped over."""
    return name in _NEEDS_ITEMS


def attribute_name(node: nodes.Filter) -> str | None:
    """The name of the attribute of each item that the filter looks at, if it is written out."""
    keyword = next((each.value for each in node.kwargs if each.key == "attribute"), None)
    place = {"selectattr": 0, "rejectattr": 0, "groupby": 0, "sum": 0, "join": 1}.get(node.name)
    if keyword is None and place is not None and len(node.args) > place:
        keyword = node.args[place]
    return keyword.value if isinstance(keyword, nodes.Const) and isinstance(keyword.value, str) else None


def at(item: Value, dotted: str) -> Value | None:
    """An item's attribute by its dotted name; None if there is none."""
    value: Value | None = item
    for step in dotted.split("."):
        value = member(value, step) if value is not None else None
    return value


def text_of(values: list[Value]) -> Value:
    """The text that several values make together, in order."""
    tainted = any(value.tainted for value in values)
    names = set().union(*(value.names() for value in values)) if values else set()
    if "markup" in names:
        return scalar("markup")
    if names & MULTILINE:
        return scalar("Text", tainted=tainted)
    if not tainted and names == {"constant"}:
        return scalar("constant")
    first = values[0] if values else ANY
    # What begins with something that the template's author chose goes where the author said.
    is_trusted = first.names() == {"Url"} if first.tainted else first.names() != {"constant"}
    return scalar("Url" if is_trusted else "str", tainted=tainted)


def begins_a_url(text: object) -> bool:
    """Whether what follows a text can choose neither scheme nor host."""
    return isinstance(text, str) and _HOST.match(text) is not None


def filtered(node: nodes.Filter, value: Value, arguments: list[Value]) -> Value:
    """The value of a filter of Jinja2's or the framework's own; unknown for others."""
    tainted = value.tainted or any(argument.tainted for argument in arguments)
    maker = _MAKERS.get(node.name)
    if maker is not None:
        return maker(node, value, arguments)
    if node.name in _SAME_TEXT:
        keeps = value.names() & MULTILINE
        return scalar("Text" if keeps else "Url" if value.names() == {"Url"} else "str", tainted=tainted)
    if node.name in _FRESH_TEXT:
        return scalar("str", tainted=tainted)
    if node.name in _ESCAPED:
        return scalar("markup")
    if node.name in _WHOLE:
        return scalar("int", tainted=tainted)
    return ANY


def _default(node: nodes.Filter, value: Value, arguments: list[Value]) -> Value:
    """`default` stands in for what is undefined, and for None only if it is told so."""
    flag = next((each.value for each in node.kwargs if each.key == "boolean"), None)
    flag = node.args[1] if len(node.args) > 1 else flag
    also_none = flag is not None and not (isinstance(flag, nodes.Const) and not flag.value)
    kept = value.only(lambda arm: not isinstance(arm, Missing) and not (also_none and isinstance(arm, Nothing)))
    return join([kept, arguments[0] if arguments else scalar("constant")])


def _same_items(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    item = items_of(value)
    return value.derived(ListOf(ANY if item is None else item))


def _one_item(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    return items_of(value) or ANY


def _chosen(node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    item = items_of(value)
    if item is None:
        return ANY
    keeps = node.name.startswith("select")
    by_attribute = node.name.endswith("attr")
    arguments = node.args[1:] if by_attribute else node.args
    test = arguments[0].value if arguments and isinstance(arguments[0], nodes.Const) else None
    # `select()` keeps what is true; `reject("none")` keeps what is not None.
    is_there = (keeps and test not in {"none", "undefined", "defined", "sameas"}) or (not keeps and test == "none")
    if keeps and test in {"eq", "equalto", "==", "ne", "!=", "in"}:
        is_there = False
    if not is_there:
        return value.derived(ListOf(item))
    if not by_attribute:
        return value.derived(ListOf(item.given()))
    name = attribute_name(node)
    return value.derived(ListOf(_narrowed(item, name) if name and "." not in name else item))


def _narrowed(item: Value, name: str) -> Value:
    arms = frozenset(
        replace(arm, narrowed=(*arm.narrowed, (name, field.given())))
        if isinstance(arm, Record) and (field := arm.get(name)) is not None
        else arm
        for arm in item.arms
    )
    return replace(item, arms=arms)


def _mapped(node: nodes.Filter, value: Value, arguments: list[Value]) -> Value:
    item = items_of(value)
    name = attribute_name(node)
    if item is None:
        return ANY
    if name is not None:
        found = at(item, name)
        has_default = any(each.key == "default" for each in node.kwargs)
        return value.derived(ListOf(ANY if found is None or has_default else found))
    first = node.args[0] if node.args else None
    if isinstance(first, nodes.Const) and isinstance(first.value, str):
        inner = nodes.Filter(None, first.value, node.args[1:], [], None, None)
        return value.derived(ListOf(filtered(inner, item, arguments[1:])))
    return value.derived(ListOf(ANY))


def _join(node: nodes.Filter, value: Value, arguments: list[Value]) -> Value:
    item = items_of(value) or ANY
    name = attribute_name(node)
    if name is not None:
        item = at(item, name) or ANY
    separator = arguments[:1] if node.args and not (name and len(node.args) == 0) else []
    return text_of([scalar("constant"), item.with_taint(value.tainted), *separator])


def _groups(node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    item = items_of(value) or ANY
    name = attribute_name(node)
    key = (at(item, name) if name else None) or ANY
    return value.derived(ListOf(of(Row((key, of(ListOf(item))), ("grouper", "list")))))


def _pairs(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    found = [called(Special("method", arm, "items")) for arm in value.arms]
    return join(found).with_taint(value.tainted) if found else ANY


def _slices(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    return value.derived(ListOf(of(ListOf(items_of(value) or ANY))))


def _same(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    return value


def _number(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    return scalar("float", tainted=value.tainted)


def _wrapped(_node: nodes.Filter, value: Value, _arguments: list[Value]) -> Value:
    return scalar("breaks", tainted=value.tainted)


def _quoted(_node: nodes.Filter, _value: Value, _arguments: list[Value]) -> Value:
    return scalar("urlencoded")


def _unknown(_node: nodes.Filter, _value: Value, _arguments: list[Value]) -> Value:
    return ANY


_MAKERS: Mapping[str, Callable[[nodes.Filter, Value, list[Value]], Value]] = {
    "default": _default,
    "d": _default,
    **dict.fromkeys(_SAME_ITEMS, _same_items),
    **dict.fromkeys(_ONE_ITEM, _one_item),
    **dict.fromkeys(_CHOSEN, _chosen),
    "map": _mapped,
    "join": _join,
    "groupby": _groups,
    "dictsort": _pairs,
    "items": _pairs,
    "batch": _slices,
    "slice": _slices,
    "abs": _same,
    "round": _number,
    "float": _number,
    "wordwrap": _wrapped,
    "urlencode": _quoted,
    "sum": _unknown,
    "safe": lambda _node, value, _arguments: scalar("markup", tainted=value.tainted),
}
