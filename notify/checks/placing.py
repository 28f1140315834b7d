"""Where in its templates each part of a rendered text comes from.

The words of every line of a template, and every expression, begin with a mark: one letter of Unicode's last private
planes, which no mail uses. What was printed is then cut at the marks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2.ext import Extension
from jinja2.lexer import TOKEN_DATA, TOKEN_VARIABLE_BEGIN, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment
    from jinja2.lexer import TokenStream

_FIRST, _LAST = 0xF0000, 0x10FFFD
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_WORDS = re.compile(r"\S[^\n]*")
"""What stands on a line; blanks have no mark, since renderers cut them off at both ends."""

Spot = tuple[str, int]
"""A template's name and a line of it, from 1."""


class Marking(Extension):
    """Puts the marks into whatever an environment compiles."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.spots: list[Spot] = []
        self._known: dict[Spot, str] = {}

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens, those that print with a mark before them."""
        name = stream.name or ""
        for token in stream:
            if token.type == TOKEN_DATA:
                yield Token(token.lineno, TOKEN_DATA, self._marked(name, token.lineno, token.value))
            else:
                if token.type == TOKEN_VARIABLE_BEGIN:
                    yield Token(token.lineno, TOKEN_DATA, self._mark(name, token.lineno))
                yield token

    def _marked(self, name: str, line: int, text: str) -> str:
        pieces, end = [], 0
        for found in _WORDS.finditer(text):
            line += text.count("\n", end, found.start())
            pieces += [text[end : found.start()], self._mark(name, line), found[0]]
            end = found.end()
        return "".join([*pieces, text[end:]])

    def _mark(self, name: str, line: int) -> str:
        spot = (name, line)
        mark = self._known.get(spot)
        if mark is None and len(self.spots) > _LAST - _FIRST:
            return ""
        if mark is None:
            mark = self._known[spot] = chr(_FIRST + len(self.spots))
            self.spots.append(spot)
        return mark


@dataclass(frozen=True, slots=True)
class Placed:
    """A text without its marks.

    Attributes:
        text: the text.
        offsets: where each piece of it begins, in letters, in order.
        spots: where each piece comes from.
    """

    text: str
    offsets: tuple[int, ...]
    spots: tuple[Spot, ...]

    @classmethod
    def of(cls, marked: str, spots: list[Spot]) -> Placed:
        """Cut a text at its marks."""
        pieces, offsets, found, length, end = [], [], [], 0, 0
        for mark in _MARK.finditer(marked):
            pieces.append(marked[end : mark.start()])
            length += mark.start() - end
            end = mark.end()
            offsets.append(length)
            found.append(spots[ord(mark[0]) - _FIRST])
        return cls("".join([*pieces, marked[end:]]), tuple(offsets), tuple(found))

    def spot(self, offset: int, wanted: Callable[[str], bool] = bool) -> Spot | None:
        """Where the letter at an offset comes from: the nearest piece before it, of a template whose name is wanted."""
        for number in range(bisect_right(self.offsets, offset) - 1, -1, -1):
            if wanted(self.spots[number][0]):
                return self.spots[number]
        return None
