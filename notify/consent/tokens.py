"""Signed tokens for the links of mails: who may leave what, and until when.

A token is URL-safe base64 of one octet each for the version and the purpose, three that name the key, two for the last
day in days since 1970, one for the kind of the scope, one for the length of its name, the name, the recipient, and the
first 16 octets of an HMAC-SHA256 (RFC 2104, section 5) over all before. It is signed, not sealed: who has it can read
the address in it, as who has the mail can.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

from notify.consent.scopes import KINDS, Scope
from notify.errors import ConfigError, NotifyError

if TYPE_CHECKING:
    from collections.abc import Iterable

Purpose = Literal["unsubscribe", "preferences"]
PURPOSES: tuple[Purpose, ...] = ("unsubscribe", "preferences")
LIFETIME = 90 * 86400
_VERSION = 1
_SHORTEST_KEY = 32
_DAY = 86400
_LAST_DAY = 0xFFFF
_LONGEST_NAME = 255
_ID, _MAC, _HEAD = 3, 16, 9
_LONGEST = 1024


class TokenError(NotifyError, ValueError):
    """A token that is not believed; nothing may be done with it.

    Its words are the same for each, so that nobody learns why.

    Attributes:
        reason: what is wrong, for logs.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("the link is incomplete or has expired")
        self.reason = reason

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.reason,)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says.

    Attributes:
        purpose: which page it is for.
        recipient: the address, in lower case.
        scope: what the mail was about.
        expires: the end, in seconds since 1970.
    """

    purpose: Purpose
    recipient: str
    scope: Scope
    expires: int


@dataclass(frozen=True, slots=True)
class _Key:
    id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        # Derived, so that the same secret can be used elsewhere, and its id says nothing about it.
        secret = hmac.digest(text.encode(), b"notify consent token", "sha256")
        return cls(hmac.digest(secret, b"id", "sha256")[:_ID], secret)

    def mac(self, signed: bytes) -> bytes:
        return hmac.digest(self.secret, signed, "sha256")[:_MAC]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes tokens and reads them. Safe to share between threads.

    Attributes:
        lifetime: for how many seconds a token is believed; to the end of the day (UTC) in which that ends.
    """

    _keys: tuple[_Key, ...] = field(repr=False)
    lifetime: int = LIFETIME

    @classmethod
    def of(cls, keys: Iterable[str], lifetime: int = LIFETIME) -> Self:
        """Tokens that the first key signs, and each is believed for.

        Raises:
            ConfigError: there is no key, or one that can be guessed.
        """
        texts = tuple(keys)
        if not texts:
            raise ConfigError(
                "unsubscribe: there is no key to sign links with: set NOTIFY_UNSUBSCRIBE_KEYS, or `keys` in notify.yaml"
            )
        for number, text in enumerate(texts, 1):
            if len(text) < _SHORTEST_KEY:
                raise ConfigError(
                    f"unsubscribe: key {number} of {len(texts)} has {len(text)} characters, expected at least "
                    f"{_SHORTEST_KEY}, made of chance: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
                )
        return cls(tuple(map(_Key.of, texts)), lifetime)

    def issue(self, purpose: Purpose, recipient: str, scope: Scope, *, now: float | None = None) -> str:
        """A token for somebody.

        Args:
            purpose: which page it is for.
            recipient: as `person` gives it.
            scope: what the mail is about.
            now: seconds since 1970 from which the lifetime counts; by default the clock's.

        Raises:
            ValueError: the name of the scope has more than 255 octets.
        """
        name = scope.name.encode()
        if len(name) > _LONGEST_NAME:
            raise ValueError(f"expected a name of at most {_LONGEST_NAME} octets, got {scope.name!r:.80}")
        # Days only, so that a mail that is rendered twice has the same link.
        day = min(int((time.time() if now is None else now) + self.lifetime) // _DAY, _LAST_DAY)
        key = self._keys[0]
        signed = b"%c%c%b%b%c%c%b%b" % (
            _VERSION, PURPOSES.index(purpose), key.id, day.to_bytes(2, "big"), KINDS.index(scope.kind), len(name),
            name, recipient.encode(),
        )  # fmt: skip
        return base64.urlsafe_b64encode(signed + key.mac(signed)).rstrip(b"=").decode()

    def instead(self, claim: Claim, purpose: Purpose) -> str:
        """A token for another page that ends when the one of this claim ends."""
        return self.issue(purpose, claim.recipient, claim.scope, now=claim.expires - 1 - self.lifetime)

    def read(self, token: str, purpose: Purpose, *, now: float | None = None) -> Claim:
        """What a token says.

        Raises:
            TokenError: it is none of ours, for another page, or has expired.
        """
        octets = _octets(token)
        signed, mac = octets[:-_MAC], octets[-_MAC:]
        self._prove(signed, mac)
        claim = _claim(signed)
        if claim.purpose != purpose:
            raise TokenError(f"it is for {claim.purpose}, not for {purpose}")
        if claim.expires <= (time.time() if now is None else now):
            raise TokenError("it has expired")
        return claim

    def _prove(self, signed: bytes, mac: bytes) -> None:
        """Every key that may have signed is tried to the end, and one always is."""
        named = [key for key in self._keys if key.id == signed[2 : 2 + _ID]]
        proven = [hmac.compare_digest(key.mac(signed), mac) for key in named or self._keys[:1]]
        if not named:
            raise TokenError("no key of ours signed it")
        if not any(proven):
            raise TokenError("its signature is wrong")


def _octets(token: str) -> bytes:
    if len(token) > _LONGEST or not token.isascii():
        raise TokenError("it is too long, or not ASCII")
    try:
        octets = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise TokenError("it is not base64") from None
    # Some last letters stand for the same octets; only one way of writing them is ours.
    if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() != token:
        raise TokenError("it is not base64 as we write it")
    if len(octets) <= _HEAD + _MAC:
        raise TokenError("it is too short")
    return octets


def _claim(signed: bytes) -> Claim:
    """What proven octets say; only those of a later version of notify can say what this one does not know."""
    version, purpose, kind, length = signed[0], signed[1], signed[7], signed[8]
    if version != _VERSION or purpose >= len(PURPOSES) or kind >= len(KINDS):
        raise TokenError(f"it is of version {version}, or says what this version does not know")
    end = _HEAD + length
    scope = Scope(KINDS[kind], signed[_HEAD:end].decode())
    expires = (int.from_bytes(signed[5:7], "big") + 1) * _DAY
    return Claim(PURPOSES[purpose], signed[end:].decode(), scope, expires)
