"""notify's outbox through its public interface, and a worker of it that sends into the null transport."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bench.workload import PROJECT
from notify import Notifier, hookimpl
from notify.configuration import Configuration
from notify.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.workload import Context
    from notify import Receipt


class Ticking:
    """A plugin that ticks for each message that was delivered."""

    def __init__(self, tick: Callable[[], object]) -> None:
        self._tick = tick

    @hookimpl
    def notify_delivered(self, receipt: Receipt) -> None:
        """See the class."""
        del receipt
        self._tick()


def enqueue(case: str, url: str) -> Callable[[Sequence[Context]], None]:
    """One call for each, which returns when it is durable."""
    notifier = opened(url)

    def put(todo: Sequence[Context]) -> None:
        for context in todo:
            notifier.enqueue(case, to=context.to, params=context.params)

    return put


def enqueue_many(case: str, url: str, notification: str | None = None) -> Callable[[Sequence[Context]], None]:
    """One call for all, and one transaction; of another notification that takes the params of the case, if named."""
    notifier = opened(url)
    return lambda todo: _whole(notifier, notification or case, todo)


def fill(case: str, url: str, notification: str | None = None) -> Callable[[Sequence[Context]], None]:
    """As fast as they can be put in, for a worker to take out."""
    return enqueue_many(case, url, notification)


def drain(tick: Callable[[], object], case: str, url: str, notification: str | None = None) -> None:
    """What `notify worker` does, until SIGTERM."""
    del case, notification
    opened(url, Ticking(tick)).outbox.worker().run()


def opened(url: str, *plugins: object) -> Notifier:
    """A notifier of the project with the outbox at that URL, which has its tables."""
    os.environ["NOTIFY_OUTBOX"] = url
    configuration = Configuration.load(PROJECT)
    installed = Plugins(configuration.plugins, others=plugins)
    notifier = Notifier(configuration=configuration, environment="bench", transport="null:", plugins=installed)
    notifier.outbox.migrate()
    return notifier


def _whole(notifier: Notifier, name: str, todo: Sequence[Context]) -> None:
    notifier.enqueue_many(name, ((context.to, context.params) for context in todo))
