"""A program that uses Django's database and the outbox in it; it prints what came of each part as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from notify import Notifier
from notify.errors import ConfigError, ParamsError


def configure(url: str) -> None:
    """Make the database Django's default one, and another its second."""
    parts = make_url(url)
    engine = "sqlite3" if parts.drivername == "sqlite" else "postgresql"
    default = {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": parts.database,
        "USER": parts.username or "",
        "HOST": parts.host or "",
        "PORT": parts.port or "",
    }
    other = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    settings.configure(DATABASES={"default": default, "other": other}, USE_TZ=True)
    django.setup()


def main(project: str, url: str) -> dict[str, Any]:
    """All parts."""
    configure(url)
    from django.db import connection, connections, transaction  # type: ignore[import-untyped]

    notifier = Notifier.load(project)
    notifier.outbox.migrate()
    rung: list[int] = []
    notifier.outbox.bells.append(rung.extend)
    found: dict[str, Any] = {}

    def hello(own: Any = connection, **keywords: Any) -> int:
        return notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, connection=own, **keywords).id

    def note(name: str, *ids: int) -> None:
        jobs = [job.id for job in notifier.outbox.find(limit=10_000)[::-1]]
        found[name] = [jobs == [*notes, *ids], rung == [*notes, *ids]]
        notes.extend(ids)

    def refused(call: Any, error: type[Exception]) -> str:
        try:
            call()
        except error as caught:
            return str(caught)
        return "nothing was refused"

    notes: list[int] = []
    with transaction.atomic():
        job = hello()
        note("before the commit")
    note("after it", job)
    with transaction.atomic():
        hello()
        transaction.set_rollback(True)
    note("rolled back")
    with transaction.atomic():
        kept = hello(connections["default"])
        with transaction.atomic():
            hello()
            transaction.set_rollback(True)
    note("savepoint", kept)
    note("without a transaction", hello())
    rows: list[Any] = [("a@example.com", {"name": "A"})] * 1200
    with transaction.atomic():
        found["wrong row"] = refused(
            lambda: notifier.enqueue_many("hello", [*rows, ("a@example.com", {})], connection=connection), ParamsError
        )
        kept = hello(key="k")
        found["key"] = hello(key="k") == kept
    note("after a wrong row", kept)
    with transaction.atomic():
        found["count"] = notifier.enqueue_many("hello", rows, connection=connection)
    note("many", *range(rung[-1200], rung[-1] + 1))
    found["other"] = refused(lambda: hello(connections["other"]), ConfigError)
    notifier.close()
    connections.close_all()
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
