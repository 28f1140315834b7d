"""What Celery must know of the queue, without a change of what the application has set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.app.defaults import DEFAULTS  # type: ignore[import-untyped]
from celery.signals import (  # type: ignore[import-untyped]
    celeryd_init,
    worker_init,
    worker_process_shutdown,
    worker_shutdown,
)
from celery.utils.text import str_to_list  # type: ignore[import-untyped]
from kombu.entity import Exchange, Queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery  # type: ignore[import-untyped]

_PREFETCH = "worker_prefetch_multiplier"
_UNSET = DEFAULTS[_PREFETCH]


def queue_of(app: Celery, name: str) -> Queue:
    """The queue of that name: durable, and a quorum queue in RabbitMQ, where it outlives the loss of a node."""
    arguments = {"x-queue-type": "quorum"} if app.connection_for_write().transport.driver_type == "amqp" else None
    exchange = Exchange(name)  # type: ignore[no-untyped-call]
    return Queue(name, exchange, name, queue_arguments=arguments)  # type: ignore[no-untyped-call]


def serve(app: Celery, queue: Queue) -> None:
    """Have the workers of an application serve a queue, each unless it was told which ones to serve.

    The queue is none of the application's `task_queues`: those alone would be served from then on. Nor is it known to
    workers that do not serve it: with a quorum queue, Celery counts what it fetches in another way, for all queues.
    """

    def add_queue(instance: Any, options: dict[str, Any], **_: object) -> None:
        wanted, unwanted = (str_to_list(options.get(name)) or () for name in ("queues", "exclude_queues"))
        if instance.app is app and queue.name not in unwanted and (not wanted or queue.name in wanted):
            app.amqp.queues.select_add(queue)

    def fetch_one(sender: Any, **_: object) -> None:
        """A job that waits behind another one in one worker is not there for the others."""
        serves = sender.app is app and queue.name in app.amqp.queues.consume_from
        if serves and sender.prefetch_multiplier == _UNSET and not app.conf.value_set_for(_PREFETCH):
            sender.prefetch_multiplier = 1

    celeryd_init.connect(add_queue, weak=False)
    worker_init.connect(fetch_one, weak=False)


def at_the_end(close: Callable[[], object]) -> None:
    """Have it called when a worker ends in order, in the worker itself and in each of its children."""

    def ended(**_: object) -> None:
        close()

    worker_process_shutdown.connect(ended, weak=False)
    worker_shutdown.connect(ended, weak=False)
