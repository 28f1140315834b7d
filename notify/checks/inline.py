"""Comments in templates that say which rules do not count on a line: `{# notify-check: disable=link-http reason #}`.

A comment counts for its own line and for the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.definition.ignoring import Ignored
from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_COMMENT = re.compile(r"\{#-?\s*notify-check:\s*disable=(?P<rules>[a-z0-9:,*-]+)\s*(?P<reason>.*?)\s*-?#\}", re.DOTALL)


class Comments:
    """The comments of files, each read once.

    Args:
        base: the folder that paths are relative to.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._known: dict[str, tuple[Ignored, ...]] = {}

    def of(self, path: str) -> tuple[Ignored, ...]:
        """Those of one file."""
        if path not in self._known:
            self._known[path] = tuple(self._read(path))
        return self._known[path]

    def covering(self, location: Location, rule: str) -> Ignored | None:
        """The comment that a finding of a rule at a place is ignored by."""
        lines = (location.line, location.line - 1)
        return next(
            (each for each in self.of(location.path) if each.location.line in lines and each.covers(rule)), None
        )

    def _read(self, path: str) -> Iterable[Ignored]:
        try:
            text = (self._base / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return
        for found in _COMMENT.finditer(text):
            start, end = text.rfind("\n", 0, found.start()) + 1, text.count("\n", 0, found.end()) + 1
            place = Location(path, end, found.start() - start + 1)
            for rule in found["rules"].split(","):
                yield Ignored(rule, " ".join(found["reason"].split()), place)
