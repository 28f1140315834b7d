"""The certificates that SNS signs with: fetched once each, and what they sign checked."""

from __future__ import annotations

import base64
import binascii
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from notify import ConfigError
from notify.feedback import WebhookError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cryptography.x509 import Certificate

_SIGNER = "sns.amazonaws.com"
_MOST = 16
_FETCHES, _PERIOD = 30, 60.0
_TIMEOUT = 10.0
_LARGEST = 64 * 1024


class Certificates:
    """Certificates by their URLs. Safe to share between threads.

    Args:
        fetch: gives what is at a URL.

    Raises:
        ConfigError: cryptography is not installed.
    """

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        try:
            import cryptography  # noqa: F401 - only whether it is there
        except ImportError:
            raise ConfigError("ses: the webhook needs cryptography: pip install 'notify-framework[webhook]'") from None
        self._fetch = fetch
        self._kept: dict[str, Certificate] = {}
        self._fetched: deque[float] = deque(maxlen=_FETCHES)
        self._lock = threading.Lock()

    def verify(self, url: str, version: str, signature: str, signed: bytes, now: datetime) -> None:
        """Find out whether something is signed with the certificate at a URL.

        Args:
            url: where it is; one of SNS.
            version: the version of the signature: 1 is over SHA-1, 2 over SHA-256.
            signature: in base64.
            signed: the octets.
            now: the time.

        Raises:
            WebhookError: it is not (403), or the certificate cannot be had now (503).
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA1, SHA256

        # SNS signs over SHA-1 unless the topic says otherwise; nobody can make a second text for one's hash.
        algorithms = {"1": SHA1, "2": SHA256}
        if version not in algorithms:
            raise WebhookError(403, "the signature has another version than 1 and 2")
        certificate = self._certificate(url)
        try:
            _key(certificate, now).verify(
                base64.b64decode(signature, validate=True), signed, PKCS1v15(), algorithms[version]()
            )
        except (InvalidSignature, binascii.Error, ValueError):
            raise WebhookError(403, "the signature does not belong to the message and the certificate") from None
        self._keep(url, certificate)

    def _certificate(self, url: str) -> Certificate:
        with self._lock:
            if (kept := self._kept.get(url)) is not None:
                return kept
            self._admit(time.monotonic())
        return _read(self._fetch(url))

    def _keep(self, url: str, certificate: Certificate) -> None:
        """Keep one that has signed something, so that forged calls push none out."""
        with self._lock:
            if url not in self._kept and len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[url] = certificate

    def _admit(self, now: float) -> None:
        """Let nobody make this machine fetch without end: what is signed is known only afterwards."""
        if len(self._fetched) == _FETCHES and now - self._fetched[0] < _PERIOD:
            raise WebhookError(503, "too many certificates were asked for in a minute")
        self._fetched.append(now)


def fetch(url: str) -> bytes:
    """What is at an https URL: no redirects, 10 seconds, 64 KiB.

    Raises:
        WebhookError: it cannot be had now (503).
    """
    import http.client
    import urllib.error
    import urllib.request

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(_Stay)
    try:
        with opener.open(url, timeout=_TIMEOUT) as answer:
            found: bytes = answer.read(_LARGEST + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise WebhookError(503, f"SNS answered {error.code}") from None
    except (OSError, http.client.HTTPException) as error:
        raise WebhookError(503, f"SNS cannot be reached: {error}") from None
    if len(found) > _LARGEST:
        raise WebhookError(503, f"SNS answered with more than {_LARGEST} octets")
    return found


def _key(certificate: Certificate, now: datetime) -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise WebhookError(403, "the certificate of SNS is not valid now; is this machine's clock right?")
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or _name(certificate) != _SIGNER:
        raise WebhookError(403, f"the certificate is not that of {_SIGNER}")
    return key


def _read(pem: bytes) -> Certificate:
    from cryptography.x509 import load_pem_x509_certificate

    try:
        return load_pem_x509_certificate(pem)
    except ValueError:
        raise WebhookError(503, "what SNS gave as its certificate is none") from None


def _name(certificate: Certificate) -> str:
    from cryptography.x509.oid import NameOID

    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""
