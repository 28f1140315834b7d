"""What Amazon SNS does: signs its messages with a certificate, by the published scheme, and serves that certificate."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_curve_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail-events"
HOME = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE = f"{HOME}/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"
CONFIRM = f"{HOME}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37"
HEADERS = {"content-type": "text/plain; charset=UTF-8"}


class Sns:
    """One signing key, its certificate, and what was fetched.

    Args:
        name: whose certificate it is.
        days: how long it is valid after NOW.
        curve: whether its key is none of RSA.
    """

    def __init__(self, name: str = "sns.amazonaws.com", *, days: int = 30, curve: bool = False) -> None:
        self.key = generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        shown = generate_curve_key(SECP256R1()).public_key() if curve else self.key.public_key()
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(shown)
            .serial_number(1)
            .not_valid_before(NOW - timedelta(days=60))
            .not_valid_after(NOW + timedelta(days=days))
            .sign(self.key, SHA256())
        )
        self.answer = certificate.public_bytes(Encoding.PEM)
        self.fetched: list[str] = []

    def fetch(self, url: str) -> bytes:
        """What is at a URL."""
        self.fetched.append(url)
        return self.answer

    def signed(self, fields: dict[str, Any], version: str = "2") -> bytes:
        """A body with a signature over the fields."""
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        text = "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)
        algorithm = SHA1() if version == "1" else SHA256()  # noqa: S303 - what SNS does
        signature = self.key.sign(text.encode(), PKCS1v15(), algorithm)
        said = {
            "SignatureVersion": version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": CERTIFICATE,
            "UnsubscribeURL": f"{HOME}/?Action=Unsubscribe",
        }
        return json.dumps(said | fields).encode()


def notification(message: object, **more: str) -> dict[str, Any]:
    """The fields of a notification."""
    text = message if isinstance(message, str) else json.dumps(message)
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": text,
        "Timestamp": "2026-11-27T11:59:00.123Z",
        **more,
    }


def confirmation(**more: str) -> dict[str, Any]:
    """The fields of the question whether the topic is to call."""
    return {
        "Type": "SubscriptionConfirmation",
        "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        "Token": "2336412f37",
        "TopicArn": TOPIC,
        "Message": "You have chosen to subscribe to the topic. To confirm, visit the SubscribeURL.",
        "SubscribeURL": CONFIRM,
        "Timestamp": "2026-11-27T11:59:00.123Z",
        **more,
    }


def an_event(kind: str = "Delivery", about: Any = None, *, key: str | None = None, **mail: Any) -> dict[str, Any]:
    """An event as SES publishes it."""
    return {
        "eventType": kind,
        "mail": {
            "timestamp": "2026-11-27T11:58:00.000Z",
            "source": "hello@acme.example",
            "messageId": "0102018c-EXAMPLE-000000",
            "destination": ["ada@example.com"],
            "headersTruncated": False,
            "headers": [{"name": "From", "value": "x"}, {"name": "Message-ID", "value": "<1@acme.example>"}],
            "commonHeaders": {"messageId": "0102018c-EXAMPLE-000000", "subject": "Hi"},
            "tags": {"ses:configuration-set": ["set"], "order": ["A-1001"]},
            **mail,
        },
        key or kind.lower(): about if about is not None else {"recipients": ["ada@example.com"]},
    }
