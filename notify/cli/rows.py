"""`--rows FILE`: whom to send to, and params, on each line, as JSON Lines or CSV."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self, cast

from notify.cli.assignments import assign
from notify.cli.failure import Wrong
from notify.errors import ConfigError, Fault, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.params import Contract

    Row = tuple[Any, Mapping[str, Any]]

_SHOWN = 20


class Rows:
    """The rows of a file: CSV if its name ends so, else JSON Lines.

    A line of JSON Lines is an object: `to` is an address or a list of them, `params` an object. The first line of CSV
    names the columns: `to`, and params as in `--set`; a cell is read as the value of `--set`, and an empty one leaves
    its param out. A context manager.

    Args:
        name: its path; `-` is stdin, which is kept in a temporary file, as JSON Lines.
        common: params of all rows; a row's own go over them.
        contract: what the params are declared as.
    """

    def __init__(self, name: str, common: Mapping[str, Any], contract: Contract | None) -> None:
        self._name = "<stdin>" if name == "-" else name
        self._csv = name.lower().endswith(".csv")
        self._common = common
        self._contract = contract
        self._spool: IO[bytes] | None = None
        if name == "-":
            self._spool = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 - it is closed with this object
            shutil.copyfileobj(sys.stdin.buffer, self._spool)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._spool is not None:
            self._spool.close()

    def check(self) -> int:
        """How many rows there are.

        Raises:
            ConfigError: lines are wrong; it names the first of them.
            OSError: the file cannot be read.
        """
        number, faults = 0, list[Fault]()
        for each in self._read():
            if not isinstance(each, Fault):
                number += 1
            elif len(faults) < _SHOWN:
                faults.append(each)
        if faults:
            raise ConfigError(faults=faults)
        return number

    def __iter__(self) -> Iterator[Row]:
        """The rows that are not wrong."""
        return (each for each in self._read() if not isinstance(each, Fault))

    def _read(self) -> Iterator[Row | Fault]:
        with self._open() as file:
            for line, row in _csv_lines(file) if self._csv else _json_lines(file):
                try:
                    if isinstance(row, Exception):
                        raise row
                    yield self._row(row)
                except (ValueError, csv.Error, Wrong) as error:
                    what = error.message if isinstance(error, Wrong) else str(error)
                    yield Fault(Location(self._name, line), what)

    def _open(self) -> IO[bytes]:
        if self._spool is None:
            return Path(self._name).open("rb")
        self._spool.seek(0)
        return io.BufferedReader(io.FileIO(self._spool.fileno(), closefd=False))

    def _row(self, row: tuple[Any, Mapping[str, Any] | list[str]]) -> Row:
        to, params = row
        if not isinstance(params, list):
            return to, {**self._common, **params}
        result = self._common
        for assignment in params:
            result = assign(result, assignment, self._contract)
        return to, result


def _json_lines(file: IO[bytes]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(file, 1):
        if line.strip():
            try:
                yield number, _of_object(json.loads(line))
            except (ValueError, RecursionError) as error:
                yield number, ValueError(f"expected a JSON object with `to` and `params`: {error}")


def _of_object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"got {type(value).__name__}")  # noqa: TRY004 - one kind of error for one kind of fault
    if unknown := value.keys() - {"to", "params"}:
        raise ValueError(f"got {min(unknown)!r} too")
    if not isinstance(value.get("to"), (str, list)):
        raise ValueError("`to` is an address, or a list of them")  # noqa: TRY004
    if not isinstance(value.get("params", {}), dict):
        raise ValueError("`params` is an object")  # noqa: TRY004
    return value["to"], value.get("params", {})


def _csv_lines(file: IO[bytes]) -> Iterator[tuple[int, Any]]:
    """Each row's `to` and assignments."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, [])
        if header.count("to") != 1 or len(set(header)) < len(header):
            yield 1, ValueError("the first line names the columns, each once: `to`, and params")
            return
        place = header.index("to")
        for cells in reader:
            if len(cells) == len(header):
                pairs = (pair for pair in zip(header, cells, strict=True) if pair[0] != "to" and pair[1])
                yield reader.line_num, (cells[place], [f"{name}={cell}" for name, cell in pairs])
            elif cells:
                yield reader.line_num, ValueError(f"expected {len(header)} cells, got {len(cells)}")
    except (ValueError, csv.Error) as error:  # UnicodeDecodeError is a ValueError
        yield reader.line_num + 1, error
    finally:
        text.detach()
