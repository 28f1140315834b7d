"""What an application attaches to its Celery app."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from celery import Celery  # type: ignore[import-untyped]
from kombu.entity import Queue

from notify.errors import OutboxError
from notify.outbox.celery.fitting import at_the_end, queue_of, serve
from notify.outbox.celery.line import Line
from notify.outbox.celery.missed import missed
from notify.outbox.celery.silence import Silence
from notify.outbox.leasing import Leases
from notify.outbox.worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.notifier import Notifier

TASK = "notify.deliver"
MANY = 100
"""For how many jobs one bell rings at most."""
WAITING = 100
"""How many bells may wait in the queue; a sweep adds no more, so that they do not pile up while no worker is there."""
SWEEP = 15.0
_log = logging.getLogger("notify.outbox")


class Doorbell:
    """Rings for Celery's workers when a job is enqueued, and delivers where it has rung.

    ```python
    app = Celery("shop", broker="amqp://...")
    notifier = Notifier.load()
    doorbell = Doorbell(app, notifier)
    ```

    It is to be made where `app` is, after its settings, so that `celery --app ... worker` and `beat` know it. A worker
    serves the queue unless its option -Q names others only.

    Args:
        app: the application's own; of its settings none is changed. It gets the task `notify.deliver` and, for beat,
            the entry `notify sweep`.
        notifier: whose outbox it is.
        queue: where bells wait: a name, or a Queue of kombu's. By name, it is a quorum queue if the broker is RabbitMQ.
        sweep: seconds between two sweeps by beat; None for no entry in its schedule.
        settings: how jobs are delivered; see `notify.outbox.worker.Settings`.

    Raises:
        ConfigError: the outbox is not configured right.
    """

    def __init__(
        self,
        app: Celery,
        notifier: Notifier,
        *,
        queue: str | Queue = "notify",
        sweep: float | None = SWEEP,
        settings: Settings | None = None,
    ) -> None:
        self.app = app
        self.notifier = notifier
        self.queue = queue if isinstance(queue, Queue) else queue_of(app, queue)
        self.task = self._registered()
        self._line = Line(app, self.queue)
        self._silence = Silence(min(sweep or SWEEP, SWEEP), self._line.shown)
        self._settings = settings or Settings()
        self._leases = Leases(notifier.outbox.database, losses=self._settings.losses)
        serve(app, self.queue)
        at_the_end(self._end)
        if sweep is not None:
            # It waits no longer than until the next one, by the broker's clock, where the broker can tell.
            options = {"queue": self.queue, "expiration": sweep}
            app.add_periodic_task(sweep, app.signature(TASK), name="notify sweep", **options)
        notifier.outbox.bells.append(self.ring)

    @staticmethod
    def of(app: object) -> Doorbell | None:
        """The doorbell of a Celery app; None if it has none, or is none."""
        task = app.tasks.get(TASK) if isinstance(app, Celery) else None
        doorbell: Doorbell | None = getattr(task, "doorbell", None)
        return doorbell

    def ring(self, ids: Sequence[int]) -> None:
        """Have workers deliver these jobs; where the broker cannot be reached, a later sweep does.

        Never fails, and waits for the broker a second or so, so that whoever enqueues does not depend on it.
        """
        if self._silence.holds():
            return
        try:
            self._line.publish(self.task, list(_chunks(ids[: MANY * WAITING])))
        except Exception as error:  # noqa: BLE001 - whatever a broker's library raises: the jobs are in the outbox
            self._silence.begins(error)
        else:
            self._silence.ends()

    def sweep(self) -> int:
        """Ring for the jobs that are due and that nobody has; for how many.

        Those are the jobs whose bell was lost, whose time has come, or whose worker was lost. No bells are added where
        many wait already.

        Raises:
            OutboxError: the outbox or the broker cannot be used.
            ConfigError: the outbox has no tables.
        """
        if lost := self._leases.recover():
            _log.warning("%d jobs were with a worker that was lost", lost)
        room = WAITING - self._waiting()
        if room <= 0:
            return 0
        together, alone = missed(self.notifier.outbox.database, MANY * room)
        single = [[each] for each in alone[: (room + 1) // 2]]
        chunks = [*single, *_chunks(together)][:room]
        with self._explained():
            self._line.publish(self.task, chunks)
        return sum(map(len, chunks))

    def deliver(self, ids: Sequence[int]) -> None:
        """Deliver these jobs, as far as they are due and nobody has them; the others are let be.

        Raises:
            OutboxError: the outbox or the broker cannot be used.
            ConfigError: the outbox has no tables.
        """
        self.notifier.outbox.worker(self._settings).deliver(ids)
        if len(ids) == MANY and self._waiting() == 0:
            self.sweep()  # there may be more than bells could be rung for at once

    def close(self) -> None:
        """Hang up. Ringing again opens the connection to the broker again."""
        self._line.close()

    def _end(self) -> None:
        self.notifier.close()  # servers like to be told
        self.close()

    def _registered(self) -> Any:
        def deliver(ids: Sequence[int] | None = None) -> None:
            """Deliver jobs of the outbox; without ids, ring for those that were missed."""
            try:
                if ids is None:
                    self.sweep()
                else:
                    self.deliver(ids)
            except OutboxError as error:  # a later sweep rings again
                _log.error("%s", error)

        return self.app.task(
            deliver,
            name=TASK,
            acks_late=True,
            reject_on_worker_lost=True,
            ignore_result=True,
            serializer="json",
            shared=False,
            doorbell=self,
        )

    def _waiting(self) -> int:
        with self._explained():
            return self._line.waiting()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            raise OutboxError(f"the broker {self._line.shown} cannot be used: {error}") from error


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), MANY):
        yield ids[start : start + MANY]
