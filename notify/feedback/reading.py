"""Reading what providers send: JSON from outside, and the words of mail servers."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from notify.feedback.receiving import WebhookError

_SUSPECT = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_REPLY = re.compile(r"(?:smtp; ?)?([245]\d\d)(?:[ -]+#?([245]\.\d{1,3}\.\d{1,3})|(?![\d.]))", re.ASCII)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}", re.ASCII)


class SmtpReply(NamedTuple):
    """The codes in a server's words: the reply code, and the enhanced status code (RFC 3463)."""

    code: int | None = None
    enhanced_code: str | None = None


def read_json(body: bytes) -> Any:
    """The value of a JSON document (RFC 8259), fit for any database.

    NUL and halves of surrogate pairs become U+FFFD: PostgreSQL takes no NUL, and UTF-8 has no halves.

    Raises:
        WebhookError: it is none (400).
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        return _fit(value) if _SUSPECT.search(body) else value
    except (ValueError, RecursionError):
        raise WebhookError(400, "the body is not JSON in UTF-8, or not whole") from None


def smtp_reply(words: str, status: str = "") -> SmtpReply:
    """The codes that a server's words begin with.

    Args:
        words: such as `550 5.1.1 no such user`, with or without `smtp;` in front.
        status: either code, where the provider gives one apart; an enhanced one wins over that of the words.
    """
    found = _REPLY.match(words.strip())
    code, enhanced = (int(found[1]), found[2]) if found else (None, None)
    status = status.strip()
    if _ENHANCED.fullmatch(status):
        enhanced = status
    elif code is None and (alone := _REPLY.fullmatch(status)):
        code = int(alone[1])
    return SmtpReply(code, enhanced)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _fit(value: Any) -> Any:
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_fit(each) for each in value]
    if isinstance(value, dict):
        return {_fit(name): _fit(each) for name, each in value.items()}
    return value
