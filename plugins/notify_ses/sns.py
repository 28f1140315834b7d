"""What Amazon SNS posts: its fields, what of them is signed, and which of its URLs may be fetched.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from notify.feedback import WebhookError, read_json

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
UNSUBSCRIPTION = "UnsubscribeConfirmation"

_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    UNSUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_OPTIONAL = "Subject"
_TOPIC = re.compile(r"arn:aws(?:-us-gov)?:sns:([a-z]{2}(?:-[a-z]+)+-\d+):\d{12}:[A-Za-z0-9_.-]{1,256}")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]+\.pem")


def region_of(topic: str) -> str | None:
    """The region in the ARN of a topic; None if it is no such ARN."""
    found = _TOPIC.fullmatch(topic)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message of SNS, not yet verified; the fields that are signed are there, and all are text."""

    fields: Mapping[str, str]

    @classmethod
    def of(cls, body: bytes) -> Envelope:
        """The envelope in a body.

        Raises:
            WebhookError: there is none (400).
        """
        said = read_json(body)
        names = _SIGNED.get(_type(said))
        if names is None:
            raise WebhookError(
                400, "the body is no message of SNS; raw message delivery has no signature: switch it off"
            )
        fields = {name: value for name, value in said.items() if isinstance(value, str)}
        for name in (*names, "Signature", "SignatureVersion", "SigningCertURL"):
            if name not in fields and name != _OPTIONAL:
                raise WebhookError(400, f"the message of SNS has no {name}")
        return cls(fields)

    @property
    def type(self) -> str:
        """One of NOTIFICATION, SUBSCRIPTION and UNSUBSCRIPTION."""
        return self.fields["Type"]

    @property
    def topic(self) -> str:
        """The topic's ARN."""
        return self.fields["TopicArn"]

    @property
    def signed(self) -> bytes:
        """What is signed: names and values, a line each, in the order of the names."""
        names = (name for name in _SIGNED[self.type] if name in self.fields)
        return "".join(f"{name}\n{self.fields[name]}\n" for name in names).encode()

    @property
    def at(self) -> datetime:
        """When SNS first sent it.

        Raises:
            WebhookError: it does not say so (403).
        """
        try:
            return read_time(self.fields["Timestamp"])
        except ValueError:
            raise WebhookError(403, "the timestamp of the message of SNS is none") from None

    def certificate_url(self) -> str:
        """Where the certificate is, if that is SNS itself.

        Raises:
            WebhookError: it is elsewhere (403).
        """
        url = self.fields["SigningCertURL"]
        parts = _parts(url, self.topic)
        if parts is None or not _CERTIFICATE.fullmatch(parts.path) or parts.query:
            raise WebhookError(403, "the certificate is not at the SNS of the topic's region")
        return url

    def confirmation_url(self) -> str:
        """Where the subscription is confirmed, if that is SNS itself and means this topic.

        Raises:
            WebhookError: it is elsewhere (403).
        """
        url = self.fields["SubscribeURL"]
        parts = _parts(url, self.topic)
        query = parse_qs(parts.query) if parts else {}
        if query.get("Action") != ["ConfirmSubscription"] or query.get("TopicArn") != [self.topic]:
            raise WebhookError(403, "the subscription would not be confirmed at the SNS of the topic's region")
        return url


def read_time(text: str) -> datetime:
    """A time as AWS writes it (ISO 8601), which is UTC unless it says otherwise.

    Raises:
        ValueError: it is none.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"the time {text!r:.40} is none") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _type(said: Any) -> str:
    kind = said.get("Type") if isinstance(said, dict) else None
    return kind if isinstance(kind, str) else ""


def _parts(url: str, topic: str) -> Any:
    """The parts of an https URL of the SNS of a topic's region, without port and user; None of any other."""
    if not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    home = f"sns.{region_of(topic)}.amazonaws.com"
    return parts if parts.scheme == "https" and parts.netloc == home and not parts.fragment else None
