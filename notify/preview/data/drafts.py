"""Edited params that a URL can carry: short ones as they are, long ones by a name."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError
from notify.yamlnodes.writing import check_writable

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_TOKEN = 1_500
_LARGEST_UNPACKED = 256 * 1024
_LARGEST = 1_000_000


class Drafts:
    """Params that were edited and not saved; safe to use from several threads.

    A short draft is its own token: `z`, then base64url (RFC 4648, section 5) of JSON compressed by zlib (RFC 1950). A
    longer one stays in memory under `h` and a hash, until newer ones need its place.

    Args:
        most: how many drafts are kept in memory.
        octets: how much they may need together.
    """

    def __init__(self, *, most: int = 200, octets: int = 20_000_000) -> None:
        self._most = most
        self._octets = octets
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def put(self, values: Mapping[str, Any]) -> str:
        """The token of plain values; the same for the same.

        Raises:
            ConfigError: they are too large, nested too deeply, or no plain values.
        """
        try:
            data = _packed(dict(values))
        except ValueError as error:
            raise ConfigError(f"the params cannot be kept: {error}") from None
        if len(data) > _LARGEST:
            raise ConfigError(f"the params cannot be kept: they are larger than {_LARGEST:,} bytes")
        if len(data) <= _LARGEST_UNPACKED:
            token = "z" + base64.urlsafe_b64encode(zlib.compress(data, 9)).rstrip(b"=").decode()
            if len(token) <= _LONGEST_TOKEN:
                return token
        token = "h" + hashlib.sha256(data).hexdigest()[:32]
        with self._lock:
            self._keep(token, data)
        return token

    def get(self, token: str) -> dict[str, Any] | None:
        """The values of a token; None if there are none (any more), or it is no token at all."""
        if token.startswith("h"):
            with self._lock:
                data = self._kept.get(token)
                if data is not None:
                    self._kept.move_to_end(token)
            return None if data is None else _unpacked(data)
        return _stateless(token[1:]) if token.startswith("z") and len(token) <= _LONGEST_TOKEN else None

    def _keep(self, token: str, data: bytes) -> None:
        self._size += len(data) - len(self._kept.pop(token, b""))
        self._kept[token] = data
        while len(self._kept) > self._most or self._size > self._octets:
            _, oldest = self._kept.popitem(last=False)
            self._size -= len(oldest)


def _packed(values: dict[str, Any]) -> bytes:
    check_writable(values)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(data: bytes) -> dict[str, Any] | None:
    """The JSON object, if that is what it is."""
    try:
        values = json.loads(data)
        check_writable(values)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _stateless(packed: str) -> dict[str, Any] | None:
    """What a token holds, which anybody may have made up."""
    try:
        octets = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(octets, _LARGEST_UNPACKED + 1)
    except (ValueError, zlib.error):
        return None
    return _unpacked(data) if unpacking.eof and len(data) <= _LARGEST_UNPACKED else None
