"""The files of a mailbox: `.eml` files of a folder, and `new` and `cur` of a maildir, without opening them."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_EML = re.compile(r"(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-(\d{6})-[0-9a-f]{8}(?:-[a-z0-9-]+)?\.eml", re.ASCII)
_MAILDIR = re.compile(r"(\d{9,11})\.(?:[^.]*?M(\d{1,6})(?!\d))?", re.ASCII)
_OUR_MAILDIR = re.compile(r"\d+\.M\d{6}P\d+Q\d+R[0-9a-f]{8}\.[^:]+(?::2,[A-Za-z]*)?", re.ASCII)
_FLAGS = re.compile(r":2,[A-Za-z]*\Z")
_LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that holds a mail.

    Attributes:
        path: where it is now; a maildir moves it when somebody has read it.
        id: names it as long as its name, without a maildir's flags, stays.
        received: when it came, as its name says, or else when it was written.
        size: octets.
        written: when it was written, in nanoseconds.
        ours: whether its name is one that the file transport gives.
    """

    path: str
    id: str
    received: datetime
    size: int
    written: int
    ours: bool

    @property
    def version(self) -> tuple[str, int, int]:
        """Another one as soon as the content is another."""
        return self.path, self.written, self.size


def kept_files(folder: Path) -> list[KeptFile]:
    """The files of a folder, in no order; links are not followed, and what vanishes meanwhile is not there."""
    found = [_described(folder, entry, maildir=False) for entry in _entries(folder) if entry.name.endswith(".eml")]
    for name in ("new", "cur"):
        inner = folder / name
        if not inner.is_symlink():
            found += [_described(folder, entry, maildir=True) for entry in _entries(inner)]
    return [file for file in found if file is not None]


def changes(folder: Path) -> tuple[int, ...]:
    """Another value as soon as a file has come or gone, by the clock of the file system; in nanoseconds."""
    return tuple(_written(place) for place in (folder, folder / "new", folder / "cur"))


def read_kept(path: str) -> bytes | None:
    """The content, or the first 64 MiB of more; None if the file is gone, cannot be read or is a link."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            return file.read(_LARGEST) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError:
        return None


def new_name(now: datetime) -> str:
    """A name as the file transport gives."""
    return f"{now.astimezone(UTC):%Y%m%d-%H%M%S-%f}-{os.urandom(4).hex()}.eml"


def identifier(folder: Path, name: str) -> str:
    """The id of the file of that name: letters and digits, from which nobody can come to a path."""
    key = f"{folder}\0{_FLAGS.sub('', name)}"
    return blake2b(key.encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if not entry.name.startswith("."))
    except OSError:
        return


def _described(folder: Path, entry: os.DirEntry[str], *, maildir: bool) -> KeptFile | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    stamp = _maildir_stamp(entry.name) if maildir else _eml_stamp(entry.name)
    ours = _OUR_MAILDIR.fullmatch(entry.name) is not None if maildir else stamp is not None
    received = stamp or datetime.fromtimestamp(status.st_mtime, UTC)
    return KeptFile(
        entry.path,
        identifier(folder, entry.name),
        received,
        status.st_size,
        status.st_mtime_ns,
        ours and stamp is not None,
    )


def _eml_stamp(name: str) -> datetime | None:
    found = _EML.fullmatch(name)
    if found is None:
        return None
    try:
        year, month, day, hour, minute, second, micros = map(int, found.groups())
        return datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)
    except ValueError:
        return None


def _maildir_stamp(name: str) -> datetime | None:
    """The seconds, and the microseconds where there are (https://cr.yp.to/proto/maildir.html)."""
    found = _MAILDIR.match(name)
    if found is None:
        return None
    return datetime.fromtimestamp(int(found[1]), UTC).replace(microsecond=int(found[2] or 0))


def _written(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0
