"""SendGrid's events in notify's form.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notify.feedback import Bounce, Event, EventFault, Kind, Parsed, WebhookError, read_json, smtp_reply
from notify_sendgrid.instructions import NOTIFY_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVIDER = "sendgrid"

_KINDS = {
    "processed": Kind.QUEUED,
    "deferred": Kind.DEFERRED,
    "delivered": Kind.DELIVERED,
    "bounce": Kind.BOUNCED,
    "dropped": Kind.REJECTED,
    "spamreport": Kind.COMPLAINED,
    "unsubscribe": Kind.UNSUBSCRIBED,
    "group_unsubscribe": Kind.UNSUBSCRIBED,
    "group_resubscribe": Kind.RESUBSCRIBED,
    "open": Kind.OPENED,
    "click": Kind.CLICKED,
}
_OF_ACCOUNT = "account_"
_OWN = frozenset({
    NOTIFY_ID, "email", "timestamp", "event", "smtp-id", "sg_event_id", "sg_message_id", "category", "reason",
    "status", "response", "attempt", "type", "tls", "cert_err", "ip", "useragent", "url", "url_offset",
    "asm_group_id", "newsletter", "marketing_campaign_id", "marketing_campaign_name", "marketing_campaign_version",
    "marketing_campaign_split_id", "pool", "sg_content_type", "sg_machine_open", "bounce_classification",
    "singlesend_id", "singlesend_name", "template_id", "template_hash", "template_version_id", "send_at",
})  # fmt: skip
"""What is SendGrid's own; all else came with the message."""
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_SERVER = re.compile(r"\.(?:filter|recvd)")


def parse(body: bytes) -> Parsed:
    """The events of a call that was verified.

    Raises:
        WebhookError: the body is no JSON array (400).
    """
    listed = read_json(body)
    if not isinstance(listed, list):
        raise WebhookError(400, "the body is no JSON array of events")
    events: list[Event] = []
    faults: list[EventFault] = []
    ignored = 0
    for position, said in enumerate(listed):
        try:
            event = _event(said)
        except (ValueError, OverflowError, OSError) as error:
            faults.append(EventFault(position, str(error)))
        else:
            ignored += event is None
            events += [event] if event else []
    return Parsed(tuple(events), tuple(faults), ignored)


def _event(said: Any) -> Event | None:
    """One event; None if it is about the account.

    Raises:
        ValueError: it lacks what an event needs.
        OverflowError: its time is none.
        OSError: the same, on some systems.
    """
    if not isinstance(said, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - it is about the event
    name, recipient = _text(said, "event"), _text(said, "email")
    if name.startswith(_OF_ACCOUNT):
        return None
    if (kind := _KINDS.get(name)) is None:
        raise ValueError(f"the event {name!r:.40} is unknown")
    if not recipient:
        raise ValueError(f"the event {name!r} has no email")
    words = _text(said, "response") or _text(said, "reason")
    reply = smtp_reply(words, _text(said, "status"))
    return Event(
        kind=kind,
        event_id=_text(said, "sg_event_id") or _digest(said),
        at=_time(said.get("timestamp")),
        provider=PROVIDER,
        recipient=recipient,
        message_id=_message_id(said),
        provider_id=_provider_id(said),
        bounce=_bounce(said) if kind is Kind.BOUNCED else None,
        reason=words,
        code=reply.code,
        enhanced_code=reply.enhanced_code,
        classification=_text(said, "bounce_classification") or (_text(said, "type") if kind is Kind.BOUNCED else ""),
        group=_text(said, "asm_group_id") or None,
        url=_text(said, "url") or None,
        user_agent=_text(said, "useragent") or None,
        machine=machine if isinstance(machine := said.get("sg_machine_open"), bool) else None,
        tags=_tags(said.get("category")),
        metadata={key: value for key, value in said.items() if key not in _OWN and isinstance(value, str)},
        raw=said,
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    """A field as text; empty if it is not there, or neither text nor a whole number."""
    value = said.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _time(value: object) -> datetime:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError("its timestamp is no number")  # noqa: TRY004 - it is about the event
    return datetime.fromtimestamp(value, UTC)


def _message_id(said: Mapping[str, Any]) -> str | None:
    """Our own Message-ID; a message may have given the argument another meaning."""
    given = _text(said, NOTIFY_ID)
    return given if _MESSAGE_ID.fullmatch(given) else None


def _provider_id(said: Mapping[str, Any]) -> str | None:
    """The id that SendGrid answered with when it took the message; behind it stands which servers it went through."""
    if given := _text(said, "sg_message_id"):
        return _SERVER.split(given, maxsplit=1)[0]
    # what bounces later has the other one only
    return _text(said, "smtp-id").strip("<>").partition("@")[0] or None


def _bounce(said: Mapping[str, Any]) -> Bounce:
    """A `blocked` one was refused for what the mail or its sender is, not the address."""
    return Bounce.SOFT if _text(said, "type") == "blocked" else Bounce.HARD


def _tags(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(tag for tag in listed if isinstance(tag, str))


def _digest(said: Mapping[str, Any]) -> str:
    """What an event without an id is known by: all that it says."""
    text = json.dumps(said, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
