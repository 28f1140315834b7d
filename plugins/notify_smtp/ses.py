"""The SMTP password of Amazon SES, which is made from a secret access key and the region.

Source: Amazon SES developer guide, "Obtaining Amazon SES SMTP credentials by converting existing AWS credentials".
"""

from __future__ import annotations

import base64
import hashlib
import hmac

_DATE = "11111111"
_VERSION = b"\x04"


def smtp_password(secret_access_key: str, region: str) -> str:
    """The SMTP password for one region; the user name is the access key id."""
    signature = f"AWS4{secret_access_key}".encode()
    for part in (_DATE, region, "ses", "aws4_request", "SendRawEmail"):
        signature = hmac.new(signature, part.encode(), hashlib.sha256).digest()
    return base64.b64encode(_VERSION + signature).decode("ascii")
