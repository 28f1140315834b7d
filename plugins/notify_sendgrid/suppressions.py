"""Whom SendGrid does not write to any more: its lists, as the events that put people on them.

https://www.twilio.com/docs/sendgrid/api-reference/bounces-api and its neighbours; groups:
https://www.twilio.com/docs/sendgrid/api-reference/suppressions-suppressions
"""

from __future__ import annotations

import time
from datetime import MAXYEAR, UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from notify import TemporaryError, ThrottledError, TransportConfigError
from notify.feedback import Bounce, Event, Kind, WebhookError, read_json
from notify_sendgrid.account import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify_sendgrid.client import Client

PAGE = 500
"""The most that SendGrid gives at once."""
_LARGEST = 1 << 26
_TRIES = 10
_LONGEST_WAIT = 600.0
_PAUSE = 1.0
_LISTS = {
    "/v3/suppression/bounces": Kind.BOUNCED,
    "/v3/suppression/spam_reports": Kind.COMPLAINED,
    "/v3/suppression/invalid_emails": Kind.REJECTED,
    "/v3/suppression/unsubscribes": Kind.UNSUBSCRIBED,
    "/v3/asm/suppressions": Kind.UNSUBSCRIBED,
}
_BLOCKS = "/v3/suppression/blocks"
"""Those whose server refused a mail for what it was; SendGrid writes to them again."""
_REFUSED = "Invalid"  # as its events call it
_PROVIDER = "sendgrid"
_FIRST_YEAR = 2009
"""SendGrid is not older."""
_sleep = time.sleep


def suppressions(client: Client, *, temporary: bool = False) -> Iterator[Event]:
    """Everybody on SendGrid's lists, a page at a time.

    Args:
        client: asks the API.
        temporary: also those on the list of blocks, as soft bounces.

    Raises:
        DeliveryError: SendGrid does not answer, or not to this key.
    """
    lists = {**_LISTS, **({_BLOCKS: Kind.BOUNCED} if temporary else {})}
    for path, kind in lists.items():
        for said in _entries(client, path):
            if (event := _event(said, path, kind)) is not None:
                yield event


def _entries(client: Client, path: str) -> Iterator[dict[str, Any]]:
    offset, before = 0, None
    while True:
        page = _page(client, f"{path}?limit={PAGE}&offset={offset}")
        # A list that knows no pages is whole, whatever is asked for.
        if page == before:
            return
        yield from (said for said in page if isinstance(said, dict))
        if len(page) != PAGE:
            return
        offset, before = offset + PAGE, page


def _page(client: Client, path: str) -> list[Any]:
    """One page; SendGrid is asked again when it has had too many questions, or has an error of its own."""
    for number in range(1, _TRIES + 1):
        try:
            return _asked(client, path)
        except TemporaryError as error:
            if number == _TRIES:
                raise
            wait = error.retry_after if isinstance(error, ThrottledError) else None
            _sleep(min(_PAUSE * number if wait is None else wait + _PAUSE, _LONGEST_WAIT))
    raise AssertionError  # pragma: no cover  # the last one returned, or raised


def _asked(client: Client, path: str) -> list[Any]:
    answer = client.ask(path, largest=_LARGEST)
    if answer.status == HTTPStatus.OK:
        try:
            found = read_json(answer.body)
        except WebhookError:
            found = None
        if isinstance(found, list):
            return found
        raise TransportConfigError(
            f"what {path.partition('?')[0]} answers is no list",
            transport=client.interpreter.transport,
            phase="answer",
            advice="Something else may answer in SendGrid's place: check base_url.",
        )
    error = client.interpreter.refusal(answer)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise TransportConfigError(
            f"the key may not read {path.partition('?')[0]}",
            transport=error.transport,
            phase="answer",
            code=answer.status,
            reply=error.reply,
            advice=f"Give it Suppressions and Unsubscribe Groups, read access: {KEYS}",
        )
    raise error


def _event(said: dict[str, Any], path: str, kind: Kind) -> Event | None:
    """An entry as the event that led to it; None where it names nobody."""
    email, created = said.get("email"), said.get("created", said.get("created_at"))
    if not isinstance(email, str) or not email:
        return None
    group = said.get("group_id")
    reason, status = (value if isinstance(value := said.get(name), str) else "" for name in ("reason", "status"))
    words = reason if not status or status in reason else f"{status} {reason}".strip()
    return Event(
        kind=kind,
        event_id=f"{path}:{group or ''}:{created}:{email}"[:255],
        at=_time(created),
        provider=_PROVIDER,
        recipient=email,
        bounce=(Bounce.SOFT if path == _BLOCKS else Bounce.HARD) if kind is Kind.BOUNCED else None,
        reason=words,
        classification=_REFUSED if kind is Kind.REJECTED else "",
        group=None if group is None else str(group),
    )


def _time(created: object) -> datetime:
    """When somebody was put on a list; now, where it does not say so, or says nonsense."""
    now = datetime.now(UTC)
    try:
        at = datetime.fromtimestamp(int(created), UTC)  # type: ignore[call-overload]  # or it fails
    except (TypeError, ValueError, OverflowError, OSError):
        return now
    return at if _FIRST_YEAR <= at.year < MAXYEAR else now
