"""Private keys of the tests, made anew in each process."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def _pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


_RSA = rsa.generate_private_key(65537, 2048)
RSA = _pem(_RSA)
ED25519 = _pem(ed25519.Ed25519PrivateKey.generate())
OTHER = _pem(ec.generate_private_key(ec.SECP256R1()))
SHORT = _pem(rsa.generate_private_key(65537, 1024))  # noqa: S505 - the doctor warns of it
# Of 512 bits, which nobody makes any more: by `openssl genrsa 512`.
TINY = """\
-----BEGIN PRIVATE KEY-----
MIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEAu6plCt6jKlAEF5xk
MntCmGqdJXwQ+Mi+JqtJBjpfXlssz1WabbDtbfFOzhlgZl2242fwlLXhHdktKH/2
oI1vIwIDAQABAkA7s4R7hcJgpp32qPETQjU4acpeb26yxqH/iUQs8AsA5/Les1dq
7rKZWdB4lkecJx9CYCOd/glp5iagpBadxHOxAiEA5t4baykcqxjQJZ8Dp3wSZb0u
+3z9tTPof+eSK8MK0zsCIQDQGFH94RuA0Y621tDcT0DmR/WretZ+v0ba3y5dAkjF
OQIgGhe6Q5dG7TOFuurI7/H+5k7Gc5gB2KwAOAyFIbsOiycCIAHfli1g72xzdoNy
36J8HCt2jmGi03eEpVCnHbW8pYcRAiEAiu1t+HXX/BqCXw8sGg4nENRIzZeb6CEh
3rsVFACWfsw=
-----END PRIVATE KEY-----
"""
TRADITIONAL = _RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
OPENSSH = _RSA.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
LOCKED = _RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")).decode()
LOCKED_TRADITIONAL = _RSA.private_bytes(
    Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"secret")
).decode()
PUBLIC = _RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def pem(*keys: str) -> str:
    """Several keys in one text."""
    return "".join(keys)
