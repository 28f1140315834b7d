"""Procrastinate in PostgreSQL: a task that does nothing, with the params of a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import procrastinate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.workload import Context


def enqueue(case: str, url: str) -> Callable[[Sequence[Context]], None]:
    """A transaction for each."""
    del case
    task = _open(url)

    def put(todo: Sequence[Context]) -> None:
        for context in todo:
            task.defer(to=context.email, params=context.params)

    return put


def enqueue_many(case: str, url: str) -> Callable[[Sequence[Context]], None]:
    """One statement for all."""
    del case
    task = _open(url)
    return lambda todo: task.batch_defer(*({"to": each.email, "params": each.params} for each in todo))


def fill(case: str, url: str) -> Callable[[Sequence[Context]], None]:
    """As fast as they can be put in."""
    return enqueue_many(case, url)


def drain(tick: Callable[[], object], case: str, url: str) -> None:
    """Its worker, with ten tasks at a time."""
    del case
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    @app.task(name="noop")
    async def noop(to: str, params: dict[str, Any]) -> None:
        del to, params
        tick()

    app.run_worker(concurrency=10, delete_jobs='always')


def _open(url: str) -> Any:
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=url))
    app.open()
    if not app.check_connection():
        app.schema_manager.apply_schema()

    @app.task(name="noop")
    def noop(to: str, params: dict[str, Any]) -> None:
        del to, params

    return noop
