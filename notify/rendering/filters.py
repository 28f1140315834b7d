"""The filters of Jinja2 that could make something huge out of little, held within the limits."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from jinja2.filters import FILTERS, make_attrgetter

from notify.rendering.limits import LimitError

if TYPE_CHECKING:
    from notify.rendering.guards import Guards

Check = Callable[..., None]
"""Takes the value and the arguments of a filter; raises LimitError."""

_TEXT = (
    "capitalize", "e", "escape", "forceescape", "lower", "pprint", "string", "striptags", "title", "trim", "truncate",
    "upper", "urlencode", "urlize", "wordcount",
)  # fmt: skip
"""Filters that make a text of whatever they are given."""

LEFT_OUT = ("random",)
"""Filters that templates do not get: equal input gives equal output."""


def guarded(guards: Guards) -> dict[str, Callable[..., Any]]:
    """The filters that look at their arguments first, by name."""

    def width(_value: object, *args: object, **kwargs: object) -> None:
        for argument in (*args, *kwargs.values()):
            guards.number(argument)

    def indent(value: Any, width: int | str = 4, *_args: object, **_kwargs: object) -> None:
        guards.size(len(value) + (value.count("\n") + 1) * (len(width) if isinstance(width, str) else width))

    def wordwrap(value: Any, *args: object, **kwargs: object) -> None:
        wrap = max((len(each) for each in (*args, *kwargs.values()) if isinstance(each, str)), default=1)
        guards.size(len(value) * (1 + wrap) if wrap > 1 else len(value))

    def text(value: Any, *_args: object, **_kwargs: object) -> None:
        guards.printable(value)

    def replace(value: Any, old: Any, new: Any, *_args: object, **_kwargs: object) -> None:
        guards.printable(value)
        guards.replacement(str(value), str(old), str(new))

    def format_(value: Any, *args: Any, **kwargs: Any) -> None:
        guards.percent(str(value), kwargs or args)

    def total(_value: object, *args: object, **kwargs: object) -> None:
        if any(isinstance(each, (list, tuple)) for each in (*args, *kwargs.values())):
            raise LimitError("`sum` is for numbers; use a loop to put lists together")

    checks: dict[str, Check] = {
        **dict.fromkeys(_TEXT, text),
        "batch": width, "center": width, "round": width, "slice": width, "tojson": width,
        "indent": indent, "wordwrap": wordwrap, "replace": replace, "format": format_, "sum": total,
    }  # fmt: skip
    filters = {name: _checked(FILTERS[name], check) for name, check in checks.items()}
    return {**filters, "join": _join(FILTERS["join"], guards)}


def _checked(function: Callable[..., Any], check: Check) -> Callable[..., Any]:
    # `wraps` keeps Jinja2's mark that says what comes before the value: the context, or nothing.
    value = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        check(*args[value:], **kwargs)
        return function(*args, **kwargs)

    return checked


def _join(function: Callable[..., str], guards: Guards) -> Callable[..., str]:
    @wraps(function)
    def join(context: Any, value: Any, d: str = "", attribute: str | None = None) -> str:
        if attribute is not None:
            value = map(make_attrgetter(context.environment, attribute), value)
        return function(context, guards.counted(value, len(d)), d)

    return join
