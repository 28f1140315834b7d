"""Which rows there were before, in little memory: a table of 64-bit keys, 24 to 48 octets for each."""

from __future__ import annotations

from array import array

_SMALLEST = 1024


class Seen:
    """A mapping of keys to the line where each came first; open addressing, at most two thirds full."""

    def __init__(self) -> None:
        self._count = 0
        self._make(_SMALLEST)

    def first(self, key: int, line: int) -> int:
        """The line where the key came first, which is this one if it is new.

        Args:
            key: a good hash, below 2^64.
            line: above 0.
        """
        place = self._place(key)
        if self._lines[place]:
            return self._lines[place]
        self._keys[place], self._lines[place] = key, line
        self._count += 1
        if self._count * 3 > self._size * 2:
            self._grow()
        return line

    def _place(self, key: int) -> int:
        """Where the key is, or the free place where it belongs."""
        place = key & (self._size - 1)
        while self._lines[place] and self._keys[place] != key:
            place = (place + 1) & (self._size - 1)
        return place

    def _make(self, size: int) -> None:
        self._size = size
        self._keys = array("Q", bytes(8 * size))
        self._lines = array("Q", bytes(8 * size))

    def _grow(self) -> None:
        keys, lines = self._keys, self._lines
        self._make(self._size * 2)
        for key, line in zip(keys, lines, strict=True):
            if line:
                place = self._place(key)
                self._keys[place], self._lines[place] = key, line
