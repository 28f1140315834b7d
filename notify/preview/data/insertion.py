"""Putting one more entry into a mapping of a YAML text; every other character stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.yamlnodes.writing import write, write_flow

if TYPE_CHECKING:
    from notify.preview.data.spans import Span

_LINE_END = re.compile(r"\r\n|\n|\r")
_COMMA = re.compile(r"(?:\s|#[^\r\n]*+)*+,")
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_WIDEST = 120


@dataclass(frozen=True, slots=True)
class Insertion:
    """New characters and the place that they go to."""

    at: int
    new: str

    def into(self, text: str) -> str:
        """The text with the new characters."""
        return text[: self.at] + self.new + text[self.at :]


def insertions(text: str, mapping: Span, entry: dict[str, Any], *, step: int) -> list[Insertion]:
    """The ways to add an entry to a mapping, the best first; whether the text then says the right thing is not checked.

    In a block it comes last, or before the last one where the text ends in the middle of a literal block. It is written
    as the one before it: in one line if that is, and apart by a blank line if they are.

    Args:
        text: YAML, without a byte order mark.
        mapping: where the mapping is.
        entry: the new key and its value.
        step: how many blanks a new level is indented by.
    """
    newline = match[0] if (match := _LINE_END.search(text)) else "\n"
    if mapping.is_flow:
        return [_in_flow(text, mapping, write_flow(entry)[1:-1], newline)]
    last_key, last = mapping.entries()[-1]
    at = _after_comments(text, _line_after(text, mapping.end), mapping.column)
    before = _before_comments(text, _line_start(text, last_key.start))
    is_apart = len(mapping.entries()) > 1 and _is_blank_before(text, before) and text[mapping.end - 1] not in "\r\n"
    gap = newline if is_apart else ""  # after blank lines that a block scalar keeps, one more would belong to it
    is_cut = at == len(text) and not text.endswith(("\n", "\r"))
    lines = _lines(entry, mapping.column, step, last, literals=not is_cut).replace("\n", newline)
    if not is_cut:
        return [Insertion(at, gap + lines)]
    instead = Insertion(before, lines + gap)
    return [Insertion(at, newline + gap + lines.removesuffix(newline)), instead]


def below_key(text: str, empty: Span, entry: dict[str, Any], *, indent: int, step: int) -> Insertion:
    """The way to give a key without a value the mapping of one entry."""
    newline = match[0] if (match := _LINE_END.search(text)) else "\n"
    at = _line_after(text, empty.end)
    is_cut = at == len(text) and not text.endswith(("\n", "\r"))
    lines = write(entry, indent=indent, step=step, literals=not is_cut).replace("\n", newline)
    return Insertion(at, newline + lines.removesuffix(newline) if is_cut else lines)


def _lines(entry: dict[str, Any], indent: int, step: int, like: Span, *, literals: bool) -> str:
    if like.is_flow and like.is_mapping:
        (key,) = entry
        if indent + len(flow := write_flow(entry)[1:-1]) <= _WIDEST and isinstance(entry[key], dict):
            return f"{' ' * indent}{flow}\n"
    return write(entry, indent=indent, step=step, literals=literals)


def _in_flow(text: str, mapping: Span, entry: str, newline: str) -> Insertion:
    """Before the closing brace; a comment stays behind the entry that it stands behind."""
    closing = mapping.end - 1
    if not mapping.children:
        return Insertion(closing, entry)
    key, last = mapping.entries()[-1]
    has_own_line = not text[_line_start(text, key.start) : key.start].strip()
    comma = _COMMA.match(text, last.end, closing)
    at = comma.end() if comma else last.end
    comment = _COMMENT.match(text, at, closing)
    apart = newline + " " * key.column if has_own_line or comment else " "
    if comment:
        return Insertion(comment.end(), f"{apart}{entry}," if comma else f"{apart}, {entry}")
    return Insertion(at, f"{apart}{entry}," if comma else f",{apart}{entry}")


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _line_after(text: str, index: int) -> int:
    """Where the line after the one of `index` begins, which is where it stands if a kept blank line is before it."""
    if text[index - 1] in "\r\n":
        return index
    match = _LINE_END.search(text, index)
    return match.end() if match else len(text)


def _after_comments(text: str, index: int, column: int) -> int:
    """Behind the lines of comments that are indented as far as the entries, and so belong to them."""
    comment = re.compile(rf"(?:[ \t]*(?:\r\n|\n|\r))*+[ ]{{{column},}}+[ \t]*#[^\r\n]*(?:\r\n|\n|\r|\Z)")
    while match := comment.match(text, index):
        index = match.end()
    return index


def _before_comments(text: str, index: int) -> int:
    """The beginning of the lines of comments that stand directly above the line that begins at `index`."""
    while index > 0:
        above = _line_start(text, index - (2 if text[index - 2 : index] == "\r\n" else 1))
        if not text[above:index].lstrip(" \t").startswith("#"):
            break
        index = above
    return index


def _is_blank_before(text: str, index: int) -> bool:
    above = _line_start(text, max(index - (2 if text[index - 2 : index] == "\r\n" else 1), 0))
    return index > 0 and not text[above:index].strip()
