"""SendGrid's event webhook: its signature, and its events in notify's form.

```python
notifier = Notifier.load()
app = WebhookApp(SendGridWebhook.of(notifier), sink)
```

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

from __future__ import annotations

import base64
import binascii
import time
from typing import TYPE_CHECKING, Self

from notify import ConfigError
from notify.feedback import Parsed, Webhook, WebhookError
from notify_sendgrid.account import Account
from notify_sendgrid.webhook_events import PROVIDER, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    from notify import Notifier

__all__ = ["SIGNATURE", "TIMESTAMP", "SendGridWebhook", "parse", "read_public_key", "verify"]

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
TOLERANCE = 600.0
"""Seconds that a call may be old; one that SendGrid repeats has a new timestamp."""
_AHEAD = 60.0  # clocks differ
_LONGEST_STAMP = 20


class SendGridWebhook(Webhook):
    """Reads the calls of SendGrid's event webhook.

    Args:
        public_key: the verification key, as SendGrid shows it under Settings, Mail Settings, Event Webhook; several
            while a key is changed, or for several webhooks.
        tolerance: seconds that a call may be old.
        clock: the time in seconds since 1970.

    Raises:
        ConfigError: cryptography is not installed, or a key is none.
    """

    provider = PROVIDER

    def __init__(
        self,
        public_key: str | Sequence[str],
        *,
        tolerance: float = TOLERANCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        texts = [public_key] if isinstance(public_key, str) else list(public_key)
        if not texts:
            raise ConfigError("sendgrid: the webhook has no public key: give the verification key of SendGrid's page")
        self._keys = tuple(map(read_public_key, texts))
        self._tolerance = tolerance
        self._clock = clock

    @classmethod
    def of(cls, notifier: Notifier, *, tolerance: float = TOLERANCE) -> Self:
        """The webhook whose keys notify.yaml has: the setting `webhook_key` of all transports of SendGrid.

        Args:
            notifier: of whose environment the transports are; none of them is built.
            tolerance: seconds that a call may be old.

        Raises:
            ConfigError: there is no key, it is none, or cryptography is not installed.
        """
        named = [notifier.transports.setting(name, "webhook_key", Account) or () for name in notifier.transports]
        keys = list(dict.fromkeys(key for found in named for key in found))
        if not keys:
            raise ConfigError(
                f"sendgrid: no transport of the environment {notifier.environment} has a webhook_key: write SendGrid's "
                "verification key into notify.yaml, such as `transports: {sendgrid: {webhook_key: MFkwEwYHKoZI...}}`"
            )
        return cls(keys, tolerance=tolerance)

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """See `Webhook`."""
        verify(headers, body, self._keys, now=self._clock(), tolerance=self._tolerance)

    def parse(self, body: bytes) -> Parsed:
        """See `Webhook`."""
        return parse(body)


def read_public_key(text: str) -> EllipticCurvePublicKey:
    """The key of its text: a SubjectPublicKeyInfo (RFC 5280) in base64, without PEM's lines around it.

    Raises:
        ConfigError: cryptography is not installed, or the text is no such key.
    """
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError:
        raise ConfigError("sendgrid: the webhook needs cryptography: pip install 'notify-framework[webhook]'") from None
    try:
        key = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ConfigError(
            "sendgrid: the webhook's public key cannot be read: expected the verification key that SendGrid shows "
            "once Signed Event Webhook is on; it begins with MFkwEwYHKoZI, and has 124 letters"
        )
    return key


def verify(
    headers: Mapping[str, str],
    body: bytes,
    keys: Sequence[EllipticCurvePublicKey],
    *,
    now: float,
    tolerance: float = TOLERANCE,
) -> None:
    """Find out whether a call is signed with one of the keys (ECDSA, P-256, SHA-256), and not too old.

    Args:
        headers: by their names in small letters.
        body: the octets as they came.
        keys: the public keys.
        now: the time in seconds since 1970.
        tolerance: seconds that it may be old.

    Raises:
        WebhookError: it is not (403).
    """
    stamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not stamp or not signature:
        raise WebhookError(403, "the call is not signed; switch on Signed Event Webhook at SendGrid")
    try:
        octets = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raise WebhookError(403, "the signature is not base64") from None
    if not any(_is_signed(key, octets, stamp.encode("latin-1", "replace") + body) for key in keys):
        raise WebhookError(403, "the signature does not belong to the body, the timestamp and the public key")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_STAMP):
        raise WebhookError(403, "the timestamp is not a number of seconds")
    age = now - int(stamp)
    if not -_AHEAD <= age <= tolerance:
        raise WebhookError(
            403, f"the call is {age:.0f} s old, and may be {tolerance:.0f}; is this machine's clock right?"
        )


def _is_signed(key: EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        key.verify(signature, signed, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True
