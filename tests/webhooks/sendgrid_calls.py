"""What SendGrid does: signs a body with its key, by the published scheme."""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NOW = 1_800_000_000.0
MESSAGE_ID = "<1@acme.example>"


def new_key() -> EllipticCurvePrivateKey:
    """A key such as SendGrid makes for a webhook."""
    return generate_private_key(SECP256R1())


def shown(key: EllipticCurvePrivateKey) -> str:
    """The public part as SendGrid shows it."""
    octets = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(octets).decode()


def signed(key: EllipticCurvePrivateKey, body: bytes, at: float | str = NOW) -> dict[str, str]:
    """The headers of a call."""
    stamp = at if isinstance(at, str) else str(int(at))
    signature = key.sign(stamp.encode() + body, ECDSA(SHA256()))
    return {
        "content-type": "application/json",
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": stamp,
    }


def an_event(number: int = 1, event: str = "delivered", **more: Any) -> dict[str, Any]:
    """An event as SendGrid tells it."""
    return {
        "email": "ada@example.com",
        "timestamp": int(NOW) - 5,
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "event": event,
        "category": ["orders", "spring"],
        "sg_event_id": f"event-{number}",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "notify_id": MESSAGE_ID,
        "order": "A-1001",
        **more,
    }


def body_of(*events: object) -> bytes:
    """A body as SendGrid sends it, which ends in a line break."""
    return json.dumps(events).encode() + b"\r\n"
