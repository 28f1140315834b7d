"""The outbox of one notifier: what is put in, and what people do with it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from notify.database import Database, migrations
from notify.errors import MessageError
from notify.message import Message
from notify.outbox import operating
from notify.outbox.drafting import Drafts
from notify.outbox.enqueueing import Enqueueing, drafted
from notify.outbox.operating import Filter
from notify.outbox.terms import Terms, checked_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from notify.addresses import AddressLike
    from notify.call import Call, Common
    from notify.catalog import Catalog
    from notify.composer import Composer
    from notify.configuration import Configuration, Environment, Transports
    from notify.definition import Definition
    from notify.delivery import Delivery
    from notify.outbox.job import Job
    from notify.outbox.operating import Cancelled, Retried, Stats
    from notify.outbox.sealing import Seal
    from notify.outbox.worker import Settings, Worker


class Filters(TypedDict, total=False):
    """Which jobs are meant, if not by their numbers; `notify.outbox.operating.Filter` describes them."""

    states: tuple[str, ...]
    notification: str | None
    to: str | None
    key: str | None
    since: datetime | None
    until: datetime | None
    due_before: datetime | None
    priority: str | None


class When(TypedDict, total=False):
    """When a job is to be sent, and by what; `Notifier.enqueue` describes them."""

    at: datetime | None
    delay: timedelta | float | None
    priority: str | None
    via: str | None


class Outbox:
    """The durable queue of what is still to be sent. Safe to share between threads, and to be found in a fork.

    Args:
        database: where it is.
        configuration: where files are.
        environment: the keys for sensitive params, and what is kept.
        catalog: the definitions.
        composer: checks calls, and renders.
        transports: what `via` may name.
        delivery: delivers what a worker takes out.
        clear: clears away what else was kept in the database for long enough; a worker calls it.

    Attributes:
        database: as above.
        bells: called with the ids of new jobs, once these are there for others to see; for a caller's own transaction
            after its commit, where its connection can tell. What one raises is logged.
    """

    def __init__(
        self,
        database: Database,
        *,
        configuration: Configuration,
        environment: Environment,
        catalog: Catalog,
        composer: Composer,
        transports: Transports,
        delivery: Delivery,
        clear: Callable[[], object] | None = None,
    ) -> None:
        self.database = database
        self.bells: list[Callable[[Sequence[int]], object]] = []
        self._environment = environment
        self._attachments = configuration.attachments
        self._catalog = catalog
        self._composer = composer
        self._delivery = delivery
        self._clear = clear
        self._drafts = Drafts(composer, environment, transports, configuration.attachments, self.seal)
        self._enqueueing = Enqueueing(self.database, self.bells)
        self._sealed: tuple[Seal | None] | None = None
        self._is_checked = False
        self._checking = threading.Lock()

    def __repr__(self) -> str:
        return f"<Outbox {self.database.shown}>"

    def seal(self) -> Seal | None:
        """What seals sensitive params; None where no key is configured.

        Raises:
            ConfigError: a key is none, or the library is missing.
        """
        if self._sealed is None:
            keys = self._environment.outbox_keys
            if keys:
                from notify.outbox.sealing import Seal

                self._sealed = (Seal.of(keys),)
            else:
                self._sealed = (None,)
        return self._sealed[0]

    def enqueue(
        self, definition: Definition, call: Call, *, key: str | None, connection: object, **when: Unpack[When]
    ) -> Job:
        """See `Notifier.enqueue`."""
        terms = Terms.read(definition.id, **when)
        start = self._drafts.start(definition, call.common, terms)
        draft = self._drafts.draft(start, definition, call, checked_key(definition.id, key))
        return self._checked().one(draft, connection)

    def enqueue_many(
        self,
        definition: Definition,
        rows: Iterable[tuple[AddressLike | Iterable[AddressLike], Mapping[str, Any]]],
        common: Common,
        *,
        keys: Iterable[str | None] | None,
        connection: object,
        **when: Unpack[When],
    ) -> int:
        """See `Notifier.enqueue_many`."""
        terms = Terms.read(definition.id, **when)
        start = self._drafts.start(definition, common, terms)
        drafts = drafted(rows, keys, definition=definition, common=common, start=start, drafts=self._drafts)
        return self._checked().many(drafts, connection)

    def enqueue_message(self, message: Message, *, key: str | None, connection: object, **when: Unpack[When]) -> Job:
        """See `Notifier.enqueue_message`."""
        if not isinstance(message, Message):
            raise MessageError(f"expected a Message, got {type(message).__name__}")
        name = message.notification or "a message"
        draft = self._drafts.message(message, Terms.read(name, **when), checked_key(name, key))
        return self._checked().one(draft, connection)

    def get(self, job: int) -> Job | None:
        """The job of that number; None if there is none (any more).

        Raises:
            OutboxError: the database cannot be used.
        """
        self._checked()
        return operating.get(self.database, job)

    def find(self, *, limit: int = 50, before: int | None = None, **filters: Unpack[Filters]) -> list[Job]:
        """Some jobs, the newest first.

        Args:
            limit: how many at most.
            before: only those of smaller numbers: the last of a page leads to the next.
            filters: which; all if none is given. See `notify.outbox.operating.Filter`.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: there is no such state or priority.
        """
        self._checked()
        return operating.find(self.database, Filter(**filters), limit=limit, before=before)

    def cancel(self, *ids: int, reason: str = "taken back", **filters: Unpack[Filters]) -> Cancelled:
        """Take jobs back that no worker has yet; how many were, and how many a worker has, which go on.

        Args:
            ids: the numbers of jobs.
            reason: why, in a line.
            filters: which, instead of by numbers.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: there is no such state or priority.
            ValueError: neither numbers nor filters are given.
        """
        self._checked()
        return operating.cancel(self.database, _meant(ids, filters), reason=reason)

    def retry(self, *ids: int, unknown: bool = False, **filters: Unpack[Filters]) -> Retried:
        """Let jobs be sent that ended without being sent; how many are due again, and how many were left alone.

        Args:
            ids: the numbers of jobs.
            unknown: also those that may have arrived.
            filters: which, instead of by numbers.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: there is no such state or priority.
            ValueError: neither numbers nor filters are given.
        """
        self._checked()
        return operating.retry(self.database, _meant(ids, filters), unknown=unknown, ring=self._enqueueing.ring)

    def purge(self, older_than: timedelta | float, *, states: Collection[str] = operating.PURGED) -> int:
        """Delete the jobs that ended so long ago; how many.

        Args:
            older_than: the time since their end, in seconds if it is a number.
            states: of these only.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: jobs do not end in such a state.
        """
        self._checked()
        seconds = older_than if isinstance(older_than, (int, float)) else older_than.total_seconds()
        return operating.purge(self.database, seconds, states=states)

    def stats(self) -> Stats:
        """How the outbox is doing, in figures.

        Raises:
            OutboxError: the database cannot be used.
        """
        self._checked()
        return operating.stats(self.database)

    def worker(self, settings: Settings | None = None) -> Worker:
        """A worker, which sends what is due: `run` works until `stop`, `deliver` sends some jobs.

        Raises:
            ConfigError: the outbox's tables are not those of this notify, or a key for sensitive params is wrong.
            OutboxError: the database cannot be used.
        """
        from notify.outbox.worker import Means, Worker

        self._checked()
        feedback = self._environment.feedback
        means = Means(
            database=self.database,
            catalog=self._catalog,
            composer=self._composer,
            delivery=self._delivery.unlogged(),
            people=None if feedback is None else self._environment.people,
            clear=self._clear,
            attachments=self._attachments,
            seal=self.seal(),
            retention=self._environment.outbox_retention,
        )
        return Worker(means, settings)

    def migrate(self) -> int:
        """Bring the tables to what this notify works with; how many steps that took.

        Raises:
            ConfigError: the tables are of a newer notify.
            OutboxError: the database cannot be used.
        """
        return migrations.migrate(self.database)

    def close(self) -> None:
        """Close the connections. Using it again opens them again."""
        self._enqueueing.close()
        self.database.close()

    def _checked(self) -> Enqueueing:
        """What enqueues, once the tables are known to be those of this notify."""
        if not self._is_checked:
            with self._checking:
                migrations.check(self.database)
                self._is_checked = True
        return self._enqueueing


def _meant(ids: tuple[int, ...], filters: Filters) -> Filter:
    if bool(ids) == bool(filters):
        raise ValueError("give the numbers of jobs, or say by keywords which are meant; every one is states=STATES")
    return Filter(ids=ids) if ids else Filter(**filters)
