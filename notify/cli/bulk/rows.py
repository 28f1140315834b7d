"""The rows of a source, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.cli.bulk.row import Faulty, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.cli.bulk.columns import Columns
    from notify.cli.bulk.source import Source
    from notify.params import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a file; they can be read several times, one after the other.

    Attributes:
        source: the file.
        columns: which column is what, where it is CSV.
        common: params of all rows; a row's own go over them.
        contract: what the params are declared as.
    """

    source: Source
    columns: Columns
    common: Mapping[str, Any]
    contract: Contract | None

    def __iter__(self) -> Iterator[Row]:
        """The rows that are not faulty."""
        return (row for row in self.read() if isinstance(row, Row))

    def read(self) -> Iterator[Row | Faulty]:
        """All rows."""
        from notify.cli.bulk.csvrows import CsvRows
        from notify.cli.bulk.jsonrows import JsonRows

        reader: CsvRows | JsonRows = JsonRows(self.common)
        if self.source.is_csv:
            reader = CsvRows(self.columns, self.common, self.contract)
        number = 0
        for row in reader.read(self.source.open()):
            if isinstance(row, Row):
                number += 1
                yield Row(row.line, row.to, row.params, row.own, number)
            else:
                yield row

    def place(self, line: int) -> str:
        """How to name a line."""
        return f"{self.source.name}:{line}"
