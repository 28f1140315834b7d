"""Values that JSON has no word for, each as text or a few plain values under a tag: `{"$decimal": "42.00"}`.

A tag is a mapping of one key that begins with `$`. A mapping of the user's own that looks like one, or whose keys are
not all text, is written as its pairs: `{"$dict": [["$blob", 1]]}`.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json

from notify.addresses import Address
from notify.errors import MessageError
from notify.params import Html, Markdown

if TYPE_CHECKING:
    from collections.abc import Callable

BLOB = "$blob"
PAIRS = "$dict"
TUPLE = "$tuple"
SET = "$set"
FROZEN_SET = "$frozenset"
_DURATION = re.compile(r"(-?)P(\d+)DT(\d+)\.(\d{6})S")


class Leaf(NamedTuple):
    """How the values of one type are written and read; `write` gives text, or a list where text says too little."""

    kind: type
    tag: str
    write: Callable[[Any], str | list[Any]]
    read: Callable[[Any], Any]


def is_tag(value: Any) -> bool:
    """Whether a mapping of JSON is a tag."""
    return len(value) == 1 and next(iter(value)).startswith("$")


def leaf_of(value: object) -> Leaf | None:
    """How a value is written, if its type is one of these or derived from one."""
    for leaf in _LEAVES:
        if isinstance(value, leaf.kind):
            return leaf
    return None


def loads(text: str, blob: Callable[[str], bytes]) -> Any:
    """The value that JSON with tags says.

    Args:
        text: the JSON.
        blob: the content by its digest; LookupError if there is none.

    Raises:
        MessageError: it cannot be read, or a content is missing.
    """
    if '"$' not in text:
        try:
            return from_json(text)
        except ValueError as error:
            raise _unreadable(type(error).__name__) from None

    def untagged(value: dict[str, Any]) -> Any:
        if not is_tag(value):
            return value
        [(tag, inner)] = value.items()
        return blob(inner) if tag == BLOB else _READERS[tag](inner)

    try:
        return json.loads(text, object_hook=untagged)
    except MessageError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        # The values themselves may be secret.
        what = f"{type(error).__name__} at {error!s:.80}" if isinstance(error, KeyError) else type(error).__name__
        raise _unreadable(what) from None


def _unreadable(what: str) -> MessageError:
    return MessageError(
        f"what the outbox keeps of a call cannot be read ({what}); was it changed, or written by a newer notify?"
    )


def _with_zone(value: datetime | time, iso: str) -> str | list[Any]:
    """ISO 8601, and what it has no place for: the zone's name, and which of two equal times of the clock it is."""
    zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
    return [iso, zone, value.fold] if zone or value.fold else iso


def _zoned(value: Any, fold: int, zone: str | None) -> Any:
    if zone is None:
        return value.replace(fold=fold)
    try:
        return value.replace(tzinfo=ZoneInfo(zone), fold=fold)
    except (LookupError, OSError, ValueError):
        return value  # this machine does not know the zone; the offset says when it is


def _write_datetime(value: datetime) -> str | list[Any]:
    return _with_zone(value, datetime.isoformat(value))


def _read_datetime(written: str | list[Any]) -> datetime:
    if isinstance(written, str):
        return datetime.fromisoformat(written)
    iso, zone, fold = written
    found: datetime = _zoned(datetime.fromisoformat(iso), fold, zone)
    return found


def _write_time(value: time) -> str | list[Any]:
    return _with_zone(value, time.isoformat(value))


def _read_time(written: str | list[Any]) -> time:
    if isinstance(written, str):
        return time.fromisoformat(written)
    iso, zone, fold = written
    found: time = _zoned(time.fromisoformat(iso), fold, zone)
    return found


def _write_duration(value: timedelta) -> str:
    sign, size = ("-", -value) if value < timedelta(0) else ("", value)
    return f"{sign}P{size.days}DT{size.seconds}.{size.microseconds:06}S"


def _read_duration(written: str) -> timedelta:
    found = _DURATION.fullmatch(written)
    if found is None:
        raise ValueError
    size = timedelta(int(found[2]), int(found[3]), int(found[4]))
    return -size if found[1] else size


def _pairs(written: list[Any]) -> dict[Any, Any]:
    return {key: value for key, value in written}  # noqa: C416  # a pair of another length is a fault


_LEAVES = (
    Leaf(Decimal, "$decimal", Decimal.__str__, Decimal),
    Leaf(datetime, "$datetime", _write_datetime, _read_datetime),  # a datetime is a date, too
    Leaf(date, "$date", date.isoformat, date.fromisoformat),
    Leaf(time, "$time", _write_time, _read_time),
    Leaf(timedelta, "$timedelta", _write_duration, _read_duration),
    Leaf(Markdown, "$markdown", str.__str__, Markdown),
    Leaf(Html, "$html", str.__str__, Html),
    Leaf(UUID, "$uuid", str, UUID),
    Leaf(Address, "$address", lambda address: [address.email, address.name], lambda written: Address(*written)),
    Leaf(PathLike, "$path", lambda path: path.__fspath__(), Path),
)
_READERS: dict[str, Callable[[Any], Any]] = {
    **{leaf.tag: leaf.read for leaf in _LEAVES},
    PAIRS: _pairs,
    TUPLE: tuple,
    SET: set,
    FROZEN_SET: frozenset,
}
