"""SES's events in notify's form: those of a configuration set, and the older notifications of an identity.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.feedback import Bounce, Event, EventFault, Kind, Parsed, WebhookError, read_json, smtp_reply
from notify_ses.sns import read_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PROVIDER = "ses"

_TEST = "Successfully validated SNS topic"
_TESTS = {"AmazonSnsSubscriptionSucceeded"}
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
_NOT_SPAM = "not-spam"


@dataclass(frozen=True, slots=True)
class _Person:
    """Whom an event is about, and what it says of nobody else."""

    recipient: str | None = None
    own: Mapping[str, Any] = field(default_factory=dict)


def parse(message: str, sns_id: str) -> Parsed:
    """The events of one message: one for each recipient that it is about.

    Args:
        message: the text that SES gave to SNS.
        sns_id: SNS's id of it, which stays the same when SNS repeats it.
    """
    try:
        said = read_json(message.encode("utf-8", "surrogatepass"))
    except WebhookError:
        if message.startswith(_TEST):
            return Parsed(ignored=1)
        return Parsed(faults=(EventFault(0, "the message is no event of SES"),))
    try:
        if not isinstance(said, dict):
            raise ValueError("the message is no JSON object")  # noqa: TRY004, TRY301 - it is about the message
        return _parsed(said, sns_id)
    except ValueError as error:
        return Parsed(faults=(EventFault(0, str(error)),))


def _parsed(said: Mapping[str, Any], sns_id: str) -> Parsed:
    name = _text(said, "eventType") or _text(said, "notificationType")
    if name in _TESTS:
        return Parsed(ignored=1)
    if (reader := _READERS.get(name)) is None:
        raise ValueError(f"the event {name!r:.40} is unknown")
    key, read = reader
    about, mail = _mapping(said, key), _mapping(said, "mail")
    shared: dict[str, Any] = {
        "at": read_time(_text(about, "timestamp") or _text(mail, "timestamp")),
        "provider": PROVIDER,
        "message_id": _message_id(mail),
        "provider_id": _text(mail, "messageId") or None,
        "metadata": _metadata(_mapping(mail, "tags")),
        "raw": said,
    }
    events: list[Event] = []
    faults: list[EventFault] = []
    found = list(read(about, mail))
    for position, person in enumerate(found):
        event_id = f"{sns_id}/{position}"
        if person.recipient == "":
            faults.append(EventFault(position, f"a recipient of the event {name!r} has no address"))
        else:
            events.append(Event(event_id=event_id, recipient=person.recipient, **shared, **person.own))
    return Parsed(tuple(events), tuple(faults), ignored=0 if found else 1)


def _bounces(about: Mapping[str, Any], _mail: Mapping[str, Any]) -> Iterable[_Person]:
    kind, detail = _text(about, "bounceType"), _text(about, "bounceSubType")
    shared = {
        "kind": Kind.BOUNCED,
        "bounce": Bounce.HARD if kind == "Permanent" else Bounce.SOFT,
        "classification": "/".join(filter(None, [kind, detail])),
    }
    return [_Person(_text(each, "emailAddress"), shared | _words(each)) for each in _list(about, "bouncedRecipients")]


def _complaints(about: Mapping[str, Any], _mail: Mapping[str, Any]) -> Iterable[_Person]:
    sort = _text(about, "complaintFeedbackType")
    if sort == _NOT_SPAM:  # the recipient says that it is none
        return []
    own = {
        "kind": Kind.COMPLAINED,
        "classification": sort or _text(about, "complaintSubType"),
        "user_agent": _text(about, "userAgent") or None,
    }
    return [_Person(_text(each, "emailAddress"), own) for each in _list(about, "complainedRecipients")]


def _deliveries(about: Mapping[str, Any], _mail: Mapping[str, Any]) -> Iterable[_Person]:
    own = {"kind": Kind.DELIVERED, **_words({"diagnosticCode": about.get("smtpResponse")})}
    return [_Person(each, own) for each in _texts(about, "recipients")]


def _delays(about: Mapping[str, Any], _mail: Mapping[str, Any]) -> Iterable[_Person]:
    own = {"kind": Kind.DEFERRED, "classification": _text(about, "delayType")}
    return [_Person(_text(each, "emailAddress"), own | _words(each)) for each in _list(about, "delayedRecipients")]


def _sent(_about: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterable[_Person]:
    return [_Person(each, {"kind": Kind.QUEUED}) for each in _texts(mail, "destination")]


def _rejections(about: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterable[_Person]:
    own = {"kind": Kind.REJECTED, "reason": _text(about, "reason") or _text(about, "errorMessage")}
    return [_Person(each, own) for each in _texts(mail, "destination")]


def _opens(about: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterable[_Person]:
    return [_Person(_only(mail), {"kind": Kind.OPENED, "user_agent": _text(about, "userAgent") or None})]


def _clicks(about: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterable[_Person]:
    own = {"kind": Kind.CLICKED, "user_agent": _text(about, "userAgent") or None, "url": _text(about, "link") or None}
    return [_Person(_only(mail), own)]


def _subscriptions(about: Mapping[str, Any], mail: Mapping[str, Any]) -> Iterable[_Person]:
    """One for all mail if that changed, and one for each topic whose status is another than before."""
    new, old = _mapping(about, "newTopicPreferences"), _mapping(about, "oldTopicPreferences")
    recipient = _only(mail)
    if (everything := new.get("unsubscribeAll") is True) != (old.get("unsubscribeAll") is True):
        yield _Person(recipient, {"kind": Kind.UNSUBSCRIBED if everything else Kind.RESUBSCRIBED})
    before = _statuses(old)
    for topic, status in _statuses(new).items():
        if before.get(topic) != status and status in _CHOICES:
            yield _Person(recipient, {"kind": _CHOICES[status], "group": topic})


_CHOICES = {"OptOut": Kind.UNSUBSCRIBED, "OptIn": Kind.RESUBSCRIBED}
_READERS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable[_Person]]]] = {
    "Bounce": ("bounce", _bounces),
    "Click": ("click", _clicks),
    "Complaint": ("complaint", _complaints),
    "Delivery": ("delivery", _deliveries),
    "DeliveryDelay": ("deliveryDelay", _delays),
    "Open": ("open", _opens),
    "Reject": ("reject", _rejections),
    "Rendering Failure": ("failure", _rejections),
    "Send": ("send", _sent),
    "Subscription": ("subscription", _subscriptions),
}
"""For each event: where its own object is, and what reads it."""


def _words(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a server said, and the codes in it."""
    words = _text(said, "diagnosticCode")
    code, enhanced = smtp_reply(words, _text(said, "status"))
    return {"reason": words, "code": code, "enhanced_code": enhanced}


def _only(mail: Mapping[str, Any]) -> str | None:
    """The recipient, if the message went to one; of several, SES does not say which it was."""
    people = _texts(mail, "destination")
    return people[0] or None if len(people) == 1 else None


def _message_id(mail: Mapping[str, Any]) -> str | None:
    """Our own Message-ID, which SES replaced on the way; the headers are as they came, if they are published at all."""
    headers = [_text(each, "value") for each in _list(mail, "headers") if _text(each, "name").lower() == "message-id"]
    given = [*headers, _text(_mapping(mail, "commonHeaders"), "messageId")]
    return next((each for each in given if _MESSAGE_ID.fullmatch(each)), None)


def _metadata(tags: Mapping[str, Any]) -> dict[str, str]:
    """The message's own tags; SES adds some, and has a list of values for each."""
    own = {name: _texts(tags, name) for name in tags if not name.startswith("ses:")}
    return {name: values[0] for name, values in own.items() if values}


def _statuses(preferences: Mapping[str, Any]) -> dict[str, str]:
    listed = _list(preferences, "topicSubscriptionStatus")
    return {_text(each, "topicName"): _text(each, "subscriptionStatus") for each in listed if _text(each, "topicName")}


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _mapping(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _list(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = said.get(name)
    return [each if isinstance(each, dict) else {} for each in value] if isinstance(value, list) else []


def _texts(said: Mapping[str, Any], name: str) -> list[str]:
    value = said.get(name)
    return [each if isinstance(each, str) else "" for each in value] if isinstance(value, list) else []
