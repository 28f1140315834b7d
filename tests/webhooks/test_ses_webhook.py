"""SES's events over SNS: what is taken, what is refused, what is fetched, and what the events mean."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from webhooks.calls import call
from webhooks.kept import Kept
from webhooks.sns_calls import CERTIFICATE, CONFIRM, HEADERS, NOW, TOPIC, Sns, an_event, confirmation, notification

from notify import ConfigError
from notify.feedback import Bounce, Event, Kind, WebhookApp, WebhookError
from notify_ses import SesWebhook
from notify_ses.events import parse

if TYPE_CHECKING:
    from pathlib import Path

SNS = Sns()
FORGER = Sns()


def webhook(sns: Sns = SNS) -> SesWebhook:
    """A webhook of the topic that believes it is NOW."""
    return SesWebhook(TOPIC, fetch=sns.fetch, clock=lambda: NOW)


def refusal(body: bytes, sns: Sns = SNS) -> tuple[int, str]:
    """How a call is refused."""
    with pytest.raises(WebhookError) as caught:
        webhook(sns).read(HEADERS, body)
    return caught.value.status, caught.value.reason


def events(said: dict[str, Any]) -> tuple[Event, ...]:
    """The events in one message of SES."""
    return parse(json.dumps(said), "id").events


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", [True, False])
def test_a_signed_notification_is_read(version: str, subject: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """By either version of the signature, with and without a subject."""
    fields = notification(an_event())
    if not subject:
        del fields["Subject"]
    [event] = webhook().read(HEADERS, SNS.signed(fields, version)).events

    assert Kind.DELIVERED == event.kind
    assert "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324/0" == event.event_id


def test_line_breaks_and_letters_of_other_alphabets_are_signed_as_they_are() -> None:
    """JSON's escapes are undone before the signature is looked at."""
    webhook().verify(HEADERS, SNS.signed(notification("Grüße\n\t“☃” \\u0000")))


@pytest.mark.parametrize("name", ["Message", "MessageId", "Subject", "Timestamp", "SignatureVersion", "Signature"])
def test_what_was_changed_is_refused(name: str) -> None:
    """No field that is signed can be another."""
    said = json.loads(SNS.signed(notification(an_event())))
    said[name] = {"SignatureVersion": "1", "Timestamp": "2026-11-27T11:59:01.000Z"}.get(name, "AAAA")

    assert (403, "the signature does not belong to the message and the certificate") == refusal(
        json.dumps(said).encode()
    )


def test_a_notification_cannot_become_a_confirmation() -> None:
    """The type is signed."""
    said = json.loads(SNS.signed(notification(an_event())))
    said |= {"Type": "SubscriptionConfirmation", "Token": "1", "SubscribeURL": CONFIRM}

    assert 403 == refusal(json.dumps(said).encode())[0]


def test_a_forged_signature_is_refused() -> None:
    """Another key than that of the certificate signs nothing."""
    assert 403 == refusal(Sns().signed(notification(an_event())))[0]


@pytest.mark.parametrize("change", [{"SignatureVersion": "3"}, {"Signature": "?"}, {"Signature": "é"}])
def test_what_is_no_signature_is_refused(change: dict[str, str]) -> None:
    """Another version, or no base64."""
    assert 403 == refusal(SNS.signed(notification(an_event()) | change))[0]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"null", b'{"Type": ["Notification"]}', b'{"Type": "Notification"}',
        json.dumps(an_event()).encode(), SNS.signed(notification(an_event()))[:-9],
    ],
)  # fmt: skip
def test_what_is_no_message_of_sns_is_refused(body: bytes) -> None:
    """Truncated, of another form, or delivered raw, which nobody signs."""
    assert 400 == refusal(body)[0]


@pytest.mark.parametrize(
    "name", ["Message", "MessageId", "Timestamp", "TopicArn", "Signature", "SignatureVersion", "SigningCertURL"]
)
def test_a_field_that_is_missing_or_no_text_is_named(name: str) -> None:
    """Both are the same."""
    said = json.loads(SNS.signed(notification(an_event())))
    missing = {key: value for key, value in said.items() if key != name}
    expected = (400, f"the message of SNS has no {name}")

    assert expected == refusal(json.dumps(missing).encode())
    assert expected == refusal(json.dumps(said | {name: 1}).encode())


def test_nothing_is_fetched_for_another_topic() -> None:
    """Anybody can have a topic, and SNS signs for all of them."""
    sns = Sns()
    fields = notification(an_event(), TopicArn=TOPIC.replace("mail-events", "mail-event"))

    assert (403, "the topic is not one of those that this webhook takes") == refusal(sns.signed(fields), sns)
    assert [] == sns.fetched


@pytest.mark.parametrize(
    "url",
    [
        CERTIFICATE.replace("https", "http"),
        CERTIFICATE.replace("eu-west-1", "us-east-1"),
        CERTIFICATE.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CERTIFICATE.replace("amazonaws.com/", "amazonaws.com:444/"),
        CERTIFICATE.replace("https://", "https://evil@"),
        CERTIFICATE.replace("https://", "https://evil.example/"),
        CERTIFICATE.replace("https://", "https://evil.example\\@"),
        CERTIFICATE.replace("sns.", "SNS."),
        CERTIFICATE.replace("SimpleNotificationService", "evil/SimpleNotificationService"),
        CERTIFICATE + "?x=1",
        CERTIFICATE + "#x",
        CERTIFICATE + "\n",
        "https://[",
        "https://bucket.s3.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "",
    ],
)
def test_a_certificate_from_elsewhere_is_not_fetched(url: str) -> None:
    """Only the SNS of the topic's region has it, under the name that it gives."""
    sns = Sns()

    assert 403 == refusal(sns.signed(notification(an_event()) | {"SigningCertURL": url}), sns)[0]
    assert [] == sns.fetched


def test_a_certificate_is_fetched_once() -> None:
    """And kept as long as the process."""
    sns = Sns()
    taking = webhook(sns)
    for _ in range(3):
        taking.verify(HEADERS, sns.signed(notification(an_event())))

    assert [CERTIFICATE] == sns.fetched


def test_few_certificates_are_kept() -> None:
    """However many there are."""
    sns = Sns()
    taking = webhook(sns)
    urls = [CERTIFICATE.replace("9c64", f"{number:04x}") for number in range(18)]
    for url in [*urls, urls[-1], urls[0]]:
        taking.verify(HEADERS, sns.signed(notification(an_event()) | {"SigningCertURL": url}))

    assert [*urls, urls[0]] == sns.fetched


def test_forged_calls_cannot_make_it_fetch_without_end() -> None:
    """What is known already is still taken."""
    sns = Sns()
    taking = webhook(sns)
    good = sns.signed(notification(an_event()))
    taking.verify(HEADERS, good)
    statuses = []
    for number in range(40):
        url = CERTIFICATE.replace("9c64", f"{number:04x}")
        with pytest.raises(WebhookError) as caught:
            taking.verify(HEADERS, FORGER.signed(notification(an_event()) | {"SigningCertURL": url}))
        statuses.append(caught.value.status)
    taking.verify(HEADERS, good)

    assert [403] * 29 + [503] * 11 == statuses
    assert 30 == len(sns.fetched)


@pytest.mark.parametrize(
    ("sns", "reason"),
    [
        (Sns(days=-1), "the certificate of SNS is not valid now; is this machine's clock right?"),
        (Sns("sns.evil.example"), "the certificate is not that of sns.amazonaws.com"),
        (Sns(curve=True), "the certificate is not that of sns.amazonaws.com"),
    ],
)
def test_a_certificate_that_is_over_or_somebody_elses_signs_nothing(sns: Sns, reason: str) -> None:
    """Even where it came from SNS."""
    assert (403, reason) == refusal(sns.signed(notification(an_event())), sns)


def test_a_certificate_that_cannot_be_had_now_is_asked_for_again() -> None:
    """The call is answered 503, so that SNS repeats it."""
    sns = Sns()
    taking, body, good = webhook(sns), sns.signed(notification(an_event())), sns.answer
    sns.answer = b"<html>"
    with pytest.raises(WebhookError) as caught:
        taking.verify(HEADERS, body)
    sns.answer = good
    taking.verify(HEADERS, body)

    assert 503 == caught.value.status


@pytest.mark.parametrize("age", [timedelta(seconds=4201), timedelta(days=9), timedelta(seconds=-61)])
def test_stale_and_future_calls_are_refused(age: timedelta) -> None:
    """The reason says how old it is."""
    status, reason = refusal(SNS.signed(notification(an_event(), Timestamp=(NOW - age).isoformat())))

    assert 403 == status
    assert f"{age.total_seconds():.0f} s old, and may be 4200" in reason


def test_a_call_that_sns_repeats_for_an_hour_is_taken() -> None:
    """It keeps its first timestamp."""
    webhook().verify(HEADERS, SNS.signed(notification(an_event(), Timestamp="2026-11-27T11:00:00")))


def test_what_is_no_time_is_refused() -> None:
    """Even where it is signed."""
    assert 403 == refusal(SNS.signed(notification(an_event(), Timestamp="noon")))[0]


@pytest.mark.parametrize("topics", [[], "", "mail-events", TOPIC + "\n", [TOPIC, "arn:aws:sqs:eu-west-1:1:x"]])
def test_what_is_no_topic_is_said_at_once(topics: Any) -> None:
    """With an example of one."""
    with pytest.raises(ConfigError, match="expected ARNs such as arn:aws:sns:eu-west-1:123456789012:mail-events"):
        SesWebhook(topics)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the line that installs it."""
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ConfigError, match=r"pip install 'notify-framework\[webhook\]'"):
        webhook()


def test_a_subscription_is_confirmed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """SNS asks once, and the answer is that its URL is fetched."""
    sns = Sns()
    body = sns.signed(confirmation())
    with caplog.at_level("INFO", "notify.webhook"):
        answer = call(WebhookApp(webhook(sns), Kept(tmp_path / "events.db")), HEADERS, body)

    assert 204 == answer.status
    assert [CERTIFICATE, CONFIRM] == sns.fetched
    assert f"ses: the webhook is subscribed to {TOPIC}" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?Action=ConfirmSubscription",
        CONFIRM.replace("https", "http"),
        CONFIRM.replace("ConfirmSubscription", "Unsubscribe"),
        CONFIRM.replace("mail-events", "other"),
        CONFIRM + "&Action=Unsubscribe",
    ],
)
def test_a_confirmation_elsewhere_is_not_fetched(url: str) -> None:
    """Nor one that would do something else."""
    sns = Sns()

    assert 403 == refusal(sns.signed(confirmation(SubscribeURL=url)), sns)[0]
    assert [CERTIFICATE] == sns.fetched


def test_a_subscription_of_another_topic_is_not_confirmed() -> None:
    """Nothing is fetched."""
    sns = Sns()
    other = TOPIC.replace("123456789012", "210987654321")
    fields = confirmation(TopicArn=other, SubscribeURL=CONFIRM.replace(TOPIC, other))

    assert 403 == refusal(sns.signed(fields), sns)[0]
    assert [] == sns.fetched


def test_the_end_of_a_subscription_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody subscribes again by itself."""
    sns = Sns()
    parsed = webhook(sns).read(HEADERS, sns.signed(confirmation(Type="UnsubscribeConfirmation")))

    assert ((), 1, None) == (parsed.events, parsed.ignored, parsed.then)
    assert f"no longer subscribed to {TOPIC}" in caplog.text
    assert [CERTIFICATE] == sns.fetched


def test_a_replayed_call_changes_nothing(tmp_path: Path) -> None:
    """The event's id is SNS's own."""
    kept = Kept(tmp_path / "events.db", "<1@acme.example>")
    app = WebhookApp(webhook(), kept)
    body = SNS.signed(notification(an_event()))

    assert [204] * 3 == [call(app, HEADERS, body).status for _ in range(3)]
    assert {"<1@acme.example>": ("delivered", 1)} == kept.messages()


@pytest.mark.parametrize(("kind", "bounce"), [("Permanent", "hard"), ("Transient", "soft"), ("Undetermined", "soft")])
def test_a_bounce_is_one_event_for_each_recipient(kind: str, bounce: str) -> None:
    """With the words and codes of each; what nobody knows is soft."""
    about = {
        "bounceType": kind,
        "bounceSubType": "General",
        "bouncedRecipients": [
            {"emailAddress": "ada@example.com", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.0 user unknown"},
            {"emailAddress": "bob@example.com"},
        ],
        "timestamp": "2026-11-27T11:58:30.500Z",
    }
    said = an_event("Bounce", about)
    ada, bob = events(said)

    assert (Kind.BOUNCED, Bounce(bounce), f"{kind}/General") == (ada.kind, ada.bounce, ada.classification)
    assert ("id/0", "ada@example.com", "<1@acme.example>") == (ada.event_id, ada.recipient, ada.message_id)
    assert ("0102018c-EXAMPLE-000000", {"order": "A-1001"}) == (ada.provider_id, dict(ada.metadata))
    assert (550, "5.1.1", "smtp; 550 5.1.0 user unknown") == (ada.code, ada.enhanced_code, ada.reason)
    assert datetime.fromisoformat("2026-11-27T11:58:30.5+00:00") == ada.at
    assert said == dict(ada.raw)
    assert ("id/1", "bob@example.com", "", None) == (bob.event_id, bob.recipient, bob.reason, bob.code)


DELAYED = [{"emailAddress": "ada@example.com", "status": "4.4.1", "diagnosticCode": "421 busy"}]
PREFERENCES = {
    "unsubscribeAll": False,
    "topicSubscriptionStatus": [{"topicName": "news", "subscriptionStatus": "OptIn"}],
}


@pytest.mark.parametrize(
    ("name", "key", "about", "expected"),
    [
        ("Send", "send", {}, {"kind": Kind.QUEUED}),
        (
            "Delivery", "delivery", {"recipients": ["ada@example.com"], "smtpResponse": "250 2.6.0 Message received"},
            {"kind": Kind.DELIVERED, "code": 250, "enhanced_code": "2.6.0", "reason": "250 2.6.0 Message received"},
        ),
        (
            "DeliveryDelay", "deliveryDelay",
            {
                "delayType": "TransientCommunicationFailure",
                "delayedRecipients": DELAYED,
            },
            {
                "kind": Kind.DEFERRED, "code": 421, "enhanced_code": "4.4.1",
                "classification": "TransientCommunicationFailure",
            },
        ),
        (
            "Complaint", "complaint",
            {"complainedRecipients": [{"emailAddress": "ada@example.com"}], "complaintFeedbackType": "abuse"},
            {"kind": Kind.COMPLAINED, "classification": "abuse"},
        ),
        ("Reject", "reject", {"reason": "Bad content"}, {"kind": Kind.REJECTED, "reason": "Bad content"}),
        (
            "Rendering Failure", "failure", {"errorMessage": "Attribute 'name' is missing", "templateName": "t"},
            {"kind": Kind.REJECTED, "reason": "Attribute 'name' is missing"},
        ),
        ("Open", "open", {"userAgent": "Mail/1"}, {"kind": Kind.OPENED, "user_agent": "Mail/1"}),
        (
            "Click", "click", {"link": "https://acme.example/", "userAgent": "Web/1"},
            {"kind": Kind.CLICKED, "url": "https://acme.example/", "user_agent": "Web/1"},
        ),
        (
            "Subscription", "subscription",
            {"newTopicPreferences": {"unsubscribeAll": True}, "oldTopicPreferences": {"unsubscribeAll": False}},
            {"kind": Kind.UNSUBSCRIBED, "group": None},
        ),
        (
            "Subscription", "subscription",
            {"newTopicPreferences": PREFERENCES, "oldTopicPreferences": {}},
            {"kind": Kind.RESUBSCRIBED, "group": "news"},
        ),
        (
            "Subscription", "subscription",
            {"newTopicPreferences": {"unsubscribeAll": False}, "oldTopicPreferences": {"unsubscribeAll": True}},
            {"kind": Kind.RESUBSCRIBED, "group": None},
        ),
    ],
)  # fmt: skip
def test_every_event_of_ses_has_its_kind(name: str, key: str, about: Any, expected: dict[str, Any]) -> None:
    """With what it says of the recipient; its time is the mail's where it has none of its own."""
    [event] = events(an_event(name, about, key=key))

    assert expected == {each: getattr(event, each) for each in expected}
    assert "ada@example.com" == event.recipient
    assert datetime.fromisoformat("2026-11-27T11:58:00+00:00") == event.at


def test_the_older_notifications_of_an_identity_are_read() -> None:
    """They say `notificationType`."""
    said = an_event()
    said["notificationType"] = said.pop("eventType")

    assert [Kind.DELIVERED] == [event.kind for event in events(said)]


def test_who_opened_is_not_known_where_several_got_it() -> None:
    """SES does not say which of them it was."""
    [event] = events(an_event("Open", {}, destination=["ada@example.com", "bob@example.com"]))

    assert event.recipient is None


def test_a_message_id_is_found_where_the_headers_have_it() -> None:
    """Its name in any letters; what SES calls messageId is not ours."""
    mails: list[dict[str, Any]] = [
        {"headers": [{"name": "message-id", "value": "<2@acme.example>"}]},
        {"headers": [], "commonHeaders": {"messageId": "<3@acme.example>"}},
        {"headers": None, "commonHeaders": None},
        {"headers": [7]},
    ]

    assert ["<2@acme.example>", "<3@acme.example>", None, None] == [
        events(an_event(**mail))[0].message_id for mail in mails
    ]


@pytest.mark.parametrize(
    "said",
    [
        an_event(
            "Complaint", {"complaintFeedbackType": "not-spam", "complainedRecipients": [{"emailAddress": "a@b.c"}]}
        ),
        an_event("Subscription", {"newTopicPreferences": PREFERENCES, "oldTopicPreferences": PREFERENCES}),
        {"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "You have successfully subscribed"},
        "Successfully validated SNS topic for Amazon SES event publishing.",
    ],
)
def test_what_means_nothing_is_ignored(said: Any) -> None:
    """Who says it is no spam does not complain; nor is a test an event."""
    parsed = parse(said if isinstance(said, str) else json.dumps(said), "id")

    assert ((), (), 1) == (parsed.events, parsed.faults, parsed.ignored)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("hello", "the message is no event of SES"),
        ("[]", "the message is no JSON object"),
        ({}, "the event '' is unknown"),
        (an_event("Received"), "the event 'Received' is unknown"),
        (an_event(timestamp="noon"), "the time 'noon' is none"),
        (an_event(timestamp=None), "the time '' is none"),
    ],
)
def test_what_cannot_be_read_is_a_fault(said: Any, reason: str) -> None:
    """It is answered 2xx and logged, as it would be the same when it came again."""
    parsed = parse(said if isinstance(said, str) else json.dumps(said), "id")

    assert () == parsed.events
    assert [reason] == [fault.reason for fault in parsed.faults]


def test_one_bad_recipient_does_not_sink_the_others() -> None:
    """The fault says which one it is."""
    about = {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "a@b.c"}, 7, {"emailAddress": "d@e.f"}]}
    parsed = parse(json.dumps(an_event("Bounce", about)), "id")

    assert [("a@b.c", "id/0"), ("d@e.f", "id/2")] == [(each.recipient, each.event_id) for each in parsed.events]
    assert [1] == [fault.position for fault in parsed.faults]
