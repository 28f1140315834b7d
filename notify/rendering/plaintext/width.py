"""How wide text is on a terminal, and how it is wrapped."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import category, east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZERO_WIDTH_JOINER = "\u200d"
_WIDE = re.compile("[\u1100-\u115f\u231a-\u2bff\u2e80-\U0010ffff]")  # no other character is wide (UAX #11)
_CLOSING = frozenset(
    ".,:;!?)]}>\u3001\u3002\uff0c\uff0e\uff01\uff1f\uff1a\uff1b\uff09\u300d\u300f\u3011\u3015\u300b\u3009\u2026\u30fc\u3005"
)
_OPENING = frozenset("([{<\uff08\u300c\u300e\u3010\u3014\u300a\u3008")


def display_width(text: str) -> int:
    """The columns that `text` takes: East Asian wide characters two, combining and invisible ones none (UAX #11)."""
    if text.isascii():
        return len(text)
    width = 0
    joined = False
    for character in text:
        if joined:
            joined = False
        else:
            width += _character_width(character)
        joined = character == _ZERO_WIDTH_JOINER
    return width


@lru_cache(4096)  # a text has few different characters
def _character_width(character: str) -> int:
    if character.isascii():
        return 1
    if category(character) in {"Mn", "Me", "Cf"} or "\u1160" <= character <= "\u11ff":  # the latter: Hangul vowels
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def wrap(line: str, width: int) -> list[str]:
    """Break one line at its spaces so that each piece fits `width`; a word that is wider stays whole.

    Between wide characters a line may break too, as Chinese and Japanese have no spaces. Runs of spaces become one.
    """
    if line.isascii() and len(line) <= width and "  " not in line:
        return [line]
    lines: list[str] = []
    current: list[str] = []
    used = 0
    for gap, piece in _pieces(line):
        size = display_width(piece)
        if current and used + len(gap) + size > width:
            lines.append("".join(current))
            current = [piece]
            used = size
        else:
            if current:
                piece = gap + piece  # noqa: PLW2901 - the piece as it stands on this line
                size += len(gap)
            current.append(piece)
            used += size
    if current:
        lines.append("".join(current))
    return lines


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """What may not be broken, each with the space that goes before it unless a line begins there."""
    for word in line.split(" "):
        if not word:
            continue
        if word.isascii() or "://" in word or not _WIDE.search(word):
            yield " ", word
        else:
            gap = " "
            for piece in _wide_pieces(word):
                yield gap, piece
                gap = ""


def _wide_pieces(word: str) -> Iterator[str]:
    """Split a word beside its wide characters, but not before closing nor after opening punctuation."""
    start = 0
    for index in range(1, len(word)):
        before, after = word[index - 1], word[index]
        beside_wide = max(_character_width(before), _character_width(after)) > 1
        if beside_wide and before not in _OPENING and after not in _CLOSING and _breaks(before, after):
            yield word[start:index]
            start = index
    yield word[start:]


def _breaks(before: str, after: str) -> bool:
    """Whether two characters are two letters, rather than one letter and its marks, or emoji joined to one."""
    return before != _ZERO_WIDTH_JOINER and _character_width(after) > 0
