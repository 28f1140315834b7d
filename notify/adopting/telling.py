"""What comparisons, tests and formats tell about values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from notify.adopting.slots import Val
    from notify.adopting.state import State

_MONEY_FORMAT = re.compile(r"%\.2f|:,?\.2f")
_NUMBER_FORMAT = re.compile(r"%[-+0-9.]*[dfeg]|:[-+0-9,.]*[dfeg%]")


_WHOLE_FORMAT = re.compile(r"%[-+0-9]*d|:[-+0-9,]*d")


def formatted(pattern: nodes.Node | None, value: Val, state: State) -> None:
    """Note what a pattern such as `%.2f` tells about what goes into it."""
    text = pattern.value if isinstance(pattern, nodes.Const) and isinstance(pattern.value, str) else ""
    marks = ["int"] if _WHOLE_FORMAT.search(text) else ["number"] if _NUMBER_FORMAT.search(text) else []
    state.use(value, *(["money"] if _MONEY_FORMAT.search(text) else marks))


def tested(name: str, value: Val, arguments: list[nodes.Expr], state: State) -> None:
    """Note what a test tells about a value; `defined` and `none` are another matter."""
    constant = arguments[0] if arguments else None
    marks = {
        "divisibleby": "int", "odd": "int", "even": "int", "number": "number", "integer": "int", "float": "float",
        "mapping": "mapping", "iterable": "list", "sequence": "list", "boolean": "bool",
        "true": "bool", "false": "bool", "gt": "number", "ge": "number", "lt": "number", "le": "number",
        "greaterthan": "number", "lessthan": "number",
    }  # fmt: skip
    if name in {"eq", "equalto", "==", "ne", "!=", "sameas"} and isinstance(constant, nodes.Const):
        compared(value, constant.value, state)
    elif name in {"gt", "ge", "lt", "le", "greaterthan", "lessthan"} and not isinstance(constant, nodes.Const):
        state.use(value, shown=False)
    else:
        state.use(value, *([marks[name]] if name in marks else []), shown=False)


def compared(value: Val, constant: object, state: State) -> None:
    """Note what a value is compared with by `==` or `in`, which None can be too."""
    if constant is None:
        state.ask(value.slots)
        return
    for slot in value.slots:
        if isinstance(constant, bool):
            slot.marks.add("bool")
        elif isinstance(constant, (int, float)):
            slot.marks.add("int" if isinstance(constant, int) else "number")
            slot.is_shown = True
        else:
            slot.constants.append(constant)
            slot.is_shown = True
