"""Reads the cells of a data table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.rendering.plaintext.styles import declarations, is_hidden
from notify.rendering.plaintext.table import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

_PRESENTATION = frozenset({"none", "presentation"})
_SECTIONS = frozenset({"tbody", "tfoot", "thead"})
_CELLS = frozenset({"td", "th"})
_MOST_COLUMNS = 40


def is_data_table(table: LexborNode) -> bool:
    """Whether a table holds data: it has a caption or head cells, no table inside, and no role of presentation."""
    if (table.attributes.get("role") or "").strip().lower() in _PRESENTATION:
        return False
    children = list(table.iter())
    return (
        any(child.tag == "caption" for child in children)
        or any(cell.tag == "th" for row, _ in _rows(children) for cell in row.iter())
    ) and all(child.css_first("table") is None for child in children)


def count_cells(row: LexborNode) -> int:
    """How many cells a row has."""
    return sum(child.tag in _CELLS for child in row.iter())


def read_table(table: LexborNode, render: Callable[[LexborNode], list[str]]) -> Table:
    """The cells of a data table, by row and section; `render` gives the lines of a caption or cell."""
    children = list(table.iter())
    result = Table(caption=[line for child in children if child.tag == "caption" for line in render(child)])
    open_columns: dict[int, int] = {}
    for row, section in _rows(children):
        cells = _read_row(row, open_columns, render)
        if not cells:
            continue
        heads = all(cell.tag == "th" for cell in row.iter())
        if section == "thead" or (section == "tbody" and heads and not result.body):
            result.head.append(cells)
        elif section == "tfoot":
            result.foot.append(cells)
        else:
            result.body.append(cells)
    return result


def _rows(children: list[LexborNode]) -> Iterator[tuple[LexborNode, str]]:
    """Each row with the name of its section; the parser puts a row without one into a `tbody`."""
    for section in children:
        if section.tag in _SECTIONS:
            for row in section.iter():
                if row.tag == "tr" and not _hidden(row):
                    yield row, section.tag


def _read_row(
    row: LexborNode,
    open_columns: dict[int, int],
    render: Callable[[LexborNode], list[str]],
) -> list[Cell]:
    """A row's cells; `open_columns` holds for how many rows to come a column is taken by a cell above."""
    cells: list[Cell] = []
    taken = {column for column, rows in open_columns.items() if rows}
    for column in taken:
        open_columns[column] -= 1
    column = 0
    for node in row.iter():
        attributes = node.attributes
        style = declarations(attributes.get("style"))
        if node.tag not in _CELLS or is_hidden(attributes, style):
            continue
        while column in taken:
            column += 1
        span = _span(attributes.get("colspan"))
        for spanned in range(column, column + span):
            open_columns[spanned] = _span(attributes.get("rowspan")) - 1
        align = style.get("text-align") or (attributes.get("align") or "").lower()
        cells.append(Cell(render(node), column, span, right=align in {"right", "end"}))
        column += span
    return cells


def _span(value: str | None) -> int:
    number = (value or "").strip()
    return min(int(number), _MOST_COLUMNS) or 1 if number.isascii() and number.isdigit() and len(number) < 6 else 1  # noqa: PLR2004


def _hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return is_hidden(attributes, declarations(attributes.get("style")))
