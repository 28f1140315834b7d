"""What the instructions to SendGrid must be: each function gives the value in one form, or a ValueError says why not.

Limits: https://www.twilio.com/docs/sendgrid/for-developers/sending-email/building-an-x-smtpapi-header and the
reference of POST /v3/mail/send, 2026-11.
"""

from __future__ import annotations

import base64
import binascii
import re
import time
from datetime import datetime
from typing import Any

MOST_GROUPS = 25
FURTHEST = 72 * 3600
LATE = 300
_SHORTEST_POOL, _LONGEST_POOL = 2, 64
_P256, _KEY_SIZE = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200"), 91
_BATCH = re.compile(r"[!-~]{1,100}")


def group(value: object) -> int:
    """The number of an unsubscribe group."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"expected the number of an unsubscribe group, got {value!r:.80}")
    return value


def groups(value: object) -> tuple[int, ...]:
    """The groups that the page of preferences shows."""
    if not isinstance(value, (list, tuple)) or not value:
        raise ValueError(f"expected a list of numbers of unsubscribe groups, got {value!r:.80}")
    if len(value) > MOST_GROUPS:
        raise ValueError(f"has {len(value)} groups, and SendGrid takes {MOST_GROUPS}")
    return tuple(group(each) for each in value)


def send_at(value: object) -> int:
    """When the message is to leave, in whole seconds since 1970."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = int(value.timestamp())
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(  # noqa: TRY004 - all of these are about values
            f"expected seconds since 1970 as a whole number, or an aware datetime, got {value!r:.80}"
        )
    ahead = value - time.time()
    if ahead > FURTHEST:
        raise ValueError(f"is {ahead / 3600:.1f} hours ahead, and SendGrid takes {FURTHEST // 3600}")
    if ahead < -LATE:
        raise ValueError(f"is {-ahead / 60:.0f} minutes ago")
    return value


def batch_id(value: object) -> str:
    """The id that POST /v3/mail/batch gave."""
    if not isinstance(value, str) or not _BATCH.fullmatch(value):
        raise ValueError(f"expected the id that POST /v3/mail/batch gave, got {value!r:.80}")
    return value


def ip_pool(value: object) -> str:
    """The name of an IP pool."""
    if not isinstance(value, str) or not _SHORTEST_POOL <= len(value) <= _LONGEST_POOL:
        raise ValueError(
            f"expected the name of an IP pool, {_SHORTEST_POOL} to {_LONGEST_POOL} letters, got {value!r:.80}"
        )
    return value


def public_keys(value: object) -> tuple[str, ...]:
    """Keys that check signatures: each a SubjectPublicKeyInfo of P-256 (RFC 5480, section 2) in base64."""
    given = value if isinstance(value, tuple) else ()
    for key in given:
        try:
            octets = base64.b64decode(key, validate=True)
        except (binascii.Error, ValueError):
            octets = b""
        if len(octets) != _KEY_SIZE or not octets.startswith(_P256):
            raise ValueError(
                "expected the verification key that SendGrid shows once Signed Event Webhook is on; it begins with "
                "MFkwEwYHKoZI, and has 124 letters"
            )
    return given


def flag(value: object) -> bool:
    """True or false; X-SMTPAPI writes 1 and 0."""
    if not isinstance(value, (bool, int)) or value not in {0, 1}:
        raise ValueError(f"expected true or false, got {value!r:.80}")
    return bool(value)


def text(value: Any) -> str:
    """Text, which may be empty."""
    if not isinstance(value, str):
        raise ValueError(f"expected text, got {value!r:.80}")  # noqa: TRY004 - all of these are about values
    return value
