"""From what comes to what templates see, where pydantic's own rules are not ours.

Each raises ValueError, with what to do about it as the message if there is something to say.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, datetime, time, timedelta
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_DATE = re.compile(r"[0-9W-]+")
_TIME = re.compile(r"T?[0-9:.,Z+-]+")
_DATETIME = re.compile(r"[0-9W-]+[T ][0-9:.,Z+-]+")
_DURATION = re.compile(r"[-+]?P[0-9.,YMWDTHS]+")
_DRIVE = re.compile(r"[A-Za-z]:")


def to_date(value: object) -> date:
    """ISO 8601 text or a date, which a datetime is not."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return _parsed(date.fromisoformat, _iso(value, _DATE))


def to_datetime(value: object) -> datetime:
    """ISO 8601 text or a datetime; without a zone it stays naive."""
    return value if isinstance(value, datetime) else _parsed(datetime.fromisoformat, _iso(value, _DATETIME))


def to_time(value: object) -> time:
    """ISO 8601 text or a time."""
    return value if isinstance(value, time) else _parsed(time.fromisoformat, _iso(value, _TIME))


def to_duration(value: object) -> str | timedelta:
    """A timedelta, or ISO 8601 text, which pydantic reads afterwards."""
    return value if isinstance(value, timedelta) else _iso(value, _DURATION)


def to_bytes(value: object) -> bytes:
    """Bytes, or base64 text, which is how YAML and JSON write them."""
    if isinstance(value, str):
        try:
            return base64.b64decode("".join(value.split()), validate=True)
        except (ValueError, binascii.Error):
            raise ValueError("text here is read as base64, which this is not") from None
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise ValueError  # noqa: TRY004  (pydantic collects a ValueError and lets a TypeError pass)
    return bytes(value)


def to_email(value: str) -> str:
    """A bare address; the domain comes back in its ASCII form."""
    from notify.addresses import Address

    address = Address.parse(value)
    if address.name or "<" in value:
        raise ValueError("give the address alone, without a name")
    return address.email


def to_path(value: object) -> str:
    """A relative path that stays below the folder it is taken from, with forward slashes."""
    text = fspath(value) if isinstance(value, PathLike) else value
    if not isinstance(text, str) or not text:
        raise ValueError
    if text.startswith("/") or _DRIVE.match(text):
        raise ValueError("it must be relative")
    if "\\" in text or "\0" in text:
        raise ValueError("write it with forward slashes")
    if ".." in text.split("/"):
        raise ValueError("it must stay below its folder, without ..")
    return text


def url_pattern(schemes: tuple[str, ...]) -> str:
    """A regular expression for http, https and other `schemes`, without blanks, quotes, angle brackets, controls."""
    rest = r"""[^\s<>"'`\\\x00-\x1f\x7f]"""
    others = "".join(f"|{re.escape(scheme)}:{rest}+" for scheme in schemes if scheme not in {"http", "https"})
    return rf"^(?:(?i:https?)://[^\s<>\"'`\\/?#\x00-\x1f\x7f]+{rest}*{others})$"


def _parsed(parse: Callable[[str], _T], text: str) -> _T:
    """Without Python's own words for what is wrong, which repeat the value."""
    try:
        return parse(text)
    except ValueError:
        raise ValueError from None


def _iso(value: object, pattern: re.Pattern[str]) -> str:
    if isinstance(value, str) and pattern.fullmatch(value):
        return value
    raise ValueError


CONVERTERS: dict[str, Callable[[Any], object]] = {
    "date": to_date,
    "datetime": to_datetime,
    "time": to_time,
    "bytes": to_bytes,
    "Path": to_path,
}
"""The types that a single function reads."""
