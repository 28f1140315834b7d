"""Encryption of what must not be read in the outbox's table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.fernet import Fernet, MultiFernet


class Seal:
    """Seals octets with a key, and opens what was sealed with one of its keys.

    It is Fernet (AES-128 in CBC mode, HMAC-SHA256; https://github.com/fernet/spec), whose tokens are ASCII.
    """

    __slots__ = ("_fernet",)

    def __init__(self, fernet: MultiFernet) -> None:
        self._fernet = fernet

    @classmethod
    def of(cls, keys: Sequence[str]) -> Self:
        """The seal of some keys: the first seals, each opens, so that a new one can be put before the old ones.

        Args:
            keys: one or more, each as `new_key` gives them: 32 octets in URL-safe base64.

        Raises:
            ConfigError: a key is none, there is none, or the library is not installed.
        """
        fernet, multi_fernet = _library()
        if isinstance(keys, str) or not keys:
            raise ConfigError("outbox_key: expected a list of one key or more")
        found = []
        for number, key in enumerate(keys, 1):
            try:
                found.append(fernet(key))
            except (ValueError, TypeError, AttributeError):
                raise ConfigError(
                    f"outbox_key: key {number} of {len(keys)} is none: expected 32 octets in URL-safe base64, "
                    "as `notify outbox key` prints them"
                ) from None
        return cls(multi_fernet(found))

    @staticmethod
    def new_key() -> str:
        """A new key, made of chance.

        Raises:
            ConfigError: the library is not installed.
        """
        fernet, _ = _library()
        return fernet.generate_key().decode()

    def seal(self, content: bytes) -> bytes:
        """A token that holds the content."""
        return self._fernet.encrypt(content)

    def open(self, token: bytes) -> bytes:
        """The content of a token.

        Raises:
            ConfigError: none of the keys opens it.
        """
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(token)
        except InvalidToken:
            raise ConfigError(
                "outbox_key: none of the keys opens sealed params: put the key that they were sealed with behind the "
                "newer ones; if it is there, the row was changed"
            ) from None

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a seal is not pickled")


def _library() -> tuple[type[Fernet], type[MultiFernet]]:
    try:
        from cryptography.fernet import Fernet, MultiFernet
    except ImportError:
        raise ConfigError("sealing params needs cryptography: pip install 'notify-framework[seal]'") from None
    return Fernet, MultiFernet
