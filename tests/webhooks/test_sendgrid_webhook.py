"""SendGrid's event webhook: what is taken, what is refused, and what its events mean."""

from __future__ import annotations

import base64
import json
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webhooks.sendgrid_calls import MESSAGE_ID, NOW, an_event, body_of, new_key, shown, signed

from notify import ConfigError
from notify.feedback import Bounce, EventFault, Kind, WebhookError
from notify_sendgrid.webhook import SIGNATURE, TIMESTAMP, SendGridWebhook, parse

KEY = new_key()
BODY = body_of(an_event())


def webhook(*keys: str, at: float = NOW, **settings: float) -> SendGridWebhook:
    """A webhook that believes it is NOW."""
    return SendGridWebhook(keys or shown(KEY), clock=lambda: at, **settings)


def refusal(headers: dict[str, str], body: bytes = BODY, at: float = NOW) -> tuple[int, str]:
    """How a call is refused."""
    with pytest.raises(WebhookError) as caught:
        webhook(at=at).verify(headers, body)
    return caught.value.status, caught.value.reason


def test_a_signed_call_is_read() -> None:
    """The signature is over the timestamp and the octets, line break and all."""
    [event] = webhook().read(signed(KEY, BODY), BODY).events

    assert Kind.DELIVERED == event.kind
    assert MESSAGE_ID == event.message_id


def test_the_example_that_sendgrid_tests_its_own_libraries_with_is_read() -> None:
    """Key, signature, timestamp and octets: github.com/sendgrid/sendgrid-python, test/unit/test_eventwebhook.py."""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglS"
        "I8eNEc6wEA3F+g=="
    )
    headers = {
        SIGNATURE: "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
        TIMESTAMP: "1600112502",
    }
    body = (
        b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
        b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
        b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
        b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
    )
    [event] = webhook(key, at=1600112510).read(headers, body).events

    assert (Kind.REJECTED, "Bounced Address", "LRzXl_NHStOGhQ4kofSm_A") == (event.kind, event.reason, event.provider_id)


def test_what_is_signed_by_another_key_is_refused() -> None:
    """A forged call is not parsed."""
    status, reason = refusal(signed(new_key(), BODY))

    assert 403 == status
    assert "does not belong" in reason


@pytest.mark.parametrize(
    "body", [BODY[:-1], BODY + b" ", BODY.replace(b"ada@", b"bob@"), json.dumps(json.loads(BODY)).encode(), b""]
)
def test_another_body_is_refused(body: bytes) -> None:
    """Nothing of it can be changed, cut or written anew."""
    assert 403 == refusal(signed(KEY, BODY), body)[0]


def test_another_timestamp_is_refused() -> None:
    """A call cannot be made fresh again."""
    headers = signed(KEY, BODY, NOW - 9000) | {TIMESTAMP: str(int(NOW))}

    assert 403 == refusal(headers)[0]


@pytest.mark.parametrize("name", [SIGNATURE, TIMESTAMP])
def test_a_call_without_signature_or_timestamp_is_refused(name: str) -> None:
    """Empty ones are none."""
    headers = signed(KEY, BODY)
    missing = {each: value for each, value in headers.items() if each != name}

    assert (403, "the call is not signed; switch on Signed Event Webhook at SendGrid") == refusal(missing)
    assert refusal(missing) == refusal(headers | {name: ""})


@pytest.mark.parametrize("signature", ["?", "AAAA", "MEUCIQ", "é", "a" * 10_000, base64.b64encode(b"0" * 64).decode()])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    """Whatever stands there."""
    assert 403 == refusal(signed(KEY, BODY) | {SIGNATURE: signature})[0]


@pytest.mark.parametrize("stamp", ["soon", "1e9", "-1", "٣", "1" * 21])
def test_what_is_no_time_is_refused(stamp: str) -> None:
    """Even where it is signed."""
    headers = signed(KEY, BODY, stamp) | {TIMESTAMP: stamp.encode().decode("latin-1")}

    assert 403 == refusal(headers)[0]


@pytest.mark.parametrize("age", [601, 86400, -61])
def test_stale_and_future_calls_are_refused(age: float) -> None:
    """The reason says how old it is, and names the clock."""
    status, reason = refusal(signed(KEY, BODY, NOW - age))

    assert 403 == status
    assert f"{age} s old, and may be 600" in reason
    assert "clock" in reason


@pytest.mark.parametrize("age", [0, 599, -59])
def test_calls_of_about_now_are_taken(age: float) -> None:
    """Within the tolerance, and where clocks differ a little."""
    webhook().verify(signed(KEY, BODY, NOW - age), BODY)


def test_the_tolerance_is_a_setting() -> None:
    """In seconds."""
    webhook(tolerance=10_000).verify(signed(KEY, BODY, NOW - 9000), BODY)
    with pytest.raises(WebhookError, match="30 s old, and may be 20"):
        webhook(tolerance=20).verify(signed(KEY, BODY, NOW - 30), BODY)


def test_several_keys_hold_while_one_is_changed() -> None:
    """Either signs."""
    other = new_key()
    both = webhook(shown(KEY), shown(other))

    both.verify(signed(KEY, BODY), BODY)
    both.verify(signed(other, BODY), BODY)


def _wrong_keys() -> list[str]:
    kind = PublicFormat.SubjectPublicKeyInfo
    octets = [
        generate_private_key(SECP384R1()).public_key().public_bytes(Encoding.DER, kind),
        Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.DER, kind),
    ]
    pem = KEY.public_key().public_bytes(Encoding.PEM, kind).decode()
    return ["", "MFkw", "?", shown(KEY)[:-8], pem, *(base64.b64encode(each).decode() for each in octets)]


@pytest.mark.parametrize("text", _wrong_keys(), ids=["empty", "short", "no base64", "cut", "pem", "p384", "ed25519"])
def test_what_is_no_key_of_sendgrid_is_said_at_once(text: str) -> None:
    """Not when the first call comes."""
    with pytest.raises(ConfigError, match="begins with MFkwEwYHKoZI"):
        SendGridWebhook(text)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(ConfigError, match=r"pip install 'notify-framework\[webhook\]'"):
        webhook()


def test_a_key_is_needed() -> None:
    """No key verifies nothing."""
    with pytest.raises(ConfigError, match="has no public key"):
        SendGridWebhook([])


@pytest.mark.parametrize(
    ("name", "more", "kind", "bounce"),
    [
        ("processed", {}, Kind.QUEUED, None),
        ("deferred", {}, Kind.DEFERRED, None),
        ("delivered", {}, Kind.DELIVERED, None),
        ("bounce", {"type": "bounce"}, Kind.BOUNCED, Bounce.HARD),
        ("bounce", {}, Kind.BOUNCED, Bounce.HARD),
        ("bounce", {"type": "blocked"}, Kind.BOUNCED, Bounce.SOFT),
        ("dropped", {"reason": "Bounced Address"}, Kind.REJECTED, None),
        ("spamreport", {}, Kind.COMPLAINED, None),
        ("unsubscribe", {}, Kind.UNSUBSCRIBED, None),
        ("group_unsubscribe", {"asm_group_id": 7}, Kind.UNSUBSCRIBED, None),
        ("group_resubscribe", {"asm_group_id": 7}, Kind.RESUBSCRIBED, None),
        ("open", {}, Kind.OPENED, None),
        ("click", {"url": "https://acme.example/"}, Kind.CLICKED, None),
    ],
)
def test_every_event_of_sendgrid_has_its_kind(
    name: str, more: dict[str, Any], kind: Kind, bounce: Bounce | None
) -> None:
    """All that carry a message."""
    [event] = parse(body_of(an_event(1, name, **more))).events

    assert (kind, bounce) == (event.kind, event.bounce)
    assert str(more.get("asm_group_id", "")) == (event.group or "")
    assert more.get("url") == event.url


def test_a_bounce_says_all_that_sendgrid_does() -> None:
    """The server's words, both codes, how SendGrid files it, whose message it was."""
    said = an_event(
        1, "bounce", type="bounce", reason="550 5.1.1 The email account does not exist", status="5.1.1", tls=1,
        bounce_classification="Invalid Address",
    )  # fmt: skip
    [event] = parse(body_of(said)).events

    assert "event-1" == event.event_id
    assert datetime.fromtimestamp(NOW - 5, UTC) == event.at
    assert "sendgrid" == event.provider
    assert "ada@example.com" == event.recipient
    assert "14c5d75ce93.dfd.64b469" == event.provider_id
    assert "550 5.1.1 The email account does not exist" == event.reason
    assert (550, "5.1.1") == (event.code, event.enhanced_code)
    assert "Invalid Address" == event.classification
    assert ("orders", "spring") == event.tags
    assert {"order": "A-1001"} == dict(event.metadata)
    assert said == dict(event.raw)


def test_the_id_is_that_of_the_receipt() -> None:
    """SendGrid answers `250 Ok: queued as ID`, and adds its servers behind it in events."""
    ids = ["3lRfYdUqQHqeMZ5a8sCbOA.recvd-5f54b5d587-jczzp-1-6633F5B1-30.0", "3lRfYdUqQHqeMZ5a8sCbOA", None]
    events = [an_event(number, sg_message_id=given) for number, given in enumerate(ids)]

    assert ["3lRfYdUqQHqeMZ5a8sCbOA", "3lRfYdUqQHqeMZ5a8sCbOA", "14c5d75ce93.dfd.64b469"] == [
        event.provider_id for event in parse(body_of(*events)).events
    ]


def test_a_timestamp_may_be_text() -> None:
    """As some of SendGrid's examples have it."""
    first, second = parse(body_of(an_event(timestamp="1513299569"), an_event(timestamp=1513299569))).events

    assert first.at == second.at


def test_a_machine_that_opens_is_told_apart() -> None:
    """Where SendGrid knows it."""
    events = parse(body_of(an_event(1, "open", sg_machine_open=True, useragent="Mail"), an_event(2, "open"))).events

    assert [True, None] == [event.machine for event in events]
    assert ["Mail", None] == [event.user_agent for event in events]


@pytest.mark.parametrize("given", ["mine", "<1@acme.example@mine>", f"<{'@' * 100_000}"], ids=["word", "two", "many"])
def test_a_message_that_gives_notify_id_another_meaning_has_no_message_id(given: str) -> None:
    """What is no Message-ID is not taken for one."""
    [event] = parse(body_of(an_event(notify_id=given))).events

    assert event.message_id is None


def test_events_of_the_account_are_ignored() -> None:
    """They are about no message."""
    parsed = parse(body_of({"event": "account_status_change", "type": "compliance_suspend", "timestamp": 1}))

    assert ((), (), 1) == (parsed.events, parsed.faults, parsed.ignored)


def test_an_event_without_id_is_known_by_what_it_says() -> None:
    """The same again is a duplicate, another is not."""
    first, same, other = (an_event(sg_event_id=None, order=order) for order in ("1", "1", "2"))
    ids = [event.event_id for event in parse(body_of(first, same, other)).events]

    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (None, "it is no JSON object"),
        ([], "it is no JSON object"),
        ({}, "the event '' is unknown"),
        (an_event(1, "teleported"), "the event 'teleported' is unknown"),
        (an_event(email=""), "the event 'delivered' has no email"),
        (an_event(email=None), "the event 'delivered' has no email"),
        (an_event(timestamp=None), "its timestamp is no number"),
        (an_event(timestamp=True), "its timestamp is no number"),
        (an_event(timestamp="soon"), "its timestamp is no number"),
        (an_event(timestamp=10**30), ""),
        (an_event(timestamp=-(10**13)), ""),
        (an_event(sg_event_id="x" * 256), "the id of an event has 1 to 255 characters, not 256"),
    ],
)
def test_one_bad_event_does_not_sink_the_batch(bad: object, reason: str) -> None:
    """The others are there, and the fault says which one it is."""
    parsed = parse(body_of(an_event(10), bad, an_event(11)))

    assert ["event-10", "event-11"] == [event.event_id for event in parsed.events]
    assert [EventFault(1, reason or parsed.faults[0].reason)] == list(parsed.faults)


def test_texts_that_no_database_takes_do_not_sink_the_batch() -> None:
    """NUL and half a surrogate pair become the sign for what cannot be shown."""
    body = b'[{"event": "bounce", "email": "a\\u0000@example.com", "timestamp": 1, "reason": "\\uD83D \\ud83d\\ude00"}]'
    [event] = parse(body).events

    assert "a\ufffd@example.com" == event.recipient
    assert "\ufffd \U0001f600" == event.reason
    assert event.raw["reason"] == event.reason


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"null", b'"x"', b"[", BODY[:40], b"\xff\xfe[]", b"[NaN]", b"[" * 100_000, b"[" + b"9" * 5000 + b"]"],
)  # fmt: skip
def test_what_is_no_array_is_refused(body: bytes) -> None:
    """Truncated, of another form, or meant to break the parser: 400."""
    with pytest.raises(WebhookError) as caught:
        parse(body)

    assert 400 == caught.value.status
