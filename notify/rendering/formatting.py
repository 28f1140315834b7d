"""`str.format` in templates: sandboxed, and held within the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from jinja2.sandbox import SandboxedFormatter
from markupsafe import EscapeFormatter, Markup

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import MethodType

    from jinja2 import Environment

    from notify.rendering.guards import Guards


def formatting(environment: Environment, guards: Guards, method: MethodType) -> Callable[..., str]:
    """What stands in for `method`, a text's own `format` or `format_map`."""
    pattern = cast("str", method.__self__)
    mapped = method.__name__ == "format_map"

    def formatted(*args: Any, **kwargs: Any) -> str:
        formatter = (
            _EscapingFormatter(environment, guards, escape=pattern.escape)
            if isinstance(pattern, Markup)
            else _Formatter(environment, guards)
        )
        text = formatter.vformat(pattern, () if mapped else args, args[0] if mapped else kwargs)
        return type(pattern)(text)

    return formatted


class _Formatter(SandboxedFormatter):
    def __init__(self, environment: Environment, guards: Guards, **options: Any) -> None:
        super().__init__(environment, **options)
        self._guards = guards
        self._length = 0

    def format_field(self, value: Any, format_spec: str) -> str:
        self._guards.specification(format_spec)
        text = cast("str", super().format_field(self._guards.printable(value), format_spec))
        self._length += len(text)
        self._guards.size(self._length)
        return text


class _EscapingFormatter(_Formatter, EscapeFormatter):
    pass
