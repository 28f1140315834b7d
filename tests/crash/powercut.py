"""What a power cut would leave: the log of `powercut.c`, up to some moment, without what was not asked to be kept.

Of what was written to a file since its last fsync, any part may be there: none, or each sector by chance. A new file is
there when its folder was synchronised.
"""

from __future__ import annotations

import struct
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_RECORD = struct.Struct("=IIIIQQ")
_SECTOR = 512
OPEN, WRITE, SYNC, TRUNCATE, UNLINK, SEND = (ord(letter) for letter in "OWSTUN")


class Record(NamedTuple):
    """One call of the system; `data` is the path of OPEN and UNLINK, and the octets of WRITE and SEND."""

    kind: int
    process: int
    file: int
    offset: int
    length: int
    data: bytes


def library(folder: Path) -> Path:
    """The library, compiled."""
    made = folder / "powercut.so"
    source = Path(__file__).with_name("powercut.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"], check=True)  # noqa: S607
    return made


def records(log: Path) -> Iterator[Record]:
    """All calls, oldest first."""
    octets, at = log.read_bytes(), 0
    while at < len(octets):
        kind, process, file, _, offset, length = _RECORD.unpack_from(octets, at)
        at += _RECORD.size
        size = length if kind in {OPEN, WRITE, UNLINK, SEND} else 0
        yield Record(kind, process, file, offset, length, octets[at : at + size])
        at += size


class Disk:
    """The files of one folder, as the calls leave them.

    Args:
        folder: the folder, as the calls name it; what is in it now was kept before.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[tuple[int, int], str] = {}
        self._kept = {str(path): bytearray(path.read_bytes()) for path in folder.iterdir() if path.is_file()}
        self._loose: defaultdict[str, list[tuple[int, bytes | None]]] = defaultdict(list)
        self._named = set(self._kept)

    def play(self, record: Record) -> None:
        """One more call."""
        if record.kind == OPEN:
            self._paths[record.process, record.file] = record.data.decode()
            return
        if record.kind == UNLINK:
            path = record.data.decode()
            self._kept.pop(path, None)
            self._loose.pop(path, None)
            self._named.discard(path)
            return
        path = self._paths.get((record.process, record.file), "")
        if record.kind == WRITE:
            self._loose[path].append((record.offset, record.data))
        elif record.kind == TRUNCATE:
            self._loose[path].append((record.offset, None))
        elif record.kind == SYNC and path.rstrip("/") == str(self._folder):
            self._named |= self._kept.keys() | self._loose.keys()
        elif record.kind == SYNC:
            _apply(self._kept.setdefault(path, bytearray()), self._loose.pop(path, []))

    def path(self, record: Record) -> str:
        """The file that a call is about."""
        return self._paths.get((record.process, record.file), "")

    def cut(self, folder: Path, names: frozenset[str], chance: random.Random | None) -> None:
        """Write what is there after a power cut: these files; `chance` says which of what was not kept is there too."""
        for path in self._named:
            name = Path(path).name
            if name in names:
                octets = bytearray(self._kept.get(path, b""))
                if chance is not None:
                    _apply(octets, _some(self._loose.get(path, []), chance))
                (folder / name).write_bytes(octets)


def _apply(octets: bytearray, changes: list[tuple[int, bytes | None]]) -> None:
    for offset, data in changes:
        if data is None:
            del octets[offset:]
        else:
            octets.extend(bytes(max(0, offset - len(octets))))
            octets[offset : offset + len(data)] = data


def _some(changes: list[tuple[int, bytes | None]], chance: random.Random) -> list[tuple[int, bytes | None]]:
    """Some sectors of what was written."""
    found: list[tuple[int, bytes | None]] = []
    for offset, data in changes:
        if data is None:
            found += [(offset, None)] if chance.random() < 1 / 2 else []
            continue
        for begin in range(0, len(data), _SECTOR):
            if chance.random() < 1 / 2:
                found.append((offset + begin, data[begin : begin + _SECTOR]))
    return found
