"""Rows of CSV (RFC 4180): a header, then a row for each recipient. Columns may also be separated by `;` or tabs."""

from __future__ import annotations

import csv
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from notify.cli.assignments import assign
from notify.cli.bulk.columns import Header, read_header
from notify.cli.bulk.row import Faulty, Row
from notify.cli.failure import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from notify.cli.bulk.columns import Columns
    from notify.params import Contract

_SEPARATORS = ",;\t"


class CsvRows:
    """Reads the rows of CSV.

    A cell is read as a value of `--set`, and an empty one leaves its param out.

    Args:
        columns: which is what.
        common: params of all rows.
        contract: what the params are declared as.
    """

    def __init__(self, columns: Columns, common: Mapping[str, Any], contract: Contract | None) -> None:
        self._columns = columns
        self._common = common
        self._contract = contract

    def read(self, file: IO[bytes]) -> Iterator[Row | Faulty]:
        """Each row, or what is wrong with it; only the first line's faults where that is wrong."""
        undecoded: list[str] = []
        lines = _text(file, undecoded)
        first = next(lines, "")
        separator = next((each for each in _SEPARATORS if each in first), ",")
        reader = csv.reader(chain([first], lines), delimiter=separator, strict=True)
        try:
            names = [each.strip() for each in next(reader, [])]
            header = undecoded or read_header(names, self._columns, self._contract)
        except csv.Error as error:
            header = [_said(error)]
        if not isinstance(header, Header):
            yield from (Faulty(1, fault) for fault in header)
            return
        cells: Sequence[str] | None = names
        while cells is not None:
            line = reader.line_num + 1
            found: Row | Faulty | None = None
            try:
                cells = next(reader, None)
                if cells and not undecoded:
                    found = self._row(line, cells, header)
            except ValueError as error:
                found = Faulty(line, str(error))
            except csv.Error as error:
                found = Faulty(line, _said(error))
            if undecoded:
                found = Faulty(line, undecoded[0])
                undecoded.clear()
            if found is not None:
                yield found

    def _row(self, line: int, cells: Sequence[str], header: Header) -> Row:
        if len(cells) != header.width:
            raise ValueError(f"expected {header.width} cells, got {len(cells)}")
        own = {path: cells[place] for path, place in header.params if cells[place]}
        params = self._common
        for path, cell in own.items():
            try:
                params = assign(params, f"{path}={cell}", self._contract)
            except Wrong as error:
                raise ValueError(f"column {path}: {error.message.removeprefix(f'--set {path}: ')}") from error
        to = cells[header.to]
        name = cells[header.name].strip() if header.name is not None else ""
        return Row(line, (name, to.strip()) if name else to, params, own)


def _said(error: csv.Error) -> str:
    if str(error).startswith("new-line character"):
        return "a line ends with CR alone, as of old: save the file with line ends of LF or CRLF"
    return str(error)


def _text(file: IO[bytes], undecoded: list[str]) -> Iterator[str]:
    """The lines as text; what cannot be text is noted."""
    for number, line in enumerate(file):
        try:
            yield line.decode("utf-8-sig" if number == 0 else "utf-8")
        except UnicodeDecodeError as error:
            undecoded.append(f"this is not UTF-8: {error}")
            yield line.decode("utf-8", "replace")
