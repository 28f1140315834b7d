"""The façade's way into the outbox: what an application calls to have a worker send."""

from __future__ import annotations

import copy
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Self, Unpack

from notify.call import Call, Common

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime, timedelta

    from notify.addresses import AddressLike
    from notify.call import CommonKeywords, Keywords
    from notify.catalog import Catalog
    from notify.message import Message
    from notify.outbox.job import Job
    from notify.outbox.outbox import Outbox
    from notify.outbox.terms import Priority


class Enqueueing(ABC):
    """The part of `Notifier` that leaves the sending to a worker.

    Attributes:
        catalog: the definitions.
    """

    catalog: Catalog

    def __init__(self) -> None:
        self._outbox: Outbox | None = None
        self._opening = threading.Lock()

    @abstractmethod
    def _opened(self) -> Outbox:
        """An outbox over the notifier's parts as they are now."""

    @property
    def outbox(self) -> Outbox:
        """The durable queue that `enqueue` fills: to find jobs, take them back, and have them sent.

        Raises:
            ConfigError: it is not installed, or the configuration names no database that it can be in.
        """
        if self._outbox is None:
            with self._opening:
                if self._outbox is None:
                    self._outbox = self._opened()
        return self._outbox

    def enqueue(
        self,
        name: str,
        *,
        key: str | None = None,
        at: datetime | None = None,
        delay: timedelta | float | None = None,
        priority: Priority | None = None,
        connection: object = None,
        via: str | None = None,
        **call: Unpack[Keywords],
    ) -> Job:
        """Put a notification into the durable outbox, from which a worker sends it.

        All is checked at once that can be before anything is rendered. When this has returned, the job is durable; with
        a `connection` it is when that has committed, and there is none if it rolls back.

        Args:
            name: the notification's id.
            key: whoever enqueues with a key that a job has already, gets that job, and nothing is enqueued.
            at: when it is due, with a time zone; what is past is due at once.
            delay: the time until it is due, in seconds if it is a number.
            priority: what is due of a higher one is sent first; by default high for security, low for marketing.
            connection: whose transaction the job is to be part of, in the outbox's own database: a Connection or
                Session of SQLAlchemy, a connection of sqlite3, psycopg or psycopg2, or one of `django.db.connections`.
            via: the name of one of the environment's transports, instead of the one that is selected.
            call: the keywords of `render`.

        Raises:
            UnknownNotificationError: there is no such notification.
            ParamsError: the params are not what the definition declares, a value cannot be kept, a keyword is wrong, or
                the key belongs to another notification or recipient.
            MessageError: an address, a header or an attachment cannot be used; AddressError for the first two.
            ConfigError: nobody is the sender, there is no such theme or transport, an attachment cannot be read, the
                connection leads elsewhere, or the outbox is not installed or has no tables.
            OutboxError: the database cannot be used.
        """
        definition, keywords = self.catalog[name], Call.read(name, **call)
        when = _when(at, delay, priority, via)
        return self.outbox.enqueue(definition, keywords, key=key, connection=connection, **when)

    async def aenqueue(
        self,
        name: str,
        *,
        key: str | None = None,
        at: datetime | None = None,
        delay: timedelta | float | None = None,
        priority: Priority | None = None,
        via: str | None = None,
        **call: Unpack[Keywords],
    ) -> Job:
        """`enqueue`, in a thread of its own, so that the event loop goes on; for the caller's transaction see there."""
        import asyncio

        when = _when(at, delay, priority, via)
        return await asyncio.to_thread(self.enqueue, name, key=key, **when, **call)

    def enqueue_many(
        self,
        name: str,
        rows: Iterable[tuple[AddressLike | Iterable[AddressLike], Mapping[str, Any]]],
        *,
        keys: Iterable[str | None] | None = None,
        at: datetime | None = None,
        delay: timedelta | float | None = None,
        priority: Priority | None = None,
        connection: object = None,
        via: str | None = None,
        **common: Unpack[CommonKeywords],
    ) -> int:
        """Put one job for each row of (to, params) into the outbox, all of them or none; how many are new.

        Rows may be any number: some thousand are in memory at a time. They are read in one transaction, so that SQLite
        lets nobody else write until the last was read.

        Args:
            name: the notification's id.
            rows: whom to send to, and what the definition declares, for each message.
            keys: a key for each row, or None for one that has none; a row whose key a job has already is passed over.
            at: as `enqueue` takes it, as are the next four.
            delay: see there.
            priority: see there.
            connection: see there.
            via: see there.
            common: the other keywords of `render`, the same for all.

        Raises:
            NotifyError: as `enqueue`; for a row it says the row's number, from 1.
        """
        definition, keywords = self.catalog[name], Common.read(name, **common)
        when = _when(at, delay, priority, via)
        return self.outbox.enqueue_many(definition, rows, keywords, keys=keys, connection=connection, **when)

    def enqueue_message(
        self,
        message: Message,
        *,
        key: str | None = None,
        at: datetime | None = None,
        delay: timedelta | float | None = None,
        priority: Priority | None = None,
        connection: object = None,
        via: str | None = None,
    ) -> Job:
        """Put a message that was rendered before, or built by hand, into the outbox; it is sent with the same octets.

        The keywords and errors are those of `enqueue`. Message-ID and Date are the message's own.
        """
        when = _when(at, delay, priority, via)
        return self.outbox.enqueue_message(message, key=key, connection=connection, **when)

    def _copied(self) -> Self:
        """A copy that opens an outbox of its own, because another part is put into it."""
        other = copy.copy(self)
        other._outbox, other._opening = None, threading.Lock()  # noqa: SLF001 - it is one of us
        return other

    def _close_outbox(self) -> None:
        if self._outbox is not None:
            self._outbox.close()


def _when(
    at: datetime | None, delay: timedelta | float | None, priority: Priority | None, via: str | None
) -> dict[str, Any]:
    """The keywords that say when a job is to be sent, and by what."""
    return {"at": at, "delay": delay, "priority": priority, "via": via}
