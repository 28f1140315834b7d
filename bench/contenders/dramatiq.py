"""Dramatiq, which acknowledges late: an actor that does nothing, with the params of a mail."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.workload import Context


def enqueue(case: str, url: str, queue: str) -> Callable[[Sequence[Context]], None]:
    """One message for each."""
    del case
    actor = _actor(RedisBroker(url=url), queue, lambda: None)

    def put(todo: Sequence[Context]) -> None:
        for context in todo:
            actor.send(context.email, context.params)

    return put


def fill(case: str, url: str, queue: str) -> Callable[[Sequence[Context]], None]:
    """The same."""
    return enqueue(case, url, queue)


def drain(tick: Callable[[], object], case: str, url: str, queue: str) -> None:
    """What each process of its command does, with as many threads."""
    del case
    broker = RedisBroker(url=url)
    _actor(broker, queue, tick)
    worker = dramatiq.Worker(broker, worker_threads=8)
    worker.start()
    signal.sigwait([signal.SIGTERM])
    worker.stop()


def _actor(broker: RedisBroker, queue: str, tick: Callable[[], object]) -> Any:
    dramatiq.set_broker(broker)

    @dramatiq.actor(queue_name=queue)
    def noop(to: str, params: dict[str, Any]) -> None:
        del to, params
        tick()

    return noop
