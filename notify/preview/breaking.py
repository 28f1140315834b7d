"""The parts of a mail in lines that can be compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.markup.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Numbered = tuple[int, str]
"""A line, and the number of the source's line where it begins, from 1."""

_LONG = 80
"""Characters of a tag above which its declarations get lines of their own."""
_DECLARATION = re.compile(r"""(?:&#?\w+;|[^;])+(?:;(?:\s*["']\Z)?)?|;""")
_EACH_TIME = frozenset({"date", "message-id", "mime-version"})
_BOUNDARY = re.compile(r';\s*boundary=(?:"[^"]*"|[^;\s]*)', re.IGNORECASE)


def html_lines(html: str) -> list[Numbered]:
    """HTML with one tag or run of text a line, and one declaration where a `style` is long; otherwise as it is.

    White space that holds a line break separates lines and is left out.
    """
    lines: list[Numbered] = []
    number, place = 1, 0
    for token in tokens(html):
        number += html.count("\n", place, token.start)
        place = token.start
        source = html[token.start : token.end]
        if token.kind == "start" and len(source) > _LONG and token.get("style") is not None:
            lines += [(number, part) for part in _declarations(html, token)]
        else:
            lines += [(number + index, part) for index, part in enumerate(_stripped(source)) if part]
    return lines


def text_lines(text: str) -> list[Numbered]:
    """The lines of a plain text."""
    return list(enumerate(text.removesuffix("\n").split("\n"), 1)) if text else []


def header_lines(headers: Sequence[tuple[str, str]]) -> list[Numbered]:
    """Headers, one a line, without those, and without boundaries, that are new in each mail."""
    return [
        (number, f"{name}: {' '.join(_BOUNDARY.sub('', value).split())}")
        for number, (name, value) in enumerate(headers, 1)
        if name.lower() not in _EACH_TIME
    ]


def _stripped(source: str) -> Iterator[str]:
    """The lines of a token, without the white space beside line breaks."""
    lines = source.split("\n")
    for index, line in enumerate(lines):
        part = line.lstrip() if index else line
        yield part.rstrip() if index + 1 < len(lines) else part


def _declarations(html: str, token: Token) -> list[str]:
    """A tag, broken before each further declaration of its `style`."""
    style = next(attribute for attribute in token.attributes if attribute.name == "style")
    parts = _DECLARATION.findall(html[style.start : style.end])
    parts[0] = html[token.start : style.start] + parts[0]
    parts[-1] += html[style.end : token.end]
    first, *others = (line.strip() for part in parts for line in part.split("\n"))
    return [first, *(f"  {line}" for line in others if line)]
