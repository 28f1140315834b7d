"""Whatever a provider sends: the parsers raise nothing but a refusal, and lose no good event."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from webhooks import sendgrid_calls, sns_calls

from notify.feedback import Event, Kind, WebhookError
from notify_sendgrid.webhook import parse as parse_sendgrid
from notify_ses.events import parse as parse_ses
from notify_ses.sns import Envelope

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
SENDGRID_FIELDS = [*sendgrid_calls.an_event(), "reason", "status", "response", "type", "url", "sg_machine_open"]
SENDGRID_EVENTS = ["processed", "bounce", "delivered", "open", "click", "dropped", "group_unsubscribe", "account_x"]
SES_EVENTS = [
    "Bounce", "Click", "Complaint", "Delivery", "DeliveryDelay", "Open", "Reject", "Rendering Failure", "Send",
    "Subscription",
]  # fmt: skip
SES_FIELDS = [
    "timestamp", "bounceType", "bouncedRecipients", "complainedRecipients", "recipients", "delayedRecipients",
    "emailAddress", "diagnosticCode", "status", "newTopicPreferences", "oldTopicPreferences", "unsubscribeAll",
    "topicSubscriptionStatus", "topicName", "subscriptionStatus", "messageId", "headers", "name", "value", "tags",
    "destination", "commonHeaders",
]  # fmt: skip
SES_VALUES = st.recursive(
    LEAVES | st.sampled_from(["2026-11-27T11:58:00Z", "OptIn", "OptOut", "Message-ID", "a@example.com"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(SES_FIELDS), inner, max_size=5),
)

changed = st.builds(
    lambda name, more: sendgrid_calls.an_event(0, name) | more,
    st.sampled_from(SENDGRID_EVENTS),
    st.dictionaries(st.sampled_from(SENDGRID_FIELDS), VALUES, max_size=3),
)
numbered = st.integers(1, 10**6).map(sendgrid_calls.an_event)


def fit(event: Event) -> bool:
    """Whether any database takes its texts."""
    text = json.dumps([dict(event.raw), event.reason], ensure_ascii=False)
    return "\\u0000" not in text and text == text.encode("utf-8", "replace").decode()


@given(st.lists(st.tuples(st.booleans(), numbered, changed | VALUES), max_size=8))
def test_no_good_event_of_sendgrid_is_lost(mixed: list[tuple[bool, dict[str, Any], Any]]) -> None:
    """Among whatever else stands in the array, in their order; everything is an event, a fault or ignored."""
    listed = [good if is_good else other for is_good, good, other in mixed]
    parsed = parse_sendgrid(json.dumps(listed).encode())
    found = [event.event_id for event in parsed.events]
    wanted = [good["sg_event_id"] for is_good, good, _ in mixed if is_good]

    assert wanted == [each for each in found if each in wanted]
    assert len(listed) == len(parsed.events) + len(parsed.faults) + parsed.ignored
    assert all(map(fit, parsed.events))


@given(
    st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | VALUES.map(lambda each: json.dumps(each).encode())
)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    """By both, and with nothing else than a refusal."""
    for read in (parse_sendgrid, Envelope.of):
        with suppress(WebhookError):
            read(body)
    parse_ses(body.decode("utf-8", "surrogateescape"), "id")


@given(st.sampled_from(SES_EVENTS), SES_VALUES, st.dictionaries(st.sampled_from(SES_FIELDS), SES_VALUES, max_size=6))
def test_any_event_of_ses_is_read_or_a_fault(name: str, about: Any, mail: dict[str, Any]) -> None:
    """Whatever its objects hold."""
    keys = {"DeliveryDelay": "deliveryDelay", "Rendering Failure": "failure"}
    said = sns_calls.an_event(name, about, key=keys.get(name), **mail)
    parsed = parse_ses(json.dumps(said), "id")

    assert parsed.events or parsed.faults or parsed.ignored
    assert all(map(fit, parsed.events))
    assert len(parsed.events) == len({event.event_id for event in parsed.events})


@given(st.lists(st.emails() | st.none() | st.integers(), min_size=1, max_size=5))
def test_no_good_recipient_of_ses_is_lost(people: list[Any]) -> None:
    """Among whatever else stands in the list."""
    about = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": each} for each in people]}
    parsed = parse_ses(json.dumps(sns_calls.an_event("Bounce", about)), "id")

    assert [each for each in people if isinstance(each, str)] == [event.recipient for event in parsed.events]
    assert {Kind.BOUNCED} >= {event.kind for event in parsed.events}
