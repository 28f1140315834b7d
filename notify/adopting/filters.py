"""What filters give, and tell about the values that they are applied to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.adopting.methods import pairs
from notify.adopting.slots import MISSING, OWN, TEXT, Val, either
from notify.adopting.telling import formatted, tested

if TYPE_CHECKING:
    from notify.adopting.state import State

_SAME_TEXT = frozenset({"trim", "e", "escape", "forceescape", "string"})
_CHANGED_TEXT = frozenset({"upper", "lower", "title", "capitalize", "center", "striptags", "replace"})
_TEXT_ONLY = frozenset({"truncate", "indent", "wordwrap", "urlize"})
_ANY_TO_TEXT = frozenset({"urlencode", "tojson", "xmlattr", "pprint"})
_SAME_ITEMS = frozenset({"list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"})
_ONE_ITEM = frozenset({"first", "last", "min", "max", "random"})
_MONEY = re.compile(r"money|currency|price|amount")
_TIME = re.compile(r"date|time")
_ATTRIBUTE_AT = {"selectattr": 0, "rejectattr": 0, "groupby": 0, "sum": 0, "join": 1}


def items_of(value: Val, state: State) -> Val:
    """What a loop over the value gives one by one."""
    state.use(value, "list", shown=False)
    if value.items is not None and not value.slots:
        return value.items
    found = [Val((slot.items(),)) for slot in value.slots]
    if value.items is not None:
        found.append(value.items)
    if value.row and not found:
        found = list(value.row)
    return either(*found) if found else OWN


def dotted(value: Val, name: str, state: State, line: int) -> Val:
    """A field of a field, by a name with dots."""
    for step in name.split("."):
        state.use(value, "object", shown=False)
        slots = tuple(slot.items() if step.isdigit() else slot.field_of(step, line) for slot in value.slots)
        value = Val(slots, state.known.intersection(slots))
    return value


def attribute_name(node: nodes.Filter) -> str | None:
    """The name of the field of each item that a filter looks at."""
    given = next((each.value for each in node.kwargs if each.key == "attribute"), None)
    place = _ATTRIBUTE_AT.get(node.name)
    if given is None and place is not None and len(node.args) > place:
        given = node.args[place]
    return given.value if isinstance(given, nodes.Const) and isinstance(given.value, str) else None


def filtered(node: nodes.Filter, value: Val, arguments: list[Val], state: State) -> Val:  # noqa: C901, PLR0911, PLR0912  # one for each kind
    """What a filter gives, after noting what it tells about the value."""
    name, line = node.name, node.lineno
    if name in _SAME_TEXT:
        state.use(value)
        return value
    if name == "safe":
        state.use(value, "html")
        return value
    if name in _CHANGED_TEXT | _TEXT_ONLY:
        breaks = name == "wordwrap" or (name == "replace" and _asks_for_breaks(node))
        state.use(value, "text" if name in _TEXT_ONLY else "words", *(["breaks"] if breaks else []))
        return TEXT
    if name in _ANY_TO_TEXT:
        state.use(value)
        return TEXT
    if name in {"length", "count"}:
        state.use(value, "sized", shown=False)
        return Val(kind="int")
    if name == "wordcount":
        state.use(value, "text")
        return Val(kind="int")
    if name in {"round", "abs"}:
        state.use(value, "number")
        return Val(numbers=(*value.slots, *value.numbers))
    if name in {"int", "float"}:
        state.use(value, "int" if name == "int" else "number")
        return Val(kind=name)
    if name == "filesizeformat":
        state.use(value, "int")
        return TEXT
    if name == "format":
        for argument in arguments:
            formatted(node.node, argument, state)
        return TEXT
    if name in _SAME_ITEMS:
        return _same_items(node, value, state)
    if name in _ONE_ITEM:
        return items_of(value, state)
    if name in {"map", "sum", "join"}:
        return _each(node, value, state)
    if name in {"batch", "slice"}:
        return Val(items=Val(items=items_of(value, state)))
    if name == "groupby":
        item = items_of(value, state)
        field = dotted(item, attribute_name(node) or "", state, line) if attribute_name(node) else OWN
        state.use(field)
        return Val(items=Val(row=(field, Val(items=item)), names=("grouper", "list")))
    if name in {"items", "dictsort"}:
        return pairs(value, state)
    if name == "attr" and node.args and isinstance(node.args[0], nodes.Const):
        return dotted(value, str(node.args[0].value), state, line)
    marks = ["money"] if _MONEY.search(name) else ["datetime"] if _TIME.search(name) else []
    state.use(value, *marks)
    return OWN


def _asks_for_breaks(node: nodes.Filter) -> bool:
    return bool(node.args) and isinstance(node.args[0], nodes.Const) and node.args[0].value in {"\n", "\r\n"}


def _same_items(node: nodes.Filter, value: Val, state: State) -> Val:
    item = items_of(value, state)
    name = attribute_name(node)
    for each in name.split(",") if name else ():
        field = dotted(item, each, state, node.lineno)
        test = node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], nodes.Const) else ""
        if test in {"", "defined", "none"}:
            state.ask(field.slots)
            if test != "defined" and node.name == "selectattr":
                # What is left has the field; only Jinja2 knows it, so that it counts as always there.
                for slot in field.slots:
                    slot.is_unguarded = True
                    slot.marks.add("chosen")
        else:
            tested(str(test), field, list(node.args[2:]), state)
    if node.name == "sort" and name is None:
        state.use(item)
    return Val(slots=value.slots, sure=value.sure | frozenset(value.slots), items=item)


def _each(node: nodes.Filter, value: Val, state: State) -> Val:
    item = items_of(value, state)
    name = attribute_name(node)
    result = dotted(item, name, state, node.lineno) if name else item
    if node.name == "sum":
        state.use(result, "number")
        return Val(numbers=result.slots)
    if node.name == "join":
        state.use(result)
        return TEXT
    default = next((each.value for each in node.kwargs if each.key == "default"), None)
    for slot in result.slots if default is not None else ():
        slot.defaults.append(default.value if isinstance(default, nodes.Const) else MISSING)
    if name is None and node.args and isinstance(node.args[0], nodes.Const):
        inner = nodes.Filter(None, str(node.args[0].value), node.args[1:], [], None, None, lineno=node.lineno)
        result = filtered(inner, item, [], state)
    return Val(items=result)
