"""Rows of a file of people who are not to be written to: CSV with a header, or JSON Lines with the same names."""

from __future__ import annotations

import csv
import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from notify.cli.failure import Wrong
from notify.cli.suppress.options import REASONS, known_scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from notify.suppression import Addition

_NAMES = {
    "address": ("address", "email", "person"),
    "reason": ("reason",),
    "scope": ("scope",),
    "at": ("at", "created", "created_at"),
    "note": ("note", "status"),
    "source": ("source",),
}
"""What is read, and what it may be called; other columns are left alone."""
_SEPARATORS = ",;\t"
_UNDECODED = re.compile("[\udc80-\udcff]")


class Defaults(NamedTuple):
    """What holds where a row does not say.

    Attributes:
        reason: why; None for `manual`. With one, a reason that is none of ours is taken as a note.
        scope: which mails.
        source: who says so.
        categories: those that there are.
    """

    reason: str | None
    scope: str
    source: str
    categories: Collection[str]


def read(path: Path, file: IO[bytes], defaults: Defaults) -> Iterator[tuple[int, Addition | str]]:
    """The line of each row, and what it says, or what is wrong with it.

    Raises:
        Wrong: the file has neither ending, or its header names no address.
    """
    match path.suffix.lower():
        case ".csv":
            rows = _of_csv(file)
        case ".jsonl" | ".ndjson":
            rows = _of_json(file)
        case _:
            raise Wrong(f"{path}: expected a file whose name ends in .csv or .jsonl")
    for line, given in rows:
        try:
            yield line, given if isinstance(given, str) else _addition(given, defaults)
        except ValueError as error:
            yield line, str(error)


def _of_csv(file: IO[bytes]) -> Iterator[tuple[int, dict[str, str] | str]]:
    lines = (_decoded(line, "utf-8-sig" if number == 0 else "utf-8") for number, line in enumerate(file))
    first = next(lines, "")
    separator = next((each for each in _SEPARATORS if each in first), ",")
    names = [each.strip().lower() for each in next(csv.reader([first], delimiter=separator), [])]
    if not set(names) & set(_NAMES["address"]):
        raise Wrong(f"the first line names no column {' or '.join(_NAMES['address'])}")
    reader = csv.reader(lines, delimiter=separator)
    while True:
        line = reader.line_num + 2  # where the row begins, as its cells may have line breaks
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield line, str(error)
            continue
        if cells is None:
            return
        if cells and len(cells) != len(names):
            yield line, f"expected {len(names)} cells, got {len(cells)}{_unclosed(line, reader.line_num + 1)}"
        elif any(map(_UNDECODED.search, cells)):
            yield line, "it is not UTF-8: save the file as UTF-8"
        elif cells:
            yield line, dict(zip(names, cells, strict=True))


def _decoded(line: bytes, encoding: str) -> str:
    """A line; octets that are not UTF-8 are halves of surrogate pairs in it."""
    return line.decode(encoding, "surrogateescape")


def _unclosed(first: int, last: int) -> str:
    """What may be wrong with a row of several lines."""
    return f" up to line {last}: is a quote not closed?" if last > first else ""


def _of_json(file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            yield number, "expected a JSON object"
            continue
        yield number, value if isinstance(value, dict) else f"expected a JSON object, got {type(value).__name__}"


def _addition(row: Mapping[str, Any], defaults: Defaults) -> Addition:
    """What a row says.

    Raises:
        ValueError: it is wrong.
    """
    from notify.consent import Scope
    from notify.suppression import Addition, Reason

    address, reason, scope, note, source = (
        _text(row, name) for name in ("address", "reason", "scope", "note", "source")
    )
    if not address:
        raise ValueError("there is no address")
    if reason and reason not in REASONS:
        if defaults.reason is None:
            expected = ", ".join(REASONS)
            raise ValueError(f"reason: expected one of {expected}, got {reason!r:.60} (see --reason)")
        note, reason = " ".join(filter(None, (note, reason))), ""
    try:
        meant = known_scope(Scope.parse(scope or defaults.scope), defaults.categories)
    except ValueError as error:
        raise ValueError(f"scope: {error}") from None
    return Addition(
        address, Reason(reason or defaults.reason or "manual"), source or defaults.source, meant, _time(row), note
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = _value(row, _NAMES[name])
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name}: expected text, got {type(value).__name__}")  # noqa: TRY004 - one kind of error
    return value.strip()


def _time(row: Mapping[str, Any]) -> datetime | None:
    value = _value(row, _NAMES["at"])
    if value is None or value == "":
        return None
    with suppress(TypeError, ValueError, OverflowError, OSError):
        if isinstance(value, str) and not value.strip().isdigit():
            return datetime.fromisoformat(value.strip()).astimezone(UTC)
        if not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
    raise ValueError(f"at: expected seconds since 1970, or such as 2026-11-20T12:00:00Z, got {value!r:.60}")


def _value(row: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)
