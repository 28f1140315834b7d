"""Sets a data table in aligned columns, or row by row where columns do not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from notify.rendering.plaintext.width import display_width, wrap

_GAP = "  "
_LONGEST_NUMBER = 32
_NUMBER = re.compile(
    r"[^\w\s]*\s?(?:[^\W\d_]{1,3}(?:\s-?|[.$\u00a3\u20ac]\s?))?"  # a sign or symbol, or a code such as EUR
    r"\d[\d.,'\u2019\s]*"
    r"[^\w\s]*\s?(?:[^\W\d_]{1,3})?[^\w\s]*"  # a symbol, or a unit of up to three letters
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its lines, the first column that it takes and how many, and whether it asks to be set at the right."""

    lines: list[str]
    column: int
    span: int = 1
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows, apart as head, body and foot."""

    caption: list[str] = field(default_factory=list)
    head: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)
    foot: list[list[Cell]] = field(default_factory=list)

    @property
    def rows(self) -> list[list[Cell]]:
        """All rows in the order in which they are read."""
        return [*self.head, *self.body, *self.foot]


def table_lines(table: Table, width: int) -> list[str]:
    """The lines of `table`, at most `width` columns wide unless a single word is wider."""
    caption = [piece for line in table.caption for piece in wrap(line, width)]
    columns = _column_widths(table, width)
    if columns is None:
        return caption + _records(table, width)
    right = _right_columns(table)
    rule = _GAP.join("-" * size for size in columns if size)
    lines = caption
    for row in table.head:
        lines += _row_lines(row, columns, right)
    if table.head and (table.body or table.foot):
        lines.append(rule)
    for row in table.body:
        lines += _row_lines(row, columns, right)
    if table.foot and table.body:
        lines.append(rule)
    for row in table.foot:
        lines += _row_lines(row, columns, right)
    return lines


def _column_widths(table: Table, width: int) -> list[int] | None:
    """How wide each column is, narrowed where needed; None if the words alone are too wide."""
    cells = [cell for row in table.rows for cell in row]
    count = max((cell.column + cell.span for cell in cells), default=0)
    natural, least = [0] * count, [0] * count
    for cell in sorted(cells, key=lambda cell: cell.span):
        for sizes, need in ((natural, _widest(cell.lines)), (least, _widest(_words(cell.lines)))):
            have = _span_width(sizes, cell)
            if need > have:
                last = cell.column + cell.span - 1
                sizes[last] += need - have - (0 if sizes[last] or not have else len(_GAP))
    natural = [max(sizes) for sizes in zip(natural, least, strict=True)]
    if _total(least) > width:
        return None
    caps = range(width, 0, -1)
    narrowed = ([min(size, max(minimum, cap)) for size, minimum in zip(natural, least, strict=True)] for cap in caps)
    return next((sizes for sizes in narrowed if _total(sizes) <= width), least)


def _total(sizes: list[int]) -> int:
    shown = [size for size in sizes if size]
    return sum(shown) + len(_GAP) * (len(shown) - 1)


def _span_width(sizes: list[int], cell: Cell) -> int:
    if cell.span == 1:
        return sizes[cell.column]
    return max(0, _total(sizes[cell.column : cell.column + cell.span]))


def _widest(lines: list[str]) -> int:
    return max(map(display_width, lines), default=0)


def _words(lines: list[str]) -> list[str]:
    return [word for line in lines for word in line.split(" ")]


def _right_columns(table: Table) -> frozenset[int]:
    """The columns of numbers, and those whose cells all ask for it."""
    columns: dict[int, bool] = {}
    for row in table.body:
        for cell in row:
            if cell.span == 1 and cell.lines:
                columns[cell.column] = columns.get(cell.column, True) and (cell.right or _is_number(cell.lines))
    return frozenset(column for column, right in columns.items() if right)


def _is_number(lines: list[str]) -> bool:
    return len(lines) == 1 and len(lines[0]) <= _LONGEST_NUMBER and _NUMBER.fullmatch(lines[0]) is not None


def _row_lines(row: list[Cell], columns: list[int], right: frozenset[int]) -> list[str]:
    """One row, as many lines high as its highest cell."""
    cells = {cell.column: cell for cell in row}
    blocks: list[tuple[int, list[str]]] = []
    column = 0
    while column < len(columns):
        cell = cells.get(column) or Cell([], column)
        size = _span_width(columns, cell)
        column += cell.span
        if size:
            lines = [piece for line in cell.lines for piece in wrap(line, size)]
            at_right = cell.right or (cell.span == 1 and cell.column in right)
            blocks.append((size, [_pad(line, size, at_right=at_right) for line in lines]))
    return [
        _GAP.join(line or " " * size for (size, _), line in zip(blocks, lines, strict=True)).rstrip()
        for lines in zip_longest(*(lines for _, lines in blocks))
    ]


def _pad(line: str, size: int, *, at_right: bool) -> str:
    padding = " " * (size - display_width(line))
    return padding + line if at_right else line + padding


def _records(table: Table, width: int) -> list[str]:
    """Each row as lines of `head: value`, with an empty line between two rows."""
    titles = {cell.column: " ".join(cell.lines) for row in table.head for cell in row}
    lines: list[str] = []
    for row in [*table.body, *table.foot] or table.head:
        if lines:
            lines.append("")
        for cell in row:
            title = titles.get(cell.column) if table.body or table.foot else None
            value = "\n".join(cell.lines)
            if value:
                lines += [
                    piece
                    for line in (f"{title}: {value}" if title else value).split("\n")
                    for piece in wrap(line, width)
                ]
    return lines
