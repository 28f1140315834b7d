"""The sink: each event once, its row moved forward, and all of a call or nothing."""

from __future__ import annotations

import itertools
import random
import string
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from log.logged import AT, KEY, ONE, a_record, an_event, entry_of, put
from patience import PATIENCE
from sqlalchemy import func, select

from notify.errors import OutboxError
from notify.feedback import Kind, Recorded
from notify.log import Log, LogSink, Status
from notify.log.tables import events, log
from notify.people import People
from notify.suppression import SuppressionList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from notify.database import Database
    from notify.feedback import Event

PROGRAM = Path(__file__).with_name("recording.py")


@pytest.fixture
def sink(database: Database) -> LogSink:
    """A sink that names people by their addresses."""
    return LogSink(database, People())


def test_an_event_moves_its_row(database: Database, sink: LogSink) -> None:
    """What it says is kept, but for what nobody needs."""
    put(database, a_record(provider_id="p1"))
    event = an_event(
        1, Kind.BOUNCED, reason="550 5.1.1\r\n no such user", code=550, enhanced_code="5.1.1", raw={"secret": "x"}
    )
    recorded = sink.record([event])
    entry = entry_of(database)
    [told] = entry.events

    assert Recorded(new=(event,)) == recorded
    assert (Status.BOUNCED, "550 5.1.1 no such user") == (entry.status, entry.reason)
    assert event.at == entry.changed_at == told.at
    assert ("pigeon", "event-1", "bounced", "hard", 550, "5.1.1") == (
        told.provider, told.event_id, told.kind, told.bounce, told.code, told.enhanced_code,
    )  # fmt: skip


def test_a_thousand_duplicates_change_nothing(database: Database, sink: LogSink) -> None:
    """In one call and in many; what follows from the event is done once."""
    effects: list[Event] = []
    sink = LogSink(database, People(), lambda _, new: effects.extend(new))
    put(database, a_record())
    event = an_event(1, Kind.COMPLAINED)
    first = sink.record([event] * 500)
    rest = [sink.record([event] * 50) for _ in range(10)]

    assert (1, 499) == (len(first.new), first.duplicates)
    assert [Recorded(duplicates=50)] * 10 == rest
    assert [event] == effects
    assert 1 == len(entry_of(database).events)


def test_all_or_nothing(database: Database, sink: LogSink) -> None:
    """What follows from events fails: they are not there, and the call that comes again brings them."""

    def fail(_: Connection, __: Sequence[Event]) -> None:
        raise OutboxError("the list cannot be written")

    put(database, a_record())
    with pytest.raises(OutboxError):
        LogSink(database, People(), fail).record([an_event(1)])
    before = entry_of(database)
    again = sink.record([an_event(1)])

    assert (Status.SENT, ()) == (before.status, before.events)
    assert 1 == len(again.new)


def test_events_of_unknown_messages(database: Database, sink: LogSink) -> None:
    """They are kept apart and counted, each once."""
    put(database, a_record())
    other = an_event(1, message_id="<2@acme.example>")
    somebody = an_event(2, recipient="bob@example.com")
    nothing = an_event(3, message_id=None)
    recorded = sink.record([other, somebody, nothing, an_event(4)])

    assert (1, (other, somebody, nothing)) == (len(recorded.new), recorded.unknown)
    assert Recorded(duplicates=1) == sink.record([other])
    assert {"pigeon": 3} == Log(database, People()).stats().unknown
    assert 1 == len(entry_of(database).events)


@pytest.mark.parametrize(
    "given",
    [{}, {"message_id": None}, {"recipient": None}, {"message_id": "<x@ses.example>", "recipient": None}],
    ids=str,
)
def test_an_event_overtakes_its_row(database: Database, sink: LogSink, given: dict[str, None]) -> None:
    """It waits for the row, by whatever it can be found."""
    early = sink.record([an_event(1, Kind.BOUNCED, provider_id="p1", **given)])
    put(database, a_record(provider_id="p1"))
    entry = entry_of(database)

    assert 1 == len(early.unknown)
    assert (Status.BOUNCED, 1) == (entry.status, len(entry.events))
    assert {} == Log(database, People()).stats().unknown


def test_by_the_id_of_the_provider(database: Database, sink: LogSink) -> None:
    """Where it does not give back our own, or gives another one."""
    put(database, a_record(provider_id="p1"), a_record(person="bob@example.com", provider_id="p1"))
    sink.record([an_event(1, message_id=None, provider_id="p1")])
    sink.record([an_event(2, Kind.OPENED, message_id="<x@ses.example>", provider_id="p1")])

    assert (Status.OPENED, 2) == ((ada := entry_of(database, to="ada@example.com")).status, len(ada.events))
    assert (Status.SENT, ()) == ((bob := entry_of(database, to="bob@example.com")).status, bob.events)


def test_an_event_about_nobody_in_particular(database: Database, sink: LogSink) -> None:
    """It is about everybody whom the message went to, whoever is in the log first."""
    put(database, a_record())
    sink.record([an_event(1, recipient=None)])
    put(database, a_record(person="bob@example.com"))
    entries = Log(database, People()).find()

    assert [(Status.DELIVERED, 1)] * 2 == [(each.status, len(each.events)) for each in entries]


def test_ids_that_no_index_takes(database: Database, sink: LogSink) -> None:
    """They find nothing, and sink neither the call nor the mail's own transaction."""
    long = "".join(random.Random(1).choices(string.ascii_letters, k=8000))  # noqa: S311 - what cannot be made shorter
    put(database, a_record(provider_id=long))
    odd = [
        an_event(1, message_id=f"<{long}@acme.example>", provider_id=long),
        an_event(2, message_id=None, provider_id=long),
    ]
    good = an_event(3, Kind.DELIVERED)
    recorded = sink.record([*odd, good])

    assert Recorded(new=(good,), unknown=tuple(odd)) == recorded
    assert (Status.DELIVERED, None) == (entry_of(database).status, entry_of(database).provider_id)


def test_an_address_in_any_script(database: Database, sink: LogSink) -> None:
    """A provider may write the domain as people do; mails have it in ASCII."""
    put(database, a_record(person="ada@xn--bcher-kva.example"))
    event = an_event(1, Kind.DELIVERED, recipient="Ada@B\u00fccher.example")

    assert Recorded(new=(event,)) == sink.record([event])
    assert Status.DELIVERED == entry_of(database).status


def test_hashed(database: Database) -> None:
    """No column has an address, whatever servers say."""
    people = People(KEY)
    put(database, a_record(person=people.name("ada.lovelace@example.com")))
    words = "550 5.1.1 <Ada.Lovelace@example.com>: user ada.lovelace unknown; write to postmaster@example.net"
    event = an_event(1, Kind.BOUNCED, recipient="ADA.lovelace@example.com", reason=words, url="https://x.example/?ada")
    LogSink(database, people).record([event])
    with database.reading() as connection:
        kept = str([*connection.execute(select(log)), *connection.execute(select(events))]).lower()
    entry = entry_of(database, people, to="Ada.Lovelace@example.com")

    assert [] == [
        word for word in ("ada", "lovelace@", "postmaster@", "x.example") if word in kept.replace("'data'", "")
    ]
    assert f"550 5.1.1 <{people.name('ada.lovelace@example.com')}>: user *** unknown" in entry.reason


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_eight_threads_at_once(database: Database) -> None:
    """The same batch from each: one has each event, and nobody fails."""
    put(database, *(a_record(message_id=f"<{number}@acme.example>") for number in range(40)))
    batch = [an_event(number, message_id=f"<{number}@acme.example>") for number in range(50)]
    found: list[Recorded] = []

    def record(turn: int) -> None:
        found.append(LogSink(database, People()).record(batch[turn:] + batch[:turn]))

    threads = [threading.Thread(target=record, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (40, 10, 350) == (
        sum(len(each.new) for each in found),
        sum(len(each.unknown) for each in found),
        sum(each.duplicates for each in found),
    )


def test_processes_at_once(database: Database) -> None:
    """Two record the same events in other orders while a third writes their rows: no deadlock, nothing is missed."""
    command = [sys.executable, str(PROGRAM), database.url.render_as_string(hide_password=False)]
    processes = [
        subprocess.Popen([*command, role], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for role in ("forward", "backward", "rows")
    ]
    done = [process.communicate(timeout=PATIENCE) for process in processes]
    with database.reading() as connection:
        counted = [
            [tuple(row) for row in connection.execute(select(column, func.count()).group_by(column))]
            for column in (log.c.status, events.c.known)
        ]

    assert [""] * 3 == [errors for _, errors in done]
    assert [[("bounced", 30), ("delivered", 270)], [(1, 300)]] == [sorted(each) for each in counted]
    assert 30 == SuppressionList(database, People()).count()
    assert 300 == sum(int(printed) for printed, _ in done if printed)


def test_every_order_of_a_life(database: Database, sink: LogSink) -> None:
    """Six words about a message, in every order: the end is the same."""
    kinds = [Kind.QUEUED, Kind.DEFERRED, Kind.DELIVERED, Kind.OPENED, Kind.BOUNCED]
    for turn, order in enumerate(itertools.permutations(range(5))):
        message_id = f"<{turn}@acme.example>"
        batch = [an_event(turn * 10 + n, kinds[n], message_id=message_id, at=AT, reason=f"because {n}") for n in order]
        sink.record(batch[: turn % 4])
        put(database, a_record(message_id=message_id))
        sink.record(batch)

    assert {("bounced", "because 4", 5)} == {
        (str(each.status), each.reason, len(each.events)) for each in Log(database, People()).find(limit=200)
    }


def test_nothing_to_record(sink: LogSink) -> None:
    """A call without events writes nothing."""
    assert Recorded() == sink.record([])
    assert ONE
