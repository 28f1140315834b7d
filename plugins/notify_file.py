"""The `file` and `maildir` transports: keep each message as a file in a folder.

As local delivery agents do (RFC 5321, section 4.4), they write the envelope before the message, and also what it is
filed under; after these lines come the octets that would be sent.
"""

from __future__ import annotations

import errno
import itertools
import os
import re
import threading
import time
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from notify import (
    Capabilities,
    ConfigError,
    DeliveryError,
    Receipt,
    TemporaryError,
    Transport,
    TransportConfigError,
    hookimpl,
    setting,
)
from notify.atomic import write_atomically
from notify.message import Trace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import Message
    from notify.dsn import Dsn

_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO, errno.EAGAIN, errno.EINTR}


class File(Transport):
    """Keeps each message as a file in a folder, readable by its owner only."""

    capabilities = Capabilities(delivers=False, tags=True, metadata=True)
    senders = 0

    folder: Path = setting("The folder, made when first needed.", default=Path(".notify/mail"))
    format: Literal["eml", "maildir"] = setting(
        "eml: one .eml file each, named by date and subject; maildir: a folder that mail programs open.", default="eml"
    )

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        super().__init__(name=name, base=base, **settings)
        self._lock = threading.Lock()
        self._last = 0
        self._count = itertools.count(1)

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """`file:///absolute/folder` or `file:relative/folder`, and settings in the query.

        Raises:
            ConfigError: there is a user, a password, a host, a port or an option, or the folder is given twice.
        """
        if dsn.option or dsn.user or dsn.password or dsn.host or dsn.port is not None:
            raise ConfigError(f"{dsn.scheme}: takes a folder only: {dsn.scheme}:///absolute or {dsn.scheme}:relative")
        if dsn.path and "folder" in dsn.query:
            raise ConfigError(f"{dsn.scheme}: the folder is given twice, as the path and as ?folder=")
        return {**dsn.query, **({"folder": dsn.path} if dsn.path else {})}

    def send(self, message: Message) -> Receipt:
        """Write the message to a new file, which appears whole or not at all.

        Raises:
            TransportConfigError: the folder cannot be made or written to.
            TemporaryError: the disk is full, or fails.
        """
        data = Trace.of(message).as_bytes() + message.as_bytes(smtputf8=message.needs_smtputf8)
        try:
            path = self._write_maildir(data) if self.format == "maildir" else self._write_eml(data, message.subject)
        except OSError as error:
            raise self._failure(error) from error
        return self.receipt(message, response=f"written to {path}")

    def verify(self) -> None:
        """Make the folder and write to it.

        Raises:
            TransportConfigError: the folder cannot be made or written to.
            TemporaryError: the disk is full, or fails.
        """
        import tempfile

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise self._failure(error) from error

    def _write_eml(self, data: bytes, subject: str) -> Path:
        stamp = datetime.fromtimestamp(self._tick() / 1_000_000, UTC)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{stamp:%Y%m%d-%H%M%S-%f}-{os.urandom(4).hex()}{_slug(subject)}.eml"
        write_atomically(path, data, mode=0o600)
        return path

    def _write_maildir(self, data: bytes) -> Path:
        """See https://cr.yp.to/proto/maildir.html; lines end in LF, as local mail programs expect."""
        import socket

        for name in ("tmp", "new", "cur"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        seconds, micros = divmod(self._tick(), 1_000_000)
        host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
        unique = f"{seconds}.M{micros:06}P{os.getpid()}Q{next(self._count)}R{os.urandom(4).hex()}.{host}"
        path = self.folder / "new" / unique
        temporary = self.folder / "tmp" / unique
        write_atomically(path, data.replace(b"\r\n", b"\n"), temporary=temporary, mode=0o600)
        return path

    def _tick(self) -> int:
        """The time in microseconds, later than every time before, so that names sort as the messages came."""
        with self._lock:
            self._last = max(time.time_ns() // 1000, self._last + 1)
            return self._last

    def _failure(self, error: OSError) -> DeliveryError:
        where = error.filename or self.folder
        kind = TemporaryError if error.errno in _PASSING else TransportConfigError
        advice = "" if kind is TemporaryError else "check the setting `folder` and its permissions"
        return kind(f"cannot write {where}: {error.strerror}", transport=self.name, phase="write", advice=advice)


class Maildir(File):
    """Keeps messages in a maildir, which mail programs open."""

    format: Literal["eml", "maildir"] = setting("As of the file transport.", default="maildir")


def _slug(subject: str) -> str:
    """`-your-order-a-1001`: what ASCII can say of a subject, or nothing."""
    ascii_only = unicodedata.normalize("NFKD", subject).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].rstrip("-")
    return f"-{words}" if words else ""


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Offer `file` and `maildir`."""
    return {"file": File, "maildir": Maildir}
