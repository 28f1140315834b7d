"""What the analysis of a template finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from notify.errors import Location

Kind = Literal[
    "syntax",
    "missing-template",
    "undefined-variable",
    "undefined-attribute",
    "optional",
    "not-iterable",
    "unknown-filter",
    "macro-arguments",
    "unused-param",
    "unescaped",
    "url",
    "line-break",
    "nondeterministic",
]


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One thing; the message is a sentence without a full stop."""

    location: Location
    kind: Kind
    message: str
    hint: str = ""


class Notes:
    """Takes what is found, each thing once, and which params are used."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.is_complete = True
        """Whether every template could be followed, so that a name that was not seen is not used."""
        self._found: dict[Found, None] = {}

    def add(self, kind: Kind, location: Location, message: str, hint: str = "") -> None:
        """Note something."""
        self._found[Found(location, kind, message, hint)] = None

    def found(self) -> tuple[Found, ...]:
        """All of it, by place."""
        return tuple(sorted(self._found))
