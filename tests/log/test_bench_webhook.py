"""The benchmark of webhooks measures what it says: as many rows each, all known, and all of them new but the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from bench import webhook
from notify.database import Database, migrations
from notify.log import Log
from notify.log.tables import events
from notify.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Iterator[webhook.Place]:
    """A log in a file of SQLite."""
    database = Database("sqlite:///webhook.db", tmp_path)
    migrations.migrate(database)
    yield webhook.Place(database, "SQLite")
    database.close()


@pytest.mark.parametrize("work", ["_plain", "_sink", "_called", "_again"])
def test_as_many_rows(place: webhook.Place, work: str) -> None:
    """Two hundred events of two calls, about two hundred mails; two of them bounced, but where nothing moves a row."""
    getattr(webhook, work)(place, place.calls(2))()
    with place.database.reading() as connection:
        rows = connection.execute(select(func.count(), func.sum(events.c.known))).one()
    statuses = {
        str(status): number for status, number in Log(place.database, People()).stats().statuses.items() if number
    }

    assert (200, 200) == tuple(rows)
    assert ({"sent": 200} if work == "_plain" else {"delivered": 198, "bounced": 2}) == statuses


def test_over_http(place: webhook.Place) -> None:
    """By a server of its own."""
    with webhook._served(place) as made:
        made(place, place.calls(1))()

    assert 100 == Log(place.database, People()).stats().events
