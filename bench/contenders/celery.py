"""Celery with late acknowledgement: a task that does nothing, with the params of a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import Celery
from kombu import Queue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.workload import Context

_UNUSED = 600


def enqueue(case: str, broker: str, queue: str) -> Callable[[Sequence[Context]], None]:
    """One message for each; RabbitMQ confirms that it has it."""
    del case
    task = _task(broker, queue, lambda: None)

    def put(todo: Sequence[Context]) -> None:
        for context in todo:
            task.apply_async((context.email, context.params))

    return put


def fill(case: str, broker: str, queue: str) -> Callable[[Sequence[Context]], None]:
    """The same."""
    return enqueue(case, broker, queue)


def drain(tick: Callable[[], object], case: str, broker: str, queue: str) -> None:
    """A worker with one process for tasks; without what several workers tell each other."""
    del case
    words = "--pool prefork --concurrency 1 --loglevel ERROR --without-gossip --without-mingle --without-heartbeat"
    _task(broker, queue, tick).app.worker_main(["worker", *words.split()])


def _task(broker: str, queue: str, tick: Callable[[], object]) -> Any:
    app = Celery("bench", broker=broker)
    # A queue that nobody looks at is gone after ten minutes.
    expires = {"x-expires": _UNUSED * 1000} if broker.startswith("amqp") else None
    app.conf.update(
        task_queues=[Queue(queue, queue_arguments=expires)],
        task_default_queue=queue,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=64,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"confirm_publish": True} if expires else {},
    )

    @app.task(name="noop")
    def noop(to: str, params: dict[str, Any]) -> None:
        del to, params
        tick()

    return noop
