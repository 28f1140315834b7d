"""Values of type `Html` and `Markdown`, in the form that the part needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from notify.params.markup import Html, Markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from notify.params import Contract

_MARKED_TYPE = re.compile(r"\b(?:Html|Markdown)\b")


def may_hold_markup(contract: Contract | None) -> bool:
    """Whether params of this contract can hold `Html` or `Markdown`; without a contract, any can."""
    if contract is None or contract.model is not None:
        return True
    return any(_MARKED_TYPE.search(annotation) for annotation in _annotations(contract))


def holds_markup(value: Any) -> bool:
    """Whether the value is, or holds, `Html` or `Markdown`."""
    kind = type(value)
    if kind is str:
        return False
    if kind is dict or kind is list or kind is tuple:
        items = value.values() if kind is dict else value
        # Nearly all values are plain text, and this runs for every message without a contract.
        return any(type(item) is not str and holds_markup(item) for item in items)
    return isinstance(value, (Html, Markdown))


def for_text(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context for text parts: marked-up values as plain text."""
    return {name: _changed(value, _as_text) for name, value in context.items()}


def for_html(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context for the HTML part: Markdown as HTML; HTML is HTML already."""
    return {name: _changed(value, _as_html) for name, value in context.items()}


def secrets(values: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """The texts of sensitive values, longest first.

    Args:
        values: the params by name.
        names: dotted names, `[]` for each item: `password`, `items[].code`.
    """
    found: set[str] = set()
    for name in names:
        for value in _at(values, name.replace("[]", ".[]").split(".")):
            found.update(_leaves(value))
    return sorted(found - {""}, key=len, reverse=True)


def _annotations(contract: Contract) -> Iterator[str]:
    for param in contract.params.values():
        yield param.annotation
    for definition in contract.types.values():
        if hasattr(definition, "fields"):
            yield from (field.annotation for field in definition.fields.values())
        else:
            yield definition.target.annotation if hasattr(definition, "target") else "Html"


def _changed(value: Any, change: Callable[[Html | Markdown], str]) -> Any:
    if isinstance(value, (Html, Markdown)):
        return change(value)
    if not holds_markup(value):
        return value
    if isinstance(value, dict):
        return {key: _changed(item, change) for key, item in value.items()}
    return [_changed(item, change) for item in value]


def _as_text(value: Html | Markdown) -> str:
    from notify.rendering.markdown import markdown_to_html
    from notify.rendering.plaintext import html_to_text

    return html_to_text(markdown_to_html(value) if isinstance(value, Markdown) else value).rstrip("\n")


def _as_html(value: Html | Markdown) -> str:
    from notify.rendering.markdown import markdown_to_html

    return Markup(markdown_to_html(value)) if isinstance(value, Markdown) else value  # noqa: S704  # raw HTML is escaped


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == "[]":
        items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
        for item in items:
            yield from _at(item, path[1:])
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
