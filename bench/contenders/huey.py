"""Huey in SQLite, whose consumer deletes a task before it runs it: a task that does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huey import SqliteHuey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.workload import Context

FSYNC = "fsync"


def enqueue(case: str, path: str, sync: str) -> Callable[[Sequence[Context]], None]:
    """A transaction for each."""
    del case
    return _putting(path, durable=sync == FSYNC)


def fill(case: str, path: str, sync: str) -> Callable[[Sequence[Context]], None]:
    """As fast as they can be put in."""
    del case, sync
    return _putting(path, durable=False)


def drain(tick: Callable[[], object], case: str, path: str, sync: str) -> None:
    """Its consumer with one thread."""
    del case
    app, _ = _task(path, tick, durable=sync == FSYNC)
    app.create_consumer(workers=1, periodic=False).run()


def _putting(path: str, *, durable: bool) -> Callable[[Sequence[Context]], None]:
    _, task = _task(path, lambda: None, durable=durable)

    def put(todo: Sequence[Context]) -> None:
        for context in todo:
            task(context.email, context.params)

    return put


def _task(path: str, tick: Callable[[], object], *, durable: bool) -> tuple[SqliteHuey, Any]:
    app = SqliteHuey("bench", filename=path, fsync=durable, results=False)

    @app.task(name="noop")
    def noop(to: str, params: dict[str, Any]) -> None:
        del to, params
        tick()

    return app, noop
