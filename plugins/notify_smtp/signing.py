"""DKIM signatures over messages as they go out (RFC 6376; RFC 8463 for Ed25519).

Header and body are canonicalised `relaxed`, the whole body is signed (no l=), and signatures do not end (no x=).
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from notify import Address, ConfigError, Secret, TransportConfigError
from notify.addresses import covers
from notify.diagnosis import Diagnosis
from notify.message import WireOctets
from notify_smtp.keys import read_keys

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Message
    from notify_smtp.keys import Key
    from notify_smtp.submission import Serialise

_ALWAYS = (
    b"from", b"to", b"cc", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
    b"content-transfer-encoding",
)  # fmt: skip
"""Signed once more than they are there, so that nobody adds one (RFC 6376, section 8.15)."""
_LIST = (b"list-unsubscribe", b"list-unsubscribe-post")
"""The same where a message has one of them. Mailing lists add them to what has none."""
_IF_THERE = (b"in-reply-to", b"references", b"auto-submitted", b"list-id", b"feedback-id")

_BLANKS = re.compile(rb"[\t ]+")
_WIDTH = 72
_FAIR = 2048


class Signer:
    """Signs messages for one domain, with one key or more. Safe to share between threads.

    Args:
        name: the transport's name, for errors.
        domain: whose signature it is (d=).
        keys: each adds a signature.
    """

    def __init__(self, name: str, domain: str, keys: tuple[Key, ...]) -> None:
        self._name = name
        self._domain = domain
        self._keys = keys
        # A domain, what is below it, and what is above it are aligned (RFC 7489, section 3.1.1).
        labels = domain.split(".")
        above = [".".join(labels[start:]) for start in range(1, len(labels) - 1)]
        self._signs_for = (domain, f"*.{domain}", *above)

    def objection(self, message: Message) -> str | None:
        """Why a message cannot be signed: DMARC wants the domain of From (RFC 7489, section 3.1.1)."""
        sender = message.sender.email
        if any(covers(entry, sender) for entry in self._signs_for):
            return None
        return f"the sender {sender} cannot be signed for the domain {self._domain} (dkim_domain)"

    def serialiser(self, message: Message) -> Serialise:
        """Writes a message as `Message.as_bytes` does, with signatures in front.

        Raises:
            TransportConfigError: the sender's domain is another.
        """
        if reason := self.objection(message):
            advice = f"Send from {self._domain} or from below it, or through a transport that signs for that domain."
            raise TransportConfigError(reason, transport=self._name, phase="check", advice=advice)

        def serialise(*, eight_bit: bool = False, smtputf8: bool = False) -> bytes:
            octets = message.as_bytes(eight_bit=eight_bit, smtputf8=smtputf8)
            # Receivers mistrust a signature of the future, and a message may be dated ahead.
            return self.signed(octets, min(int(message.date.timestamp()), int(time.time())))

        return serialise

    def signed(self, octets: bytes, when: int) -> WireOctets:
        """A message with the signatures in front.

        Args:
            octets: the message with CRLF, no name twice among the headers that are signed.
            when: the time of the signature (t=), in seconds since 1970.
        """
        head, _, body = octets.partition(b"\r\n\r\n")
        headers = _headers(head)
        names = _signed_names(tuple(headers))
        present = b"".join(headers.pop(name, b"") for name in names)  # a second time it is not there any more
        body_hash = _base64(hashlib.sha256(_relaxed_body(body)).digest())
        signatures = b""
        for key in self._keys:
            field = (
                f" v=1; a={key.algorithm}-sha256; c=relaxed/relaxed; d={self._domain};\r\n"
                f" s={key.selector}; t={when};\r\n h={_folded_names(names)};\r\n bh={body_hash};\r\n b="
            ).encode("ascii")
            signature = key.sign(present + _relaxed(b"dkim-signature", field.replace(b"\r\n", b"")).rstrip())
            signatures += b"DKIM-Signature:" + field + _folded(_base64(signature)) + b"\r\n"
        return WireOctets(signatures + octets)

    def diagnosis(self) -> Diagnosis:
        """Which keys sign, for `notify doctor`, which compares them with those in the DNS."""
        keys = [
            {"selector": key.selector, "algorithm": key.algorithm, "bits": key.bits, "record": key.record}
            for key in self._keys
        ]
        data = {"dkim": {"domain": self._domain, "signs_for": list(self._signs_for), "keys": keys}}
        found = f"mail is signed for {self._domain} by {' and '.join(map(str, self._keys))}"
        if short := [key for key in self._keys if key.algorithm == "rsa" and key.bits < _FAIR]:
            advice = f"{short[0].bits} bits are few: make a key of {_FAIR}, under a new selector (RFC 8301)."
            return Diagnosis("dkim", "warning", found, advice, data)
        return Diagnosis("dkim", "ok", found, data=data)


def signer(
    name: str, domain: str | None, selectors: tuple[str, ...], key: Secret | None, file: Path | None
) -> Signer | None:
    """The signer that a transport's settings describe; None where there is none of them.

    Raises:
        ConfigError: one is missing, both of `key` and `file` are there, or a key cannot be read.
    """
    given = {"dkim_domain": domain, "dkim_selector": selectors, "dkim_key": key or file}
    if not any(given.values()):
        return None
    missing = [setting for setting, value in given.items() if not value]
    if missing or domain is None:
        raise ConfigError(
            f"{name}: setting {missing[0]!r} is missing: signing with DKIM takes dkim_domain, dkim_selector, and "
            "dkim_key or dkim_key_file"
        )
    if key and file:
        raise ConfigError(f"{name}: give one of dkim_key and dkim_key_file, not both")
    if file is None:
        pem, where = key or Secret(""), f"{name}: setting 'dkim_key'"
    else:
        pem, where = _read(file, name), f"{name}: dkim_key_file {file}"
    return Signer(name, Address(f"postmaster@{domain}").domain, read_keys(pem, selectors, where))


def _read(file: Path, name: str) -> Secret:
    try:
        return Secret(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{name}: dkim_key_file {file} cannot be read: {reason}") from None


def _headers(head: bytes) -> dict[bytes, bytes]:
    """The canonical header fields by their names in small letters (RFC 6376, section 3.4.2)."""
    lines = head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b"\t").split(b"\r\n")
    pairs = (line.partition(b":") for line in lines)
    return {name.lower(): _relaxed(name.lower(), value) for name, _, value in pairs}


def _relaxed(name: bytes, value: bytes) -> bytes:
    return name + b":" + _BLANKS.sub(b" ", value).strip(b" ") + b"\r\n"


def _relaxed_body(body: bytes) -> bytes:
    """The canonical body (RFC 6376, section 3.4.4)."""
    body = body.replace(b"\t", b" ")
    while b"  " in body:  # which halves each run: far faster than a regular expression
        body = body.replace(b"  ", b" ")
    body = body.replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""


@lru_cache(maxsize=64)
def _signed_names(there: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The names that h= has for a message with these headers."""
    lists = _LIST if any(name in there for name in _LIST) else ()
    often = (*_ALWAYS, *lists)
    return (*(name for name in (*often, *_IF_THERE) if name in there), *often)


@lru_cache(maxsize=64)
def _folded_names(names: tuple[bytes, ...]) -> str:
    lines = [""]
    for name in names:
        word = f"{name.decode('ascii')}:"
        if len(lines[-1]) + len(word) > _WIDTH:
            lines.append("")
        lines[-1] += word
    return "\r\n ".join(lines).rstrip(":")


def _folded(text: str) -> bytes:
    return "\r\n ".join(text[start : start + _WIDTH] for start in range(0, len(text), _WIDTH)).encode("ascii")


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
