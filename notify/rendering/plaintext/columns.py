"""Tables for text templates: what `table` and `details` of notify/components.txt set in columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from notify.rendering.plaintext.table import Cell, Table, table_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HUGE = re.compile(r"\d{3}|\*")


def text_table(
    rows: Iterable[Mapping[str, Any] | Sequence[Any]],
    columns: Sequence[str | Mapping[str, Any]] = (),
    footer: Iterable[Mapping[str, Any] | Sequence[Any]] = (),
    width: int = 78,
) -> str:
    """A filter for templates: rows set in columns that line up, at most `width` wide, in as many lines as they need.

    Args:
        rows: each a mapping, whose value for a column is under the column's `key`, or a sequence.
        columns: each a label, or a mapping of `label`, `key` (the label), `align` (left, center or right) and `format`,
            such as `%.2f`. Without columns there is no head, and each row is a sequence.
        footer: further rows, set apart from the others.
        width: in columns of a terminal.

    Raises:
        ValueError: a column has neither label nor key, or its format pads to hundreds of characters.
    """
    options = [_options(column) for column in columns]
    head = [[Cell([option["label"]], place, right=_at_right(option)) for place, option in enumerate(options)]]
    table = Table(
        head=head if options else [],
        body=[_row(row, options) for row in rows],
        foot=[_row(row, options) for row in footer],
    )
    return "\n".join(table_lines(table, width))


def _options(column: str | Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(column, Mapping):
        return {"label": str(column), "key": column}
    key = column.get("key", column.get("label"))
    if key is None:
        raise ValueError("a column needs a `label` or a `key`")
    if _HUGE.search(column.get("format", "")):
        raise ValueError(f"the format of column {key!r} is too wide: {column['format']!r}")
    return {**column, "label": str(column.get("label", key)), "key": key}


def _row(row: Mapping[str, Any] | Sequence[Any], options: list[Mapping[str, Any]]) -> list[Cell]:
    if not options:
        return [Cell(_lines(value), place) for place, value in enumerate(row)]
    cells: list[Cell] = []
    for place, option in enumerate(options):
        value = row[option["key"]] if isinstance(row, Mapping) else row[place]
        if "format" in option and value is not None and not isinstance(value, str):
            value = option["format"] % value
        cells.append(Cell(_lines(value), place, right=_at_right(option)))
    return cells


def _lines(value: object) -> list[str]:
    return [] if value is None else str(value).splitlines()


def _at_right(option: Mapping[str, Any]) -> bool:
    return option.get("align") == "right"
