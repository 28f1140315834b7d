"""How two mails differ, so that it can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from notify.preview.breaking import Numbered, header_lines, html_lines, text_lines
from notify.preview.matching import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTEXT = 3
"""Lines that are shown before and after a difference."""
_MOST_LINES = 20_000
_STEPS, _STEPS_OF_WORDS = 1_000_000, 4_000
_MOST_PAIRS, _LONGEST_PAIR = 200, 2_000
"""How many pairs of lines are compared by words, and how many characters both lines may have."""
_ALIKE = 0.4
"""Which part of two lines has to be equal, so that showing the other part helps."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

Pieces = tuple[tuple[bool, str], ...]
"""A line in pieces: whether the piece is to be emphasised, and its text."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared of a mail: its parts as decoded text, and its headers in their order."""

    html: str | None
    text: str | None
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a hunk.

    Attributes:
        kind: in which mail it is; `same` is in both.
        old_number: the line of the old mail's source, from 1; None if it was added.
        new_number: the line of the new mail's source; None if it was removed.
        pieces: its text; emphasised is what differs from the line that it was changed from, or to.
    """

    kind: Literal["same", "removed", "added"]
    old_number: int | None
    new_number: int | None
    pieces: Pieces

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(text for _, text in self.pieces)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Differences that lie close to each other, with the lines around them."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """How one part of two mails differs.

    Attributes:
        name: the part.
        same: whether it is equal, but for the ends of lines.
        hunks: the differences.
        note: what else there is to know, such as that only white space differs.
    """

    name: Literal["html", "text", "headers"]
    same: bool
    hunks: tuple[Hunk, ...] = ()
    note: str = ""


def differences(old: Sides, new: Sides) -> tuple[Section, ...]:
    """How two mails differ in HTML, plain text and headers. Takes bounded time, whatever they hold.

    HTML is compared tag by tag; white space that holds a line break counts for nothing there. Headers that are new in
    each mail (`Date`, `Message-ID`, boundaries) are left out.
    """
    return (
        _section("html", old.html, new.html),
        _section("text", old.text, new.text),
        _compared("headers", header_lines(old.headers), header_lines(new.headers)),
    )


def as_text(sections: Sequence[Section]) -> str:
    """The differences in the unified form; nothing where there are none."""
    lines: list[str] = []
    for section in sections:
        if not section.same:
            lines += [f"--- {section.name} (old)", f"+++ {section.name} (new)"]
            lines += [f"# {section.note}"] if section.note else []
            lines += [line for hunk in section.hunks for line in _unified(hunk)]
    return "".join(f"{line}\n" for line in lines)


def _unified(hunk: Hunk) -> Iterator[str]:
    old = next((line.old_number for line in hunk.lines if line.old_number), 0)
    new = next((line.new_number for line in hunk.lines if line.new_number), 0)
    yield f"@@ -{old} +{new} @@"
    for line in hunk.lines:
        yield {"same": " ", "removed": "-", "added": "+"}[line.kind] + line.text


def _section(name: Literal["html", "text"], old: str | None, new: str | None) -> Section:
    if old is None and new is None:
        return Section(name, same=True)
    if old is not None and new is not None:
        old, new = old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    if old == new:
        return Section(name, same=True)
    lines = html_lines if name == "html" else text_lines
    section = _compared(name, lines(old or ""), lines(new or ""))
    note = section.note
    if old is None or new is None:
        note = f"only the {'new' if old is None else 'old'} mail has this part"
    elif section.same:
        note = "only white space differs"
    return Section(name, same=False, hunks=section.hunks, note=note)


def _compared(name: Literal["html", "text", "headers"], old: Sequence[Numbered], new: Sequence[Numbered]) -> Section:
    note = ""
    if max(len(old), len(new)) > _MOST_LINES:
        old, new = old[:_MOST_LINES], new[:_MOST_LINES]
        note = f"only the first {_MOST_LINES} lines are compared"
    pairs, complete = matches([text for _, text in old], [text for _, text in new], steps=_STEPS)
    if not complete:
        note = note or "there are too many differences to tell which lines belong together"
    hunks = tuple(_hunks(list(_lines(old, new, pairs))))
    return Section(name, not hunks and not note, hunks, note)


def _lines(old: Sequence[Numbered], new: Sequence[Numbered], pairs: Sequence[tuple[int, int]]) -> Iterator[Line]:
    """All lines of both, in the order in which they are shown."""
    budget = _MOST_PAIRS
    for (old_before, new_before), (x, y) in pairwise([(-1, -1), *pairs, (len(old), len(new))]):
        removed, added = old[old_before + 1 : x], new[new_before + 1 : y]
        both = min(len(removed), len(added), budget)
        budget -= both
        pieces = [_by_words(removed[number][1], added[number][1]) for number in range(both)]
        for number, (line, text) in enumerate(removed):
            yield Line("removed", line, None, pieces[number][0] if number < both else ((False, text),))
        for number, (line, text) in enumerate(added):
            yield Line("added", None, line, pieces[number][1] if number < both else ((False, text),))
        if x < len(old):
            yield Line("same", old[x][0], new[y][0], ((False, old[x][1]),))


def _by_words(old: str, new: str) -> tuple[Pieces, Pieces]:
    """A changed line, what differs emphasised: before and after."""
    plain = ((False, old),), ((False, new),)
    if len(old) + len(new) > _LONGEST_PAIR:
        return plain
    olds, news = _WORD.findall(old), _WORD.findall(new)
    pairs, _ = matches(olds, news, steps=_STEPS_OF_WORDS)
    common = sum(len(olds[x]) for x, _ in pairs)
    if 2 * common < _ALIKE * (len(old) + len(new)):
        return plain
    return _pieces(olds, {x for x, _ in pairs}), _pieces(news, {y for _, y in pairs})


def _pieces(words: Sequence[str], common: set[int]) -> Pieces:
    pieces: list[tuple[bool, str]] = []
    for place, word in enumerate(words):
        emphasised = place not in common
        if pieces and pieces[-1][0] == emphasised:
            pieces[-1] = (emphasised, pieces[-1][1] + word)
        else:
            pieces.append((emphasised, word))
    return tuple(pieces)


def _hunks(lines: Sequence[Line]) -> Iterator[Hunk]:
    """Runs of lines that are at most `_CONTEXT` lines away from a difference."""
    changed = [place for place, line in enumerate(lines) if line.kind != "same"]
    apart = 2 * _CONTEXT + 1
    first: int | None = None
    for place, following in pairwise([*changed, len(lines) + apart + 1]):
        first = place if first is None else first
        if following - place > apart:
            yield Hunk(tuple(lines[max(first - _CONTEXT, 0) : place + _CONTEXT + 1]))
            first = None
