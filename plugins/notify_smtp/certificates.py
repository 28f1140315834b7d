"""What a server's certificate says, and why it is not trusted."""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DAY = 86400
_NOT_YET, _EXPIRED, _NO_ISSUER, _OTHER_NAME = {9}, {10}, {18, 19, 20, 21}, {62, 63, 64}  # X509_V_ERR_... of OpenSSL


def document(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """A certificate, as `ssl.SSLSocket.getpeercert` reads it, in plain words."""
    ends = ssl.cert_time_to_seconds(certificate["notAfter"])
    names = [str(value) for _, value in certificate.get("subjectAltName", ())]
    return {
        "subject": _name(certificate.get("subject", ()), "commonName") or ", ".join(names[:1]) or "nobody",
        "issuer": _name(certificate.get("issuer", ()), "organizationName", "commonName") or "nobody",
        "names": names,
        "not_before": _moment(ssl.cert_time_to_seconds(certificate["notBefore"])),
        "not_after": _moment(ends),
        "days_left": int((ends - time.time()) // _DAY),
    }


def why_distrusted(code: int, certificate: Mapping[str, Any] | None) -> str:
    """What to do about a certificate that was refused; empty if there is nothing to say.

    Args:
        code: OpenSSL's reason.
        certificate: its `document`, if it could be read.
    """
    clock = f"this machine's clock says {_moment(time.time())}"
    if code in _NO_ISSUER:
        issuer = f"It was issued by {certificate['issuer']}. " if certificate else ""
        return (
            f"{issuer}Name the certificate of your own authority by ca_file; if you have none, something on the way (a "
            "proxy, a virus scanner) reads along."
        )
    if certificate is None:
        return ""
    if code in _NOT_YET:
        return f"It holds from {certificate['not_before']} on, and {clock}: is the clock right?"
    if code in _EXPIRED:
        ended = f"It ended on {certificate['not_after']}, and {clock}."
        return f"{ended} If the clock is right, the server needs a new certificate."
    if code in _OTHER_NAME:
        names = ", ".join(certificate["names"]) or certificate["subject"]
        return (
            f"It is for {names}: set host to that name, if it is the server that you mean. Else something on the way "
            "answers in its place."
        )
    return ""


def _name(parts: Sequence[Any], *keys: str) -> str:
    """The first of some fields that a distinguished name has."""
    fields = {key: str(value) for part in parts for key, value in part}
    return next((fields[key] for key in keys if key in fields), "")


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
