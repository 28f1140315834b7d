"""Private keys that mail is signed with, read from PEM (RFC 6376 for RSA, RFC 8463 for Ed25519)."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify import ConfigError, Secret

if TYPE_CHECKING:
    from collections.abc import Callable

_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]+-----.*?-----END [A-Z0-9 ]+-----", re.DOTALL)
_TITLE = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")
_LEAST = 1024
_ADVICE = "`openssl genrsa 2048` makes one that can be read"


@dataclass(frozen=True, slots=True)
class Key:
    """A private key and the name under which the DNS has its public part.

    Attributes:
        selector: that name.
        algorithm: `rsa` or `ed25519`, as k= of the DNS and the first half of a= have it.
        bits: its length.
        public: the public part as p= has it, in base64.
        sign: the signature over the SHA-256 of some octets.
    """

    selector: str
    algorithm: str
    bits: int
    public: str
    sign: Callable[[bytes], bytes] = field(repr=False, compare=False)

    @property
    def record(self) -> str:
        """The TXT record that receivers look for."""
        return f"v=DKIM1; k={self.algorithm}; p={self.public}"

    def __str__(self) -> str:
        title = f"RSA of {self.bits} bits" if self.algorithm == "rsa" else "Ed25519"
        return f"{title} (selector {self.selector})"


def read_keys(pem: Secret, selectors: tuple[str, ...], where: str) -> tuple[Key, ...]:
    r"""The private keys of a PEM text, each with its selector; both come in the same order.

    Args:
        pem: the text. Line breaks may be written as the two letters `\n`, as variables often have them.
        selectors: one for each key.
        where: what holds the text, for errors; they never show it.

    Raises:
        ConfigError: cryptography is not installed, a key cannot be read or is too short, or there are more or fewer
            keys than selectors.
    """
    blocks = _blocks(pem)
    if not blocks:
        raise ConfigError(f"{where} holds no private key in PEM: it begins with -----BEGIN PRIVATE KEY-----")
    if len(blocks) != len(selectors):
        raise ConfigError(
            f"{where} has {len(blocks)} in PEM, and dkim_selector names {len(selectors)}: give one selector for each "
            "private key, in their order"
        )
    return tuple(_key(block, selector, where) for block, selector in zip(blocks, selectors, strict=True))


def _blocks(pem: Secret) -> list[Secret]:
    return [Secret(block) for block in _BLOCK.findall(pem.reveal().replace("\\n", "\n"))]


def _key(block: Secret, selector: str, where: str) -> Key:
    """One private key, which no local variable of a traceback shows.

    RFC 8301, section 3.2: a signature by an RSA key of less than 1024 bits is not considered valid.
    """
    private = _loaded(block, where)
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if isinstance(private, Ed25519PrivateKey):
        octets = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Key(selector, "ed25519", 256, _base64(octets), lambda data: private.sign(hashlib.sha256(data).digest()))
    if not isinstance(private, RSAPrivateKey):
        raise ConfigError(f"{where}: the key for the selector {selector} is neither RSA nor Ed25519; {_ADVICE}")
    if private.key_size < _LEAST:
        raise ConfigError(
            f"{where}: the key for the selector {selector} has {private.key_size} bits, and receivers take no "
            f"signature by less than {_LEAST}; {_ADVICE}"
        )
    octets = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Key(selector, "rsa", private.key_size, _base64(octets), _rsa_signing(private))


def _rsa_signing(private: Any) -> Callable[[bytes], bytes]:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    padding, digest = PKCS1v15(), SHA256()
    return lambda data: private.sign(data, padding, digest)


def _loaded(block: Secret, where: str) -> Any:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise ConfigError("signing with DKIM needs cryptography: pip install 'notify-framework[dkim]'") from None
    if problem := _problem(block):
        raise ConfigError(f"{where} {problem}")
    try:
        return load_pem_private_key(block.reveal().encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigError(f"{where} holds a private key that cannot be read: was it copied whole? {_ADVICE}") from None


def _problem(block: Secret) -> str:
    """What is wrong with a part of a PEM text by its title; empty if nothing is."""
    found = _TITLE.match(block.reveal())
    title = found[1] if found else ""
    if "ENCRYPTED" in title or ",ENCRYPTED" in block.reveal():
        return "holds a key with a passphrase: write it without one by `openssl pkey -in FILE -out NEW`"
    if title.startswith("OPENSSH"):
        return f"holds a key of OpenSSH, which DKIM has no use for; {_ADVICE}"
    if not title.endswith("PRIVATE KEY"):
        return f"holds a {title}, where a PRIVATE KEY is expected"
    return ""


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
