"""A campaign: workers and an enqueuer are killed over and over, until enough were, and then all is let come to its end."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING, Any

from crash.journal import Journal
from crash.nursing import Nursery
from crash.shop import make_shop
from crash.steps import RANDOM
from sqlalchemy import func, select

from notify.outbox import migrations
from notify.outbox.database import Database
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crash.nursing import Child

_FEWEST, _MOST = 2, 8
_PATIENCE = 120.0
_OPEN = select(func.count()).where(jobs.c.state.in_(("queued", "leased")))


class Campaign:
    """A shop of the campaign's own, with its server; a context manager.

    Args:
        folder: an empty folder for all of it.
        url: an empty database.
        seed: what its chances come from.

    Attributes:
        journal: what the server accepted, and who was killed.
        enqueued: what was tried and promised.
        chance: the source of its chances.
        workers: those that were started and are not known to have ended.
    """

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        self._folder = folder
        self.database = Database(url, folder)
        self.url = url
        self.journal = Journal(folder / "journal")
        self.enqueued = Journal(folder / "enqueued")
        self.chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.nursery = Nursery(folder)
        self.workers: list[Child] = []

    def __enter__(self) -> Campaign:
        migrations.migrate(self.database)
        self.database.close()
        self.nursery.__enter__()
        self.nursery.start("crash.server", folder=str(self._folder))
        port = self._folder / "port"
        until(lambda: port.exists() and bool(port.read_text(encoding="utf-8")))
        make_shop(self._folder, self.url, int(port.read_text(encoding="utf-8")))
        return self

    def __exit__(self, *_: object) -> None:
        self.nursery.__exit__()
        self.database.close()
        self.journal.close()
        self.enqueued.close()

    def start_enqueuer(self, notification: str, pause: float, **marking: Any) -> Child:
        """An enqueuer, which goes on where the one before ended; see `crash.enqueuer.run`."""
        arguments = {"notification": notification, "pause": pause, **marking}
        return self.nursery.start("crash.enqueuer", folder=str(self._folder), **arguments)

    def staff(self, number: int, **settings: Any) -> None:
        """See that so many workers live."""
        self.workers = [worker for worker in self.workers if worker.code is None]
        while len(self.workers) < number:
            self.workers.append(self.nursery.start("crash.worker", folder=str(self._folder), **settings))

    def kill_worker(self) -> None:
        """Kill one of them, whatever it does."""
        self._kill(self.chance.choice(self.workers), self.journal)

    def kill_enqueuer(self, enqueuer: Child) -> None:
        """Kill an enqueuer, whatever it does."""
        self._kill(enqueuer, self.enqueued)

    def _kill(self, child: Child, journal: Journal) -> None:
        at = time.monotonic()
        if child.kill():
            journal.write("killed", step=RANDOM, pid=child.pid, asked_at=at)

    def any_number(self) -> int:
        """Of workers."""
        return self.chance.randint(_FEWEST, _MOST)

    def kills(self) -> int:
        """How many workers were killed."""
        return len({entry["pid"] for entry in self.journal.read("killed")})

    def drain(self, workers: int = _FEWEST, **settings: Any) -> None:
        """Have all that is open sent, and the workers end in order."""
        self.staff(workers, **settings)
        until(self.is_done)
        self.dismiss()

    def is_done(self) -> bool:
        """Whether no job is open."""
        with self.database.reading() as connection:
            return not connection.execute(_OPEN).scalar_one()

    def dismiss(self) -> None:
        """Have the workers end in order."""
        for worker in self.workers:
            worker.signal(signal.SIGTERM)
        ends = [self.nursery.wait(worker) for worker in self.workers]
        self.workers = []

        assert all(end in {0, -signal.SIGKILL} for end in ends)


def until(condition: Callable[[], bool], patience: float = _PATIENCE) -> None:
    """Wait for something.

    Raises:
        TimeoutError: it does not come.
    """
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it does not come to its end")
        time.sleep(0.05)
