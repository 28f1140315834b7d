"""The mailbox: mails that transports of development have kept, and those that the sink took."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from notify.atomic import write_atomically
from notify.errors import ConfigError
from notify.message import Trace
from notify.preview.mailbox.cache import Cache
from notify.preview.mailbox.files import changes, identifier, kept_files, new_name, read_kept
from notify.preview.mailbox.mail import summary
from notify.preview.mailbox.search import Query
from notify.preview.mailbox.wait import Watch
from notify.preview.opened import open_mail, visible_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notify.preview.mailbox.files import KeptFile
    from notify.preview.mailbox.mail import Mail
    from notify.preview.opened import Opened

_SUMMARIES = 10_000
_TEXTS = 30_000_000
"""Characters of texts that are kept for searching."""


class Mailbox:
    """The mails of some folders, newest first. Safe to share between threads, and with other processes.

    A mail that vanishes meanwhile, or cannot be read, is as if it were not there. Mails are found by their ids only, so
    that no request can name a path.

    Args:
        folders: each with `.eml` files, or a maildir, or both; need not exist. The first is the mailbox's own: to it
            mails are added, and there old ones are removed.
        keep: how many mails `expire` leaves in the first folder.
        keep_days: for how long it leaves them.
    """

    def __init__(self, folders: Sequence[Path], *, keep: int = 1000, keep_days: float = 30) -> None:
        self.look_into(folders)
        self._keep = keep
        self._age = timedelta(days=keep_days)
        self._summaries: Cache[Mail] = Cache(_SUMMARIES)
        self._texts: Cache[str] = Cache(_TEXTS, weigh=lambda text: len(text) + 100)

    def look_into(self, folders: Sequence[Path]) -> None:
        """From now on, show the mails of these folders."""
        self.folders = tuple(dict.fromkeys(Path(os.path.realpath(folder)) for folder in folders))

    def list(self, query: str = "", *, limit: int = 50, offset: int = 0) -> tuple[tuple[Mail, ...], int]:
        """Some of the mails that a query finds, and how many it finds in all.

        Raises:
            ConfigError: a date in the query is wrong.
        """
        files = self.files()
        if not query.strip():
            return tuple(self._mails(files[offset : offset + limit])), len(files)
        found = [mail for _, mail in self.matching(Query.parse(query), files)]
        return tuple(found[offset : offset + limit]), len(found)

    def get(self, identifier: str) -> Mail | None:
        """The mail of that id."""
        file = self._file(identifier)
        return self._mail(file) if file else None

    def open(self, identifier: str) -> Opened | None:
        """The mail of that id, taken apart."""
        file = self._file(identifier)
        data = read_kept(file.path) if file else None
        return None if data is None else open_mail(data)

    def delete(self, identifier: str) -> bool:
        """Delete a mail; False if there is none of that id.

        Raises:
            ConfigError: the file cannot be deleted.
        """
        file = self._file(identifier)
        return file is not None and _delete(file)

    def delete_all(self, query: str = "") -> int:
        """Delete all mails that a query finds; says how many.

        Raises:
            ConfigError: a date in the query is wrong, or a file cannot be deleted.
        """
        files = self.files()
        if query.strip():
            files = tuple(file for file, _ in self.matching(Query.parse(query), files))
        return sum(map(_delete, files))

    def expire(self) -> int:
        """Delete what is too much or too old; says how many.

        Only files of the first folder, with a name that the file transport or this mailbox gave, are ever touched.

        Raises:
            ConfigError: a file cannot be deleted.
        """
        files = [file for file in _newest_first(kept_files(self.folders[0])) if file.ours]
        oldest = datetime.now(UTC) - self._age
        fresh = [file for file in files[: self._keep] if file.received >= oldest]
        return sum(map(_delete, files[len(fresh) :]))

    def add(self, data: bytes, *, envelope_sender: str, recipients: Sequence[str]) -> Mail:
        """Keep a mail, readable by its owner only.

        Raises:
            OSError: it cannot be written.
        """
        folder, now = self.folders[0], datetime.now(UTC)
        whole = Trace(envelope_sender, tuple(recipients)).as_bytes() + data
        path = folder / new_name(now)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, whole, mode=0o600)
        return summary(identifier(folder, path.name), now, open_mail(whole))

    async def wait(
        self,
        query: str = "",
        *,
        since: datetime | None = None,
        timeout: float = 30,  # noqa: ASYNC109 - the answer after it is None, not an error
    ) -> Mail | None:
        """The newest mail that a query finds, as soon as there is one; None if there is none in `timeout` seconds.

        Args:
            query: what it must be like.
            since: an aware time before which no mail counts; without it, one that was there before counts too.
            timeout: seconds; 0 looks once.

        Raises:
            ConfigError: a date in the query is wrong.
        """
        return await Watch(self, Query.parse(query), since).wait(timeout)

    def latest_change(self) -> tuple[int, ...]:
        """Another value as soon as a mail has come or gone; the times of the folders, in nanoseconds."""
        return tuple(change for folder in self.folders for change in changes(folder))

    def files(self) -> tuple[KeptFile, ...]:
        """The files of all folders, newest first."""
        return _newest_first(file for folder in self.folders for file in kept_files(folder))

    def matching(self, query: Query, files: Iterable[KeptFile]) -> Iterator[tuple[KeptFile, Mail]]:
        """Those of the files that a query finds, in their order, each with its summary."""
        for file in files:
            mail = self._mail(file)
            if mail is not None and query.matches(mail, partial(self._text, file)):
                yield file, mail

    def _file(self, identifier: str) -> KeptFile | None:
        return next((file for file in self.files() if file.id == identifier), None)

    def _mails(self, files: Iterable[KeptFile]) -> Iterator[Mail]:
        return (mail for mail in map(self._mail, files) if mail is not None)

    def _mail(self, file: KeptFile) -> Mail | None:
        mail = self._summaries.get(file.version)
        if mail is None and (data := read_kept(file.path)) is not None:
            mail = summary(file.id, file.received, open_mail(data))
            self._summaries.put(file.version, mail)
        return mail

    def _text(self, file: KeptFile) -> str:
        text = self._texts.get(file.version)
        if text is None:
            opened = open_mail(read_kept(file.path) or b"")
            text = visible_text(opened.html or "") if opened.text is None else opened.text
            self._texts.put(file.version, text)
        return text


def _newest_first(files: Iterable[KeptFile]) -> tuple[KeptFile, ...]:
    once = {file.id: file for file in files}  # one that moves from `new` to `cur` meanwhile may be seen in both
    return tuple(sorted(once.values(), key=lambda file: (file.received, file.path), reverse=True))


def _delete(file: KeptFile) -> bool:
    try:
        Path(file.path).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ConfigError(f"cannot delete {file.path}: {error.strerror}") from error
    return True
