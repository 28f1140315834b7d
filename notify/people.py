"""How what is kept names people: by their address, or by a hash that only who has the key can make."""

from __future__ import annotations

import hashlib
import hmac

from notify.errors import ConfigError

_SHORTEST_KEY = 16
_DIGITS = 32
_FEW_DIGITS = 12
HASHED = "h:"
"""What a hash begins with; no address does."""


class People:
    """Names people. Two addresses that differ in the case of letters only are one person's.

    Args:
        key: makes the hashes (HMAC-SHA256, RFC 2104); None to name people by their addresses. With another
            one nobody would be found, so that a suppression list remembers which it was made with (`naming`).
        clear_logs: whether logs show addresses.

    Raises:
        ConfigError: the key can be guessed.
    """

    def __init__(self, key: str | None = None, *, clear_logs: bool = False) -> None:
        if key is not None and len(key) < _SHORTEST_KEY:
            raise ConfigError(
                f"feedback: the key of hashed addresses has {len(key)} characters, expected at least {_SHORTEST_KEY}, "
                "made of chance: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        self._clear_logs = clear_logs
        self._key = None if key is None else hashlib.sha256(b"notify people" + key.encode()).digest()

    @property
    def is_hashed(self) -> bool:
        """Whether what is kept does not show addresses."""
        return self._key is not None

    @property
    def naming(self) -> str:
        """The same for those who name people alike: `clear`, or digits that only this key gives."""
        if self._key is None:
            return "clear"
        return hmac.digest(self._key, b"naming", "sha256").hex()[:_FEW_DIGITS]

    def name(self, address: str) -> str:
        """What stands for an address: itself in lower case, or `h:` and 32 hexadecimal digits; a hash stays."""
        lower = address.lower()
        if self._key is None or lower.startswith(HASHED):
            return lower
        return HASHED + hmac.digest(self._key, lower.encode("utf-8", "surrogatepass"), "sha256").hex()[:_DIGITS]

    def shown(self, address: str) -> str:
        """What stands for an address in a log: its hash, or itself if that was asked for.

        Without a key the hash is the first 12 hexadecimal digits of the SHA-256 of the address in lower case.
        """
        if self._key is not None:
            return self.name(address)
        if self._clear_logs:
            return address
        return hashlib.sha256(address.lower().encode("utf-8", "surrogatepass")).hexdigest()[:_FEW_DIGITS]
