"""A shop with its server, its enqueuers and its workers, any of which may be killed; what happens is written down."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, Self

from crash.account import killed
from crash.enqueuer import MANY
from crash.journal import Journal
from crash.shop import make_shop
from crash.steps import RANDOM, address
from patience import PATIENCE
from sqlalchemy import func, select

from notify import Notifier
from notify.database import Database, migrations
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crash.nursing import Child, Nursery

_FEWEST, _MOST = 2, 8
_OPEN = select(func.count()).where(jobs.c.state.in_(("queued", "leased")))


class Campaign:
    """A shop of the campaign's own, with its server; a context manager.

    Args:
        nursery: where its processes come from.
        folder: an empty folder for all of it.
        url: an empty database.
        seed: what its chances come from.
        server: the module of its server.

    Attributes:
        nursery, url: as above.
        database: the outbox.
        journal: what the server accepted, and who was killed.
        enqueued: what was tried and promised.
        chance: the source of its chances.
        workers: those that were started and are not known to have ended.
    """

    def __init__(self, nursery: Nursery, folder: Path, url: str, seed: int, server: str = "crash.server") -> None:
        self._folder = folder
        self._server = server
        self._children: list[Child] = []
        self.nursery = nursery
        self.url = url
        self.database = Database(url, folder)
        self.journal = Journal(folder / "journal")
        self.enqueued = Journal(folder / "enqueued")
        self.chance = random.Random(seed)  # noqa: S311 - chance, not secrecy
        self.workers: list[Child] = []

    def __enter__(self) -> Self:
        migrations.migrate(self.database)
        self.database.close()
        self._start(self._server)
        port = self._folder / "port"
        until(lambda: port.exists() and bool(port.read_text(encoding="utf-8")))
        make_shop(self._folder, self.url, int(port.read_text(encoding="utf-8")))
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.kill()
        self.database.close()
        self.journal.close()
        self.enqueued.close()

    def _start(self, role: str, **arguments: Any) -> Child:
        self._children.append(self.nursery.start(role, self._folder, **arguments))
        return self._children[-1]

    def enqueue(self, notification: str, number: int) -> None:
        """Enqueue so many mails at once, and write down that they were promised."""
        names = [str(each) for each in range(number)]
        self.enqueued.write("tried", number=0, kind=MANY, names=names)
        with Notifier.load(self._folder / "shop") as notifier:
            rows = [(address(name), {"name": name, "lines": 0}) for name in names]
            assert number == notifier.enqueue_many(notification, rows)
        self.enqueued.write("promised", number=0, names=names, ids=[])

    def start_enqueuer(self, notification: str, pause: float, **marking: Any) -> Child:
        """An enqueuer, which goes on where the one before ended; see `crash.enqueuer.run`."""
        return self._start("crash.enqueuer", notification=notification, pause=pause, **marking)

    def staff(self, number: int, **settings: Any) -> None:
        """See that so many workers live."""
        self.workers = [worker for worker in self.workers if worker.code is None]
        while len(self.workers) < number:
            self.workers.append(self._start("crash.worker", **settings))

    def kill_worker(self) -> None:
        """Kill one of them, whatever it does."""
        self._kill(self.chance.choice(self.workers), self.journal)

    def kill_enqueuer(self, enqueuer: Child) -> None:
        """Kill an enqueuer, whatever it does."""
        self._kill(enqueuer, self.enqueued)

    def _kill(self, child: Child, journal: Journal) -> None:
        if child.kill():
            journal.write("killed", step=RANDOM, pid=child.pid)

    def any_number(self) -> int:
        """Of workers."""
        return self.chance.randint(_FEWEST, _MOST)

    def kills(self) -> Counter[str]:
        """How many workers were killed at each step."""
        return Counter(entry["step"] for entry in killed(self.journal).values())

    def drain(self, workers: int = _FEWEST, **settings: Any) -> None:
        """Have all that is open sent, and the workers end in order."""
        until(lambda: self._is_done_by(workers, **settings))
        self.dismiss()

    def _is_done_by(self, workers: int, **settings: Any) -> bool:
        """Whether no job is open; some that are may still ask for a blow, so that workers are replaced."""
        self.staff(workers, **settings)
        with self.database.reading() as connection:
            return not connection.execute(_OPEN).scalar_one()

    def dismiss(self) -> None:
        """Have the workers end in order."""
        for worker in self.workers:
            worker.signal(signal.SIGTERM)
        ends = [self.nursery.wait(worker) for worker in self.workers]
        self.workers = []

        # One that had not begun yet has no handler.
        assert set(ends) <= {0, -signal.SIGKILL, -signal.SIGTERM}


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something.

    Raises:
        TimeoutError: it does not come.
    """
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it does not come to its end")
        time.sleep(0.05)
