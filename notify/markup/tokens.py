"""HTML taken apart by position, as a browser's tokeniser does it (HTML, section 13.2.5), so that it can be edited.

The tokens cover the source without gaps: joined, they are the source. Nothing is mended and nothing is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACE = "\t\n\f\r "
"""White space of HTML."""

_NEXT = re.compile(r"<(?:(!--)|(/?[A-Za-z][^\t\n\f\r />]*+)|[!?]|/(?!\Z))")
_COMMENT_END = re.compile(r"(?<=<!--)-?>|--!?>")
_ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*+
    (?: (?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*+)
        (?: [\t\n\f\r ]*+ = [\t\n\f\r ]*+
            (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)' | (?P<open>["']) | (?P<bare>[^\t\n\f\r >]*+) ) )?
      | (?P<end>>) )""",
    re.VERBOSE,
)
_RAW = frozenset({"iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"})
"""Elements that hold no tags."""

Kind = Literal["text", "start", "end", "raw", "comment", "unclosed"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a tag, in source[start:end]; the name in small letters, the value without references."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source, source[start:end].

    Attributes:
        kind: `raw` is what an element such as `style` holds, `comment` also a doctype or `<?...>`, `unclosed` the rest
            of the source where a tag or a comment has no end.
        name: of the tag, or of the element around `raw`, in small letters.
        attributes: of a start tag, each as it stands; of two of one name only the first counts.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()

    def get(self, name: str) -> str | None:
        """The value of an attribute, or None."""
        return next((attribute.value for attribute in self.attributes if attribute.name == name), None)


def tokens(html: str) -> Iterator[Token]:
    """The tokens of a document or a fragment, in their order."""
    place = 0
    while found := _NEXT.search(html, place):
        start = found.start()
        if start > place:
            yield Token("text", place, start)
        token = _tag(html, found) if found[2] else _comment(html, found)
        yield token
        place = token.end
        if token.kind == "start" and token.name in _RAW:
            end = _raw_end(html, token)
            if end > place:
                yield Token("raw", place, end, token.name)
            place = end
    if place < len(html):
        yield Token("text", place, len(html))


def _tag(html: str, found: re.Match[str]) -> Token:
    name = found[2].lower()
    attributes: list[Attribute] = []
    place = found.end()
    while (part := _ATTRIBUTE.match(html, place)) and not part["open"]:
        place = part.end()
        if part["end"]:
            if name.startswith("/"):
                return Token("end", found.start(), place, name[1:])
            return Token("start", found.start(), place, name, tuple(attributes))
        value = part["double"] or part["single"] or part["bare"] or ""
        value = unescape(value) if "&" in value else value
        attributes.append(Attribute(part["name"].lower(), value, part.start("name"), place))
    return Token("unclosed", found.start(), len(html), name)


def _comment(html: str, found: re.Match[str]) -> Token:
    if found[1]:
        end = _COMMENT_END.search(html, found.end())
        stop = end.end() if end else 0
    else:
        stop = html.find(">", found.end()) + 1
    return Token("comment", found.start(), stop) if stop else Token("unclosed", found.start(), len(html))


def _raw_end(html: str, token: Token) -> int:
    """Where the element's text ends: at its end tag, or with the source."""
    end = re.compile(rf"</{token.name}(?=[\t\n\f\r />])", re.IGNORECASE).search(html, token.end)
    return end.start() if end else len(html)
