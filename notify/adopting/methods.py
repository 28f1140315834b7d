"""What methods of values give, and tell about the values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from notify.adopting.slots import TEXT, Val

if TYPE_CHECKING:
    from notify.adopting.state import State

_TEXT_METHODS = frozenset({
    "upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "startswith", "endswith", "replace", "find",
    "zfill", "ljust", "rjust", "center", "swapcase", "casefold", "format", "isdigit", "removeprefix", "removesuffix",
})  # fmt: skip
_CLOCK = re.compile(r"%-?[HIMSpXc]")


def method(owner: Val, name: str, node: nodes.Call, state: State) -> Val | None:  # one for each kind
    """What a method of a value gives; None if it is none that data have."""
    first = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else None
    if name in {"strftime", "isoformat"}:
        clock = name == "strftime" and isinstance(first, str) and _CLOCK.search(first)
        state.use(owner, "datetime" if clock else "date")
        return TEXT
    if name in {"date", "time"} and not node.args:
        state.use(owner, "datetime")
        return Val(kind="text")
    if name in {"items", "values", "keys", "get"}:
        return _of_mapping(owner, name, node, state)
    if name in {"split", "rsplit", "splitlines"}:
        state.use(owner, "text", *(["breaks"] if name == "splitlines" or first == "\n" else []))
        return Val(items=TEXT)
    if name in _TEXT_METHODS:
        state.use(owner, "text")
        return TEXT
    return None


def _of_mapping(owner: Val, name: str, node: nodes.Call, state: State) -> Val | None:
    first = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else None
    if name == "items" and not node.args:
        return pairs(owner, state)
    if name in {"values", "keys"} and not node.args:
        made = pairs(owner, state).items
        return Val(items=made.row[1] if made is not None and name == "values" else TEXT)
    if name == "get" and isinstance(first, str):
        state.use(owner, "object", shown=False)
        slots = tuple(slot.field_of(first, node.lineno) for slot in owner.slots)
        state.ask(slots)
        for slot in slots:
            default = node.args[1] if len(node.args) > 1 else None
            if isinstance(default, nodes.Const) and default.value is not None:
                slot.defaults.append(default.value)
        return Val(slots, state.known.intersection(slots))
    if name == "get" and node.args:
        state.use(owner, "mapping", shown=False)
        return Val(tuple(slot.values() for slot in owner.slots))
    return None


def pairs(value: Val, state: State) -> Val:
    """The keys and values of a mapping."""
    state.use(value, "mapping", shown=False)
    values = tuple(slot.values() for slot in value.slots)
    return Val(items=Val(row=(TEXT, Val(values))))
