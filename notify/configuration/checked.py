"""Texts of notify.yaml that have a form of their own, checked before their variables are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.configuration.variables import has_variable
from notify.durations import seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.yamlnodes import Node, Reader


def check_text(reader: Reader, node: Node | None, what: str, checked: Callable[[str], object]) -> None:
    """Note what is no text, or what `checked` raises ValueError for; a text with variables may be anything."""
    _check(reader, node, what, reader.text(node, what), checked)


def check_duration(reader: Reader, node: Node | None, what: str) -> None:
    """Note what is no duration; a text with variables may be anything."""
    _check(reader, node, what, reader.duration(node, what), seconds_of)


def _check(reader: Reader, node: Node | None, what: str, text: str | None, checked: Callable[[str], object]) -> None:
    if text is None or node is None or has_variable(text):
        return
    try:
        checked(text)
    except ValueError as error:
        reader.fault(node, f"{what}: {error}")
