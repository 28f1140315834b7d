"""How logs name people."""

from __future__ import annotations

import hashlib

_DIGITS = 12


def shown(address: str | None, *, clear: bool) -> str:
    """An address for a log: 12 hexadecimal digits of the SHA-256 of it in small letters, or itself if `clear`."""
    if address is None:
        return "somebody"
    if clear:
        return address
    return hashlib.sha256(address.lower().encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
