"""Where in an HTML document a piece of it ends: in text, in an attribute's value, in a comment, in a title."""

from __future__ import annotations

import re
from typing import NamedTuple

from notify.rendering.direct.bindings import UnfitError

_RAW = frozenset({"style", "title"})
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=>/\"'<]+)(?:\s*=\s*(?:([\"'])|([^\s>\"'][^\s>]*)))?")


class Place(NamedTuple):
    """A place in a document.

    Attributes:
        kind: text, tag, value, comment, style or title.
        attribute: whose value it is.
        number: of the tag or comment that it is in, so that two places in the same one are alike.
    """

    kind: str
    attribute: str
    number: int


class Places:
    """Reads a document piece by piece, and knows where it is."""

    def __init__(self) -> None:
        self._kind = "text"
        self._attribute = ""
        self._quote = ""
        self._element = ""
        self._number = 0

    @property
    def place(self) -> Place:
        """Where the last piece ended."""
        return Place(self._kind, self._attribute if self._kind == "value" else "", self._number)

    def feed(self, html: str) -> None:
        """Read on.

        Raises:
            UnfitError: an attribute's value has no quotation marks around it where the piece ends.
        """
        position = 0
        while position < len(html):
            position = getattr(self, f"_in_{self._kind}")(html, position)

    def _in_text(self, html: str, position: int) -> int:
        start = html.find("<", position)
        if start < 0:
            return len(html)
        self._number += 1
        if html.startswith("<!--", start):
            self._kind = "comment"
            return start + 4
        tag = _TAG.match(html, start)
        if tag is None:
            if html.startswith(("<!", "<?"), start):
                self._kind, self._element = "tag", ""
            elif start + 1 == len(html):
                raise UnfitError("an expression stands in a tag")
            return start + 1
        self._kind, self._element = "tag", "" if tag[1] else tag[2].lower()
        return tag.end()

    def _in_tag(self, html: str, position: int) -> int:
        found = _ATTRIBUTE.match(html, position)
        if found is None:
            end = html.find(">", position)
            if end < 0:
                return len(html)
            self._kind = self._element if self._element in _RAW else "text"
            return end + 1
        if found[2]:
            self._kind, self._attribute, self._quote = "value", found[1].lower(), found[2]
        return found.end()

    def _in_value(self, html: str, position: int) -> int:
        end = html.find(self._quote, position)
        if end < 0:
            return len(html)
        self._kind = "tag"
        return end + 1

    def _in_comment(self, html: str, position: int) -> int:
        return self._until("-->", html, position)

    def _in_style(self, html: str, position: int) -> int:
        return self._until("</style", html, position, before=True)

    def _in_title(self, html: str, position: int) -> int:
        return self._until("</title", html, position, before=True)

    def _until(self, end: str, html: str, position: int, *, before: bool = False) -> int:
        found = html.lower().find(end, position)
        if found < 0:
            return len(html)
        self._kind = "text"
        return found if before else found + len(end)
