"""The journal of direct sends: durable when it says so, and never in the way of a send."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from log.logged import KEY, a_record
from patience import PATIENCE
from sqlalchemy import text

from notify import Message, Receipt, RefusedError, TemporaryError, UnknownOutcomeError
from notify.database import Database
from notify.delivery.gate import FREE, Judgement
from notify.log import Journal, Log, Status, records_of
from notify.log.writer import Writer
from notify.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.log import Entry

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
PEOPLE = People()


def a_message(*to: str, number: int = 1, **more: Any) -> Message:
    """A mail to some people."""
    return Message(
        sender="hello@acme.example",
        to=list(to) or ["Ada@example.com"],
        subject="Hello",
        text="Good day.",
        message_id=f"<{number}@acme.example>",
        notification="hello",
        category="transactional",
        **more,
    )


def taken(message: Message, **more: Any) -> Receipt:
    """A yes to all of its recipients."""
    return Receipt(message.message_id, "smtp", message.envelope.recipients, provider_id="p1", **more)


@pytest.fixture
def journal(database: Database) -> Iterator[Journal]:
    """A journal, closed at the end."""
    journal = Journal(database, PEOPLE)
    yield journal
    journal.close()


def entries(database: Database) -> dict[str, Entry]:
    """What is in the log, by recipient."""
    return {each.person: each for each in Log(database, PEOPLE).find(limit=10_000)}


def test_what_was_flushed_is_there(database: Database, journal: Journal) -> None:
    """An entry a recipient, with what is known of it, and neither subject nor params."""
    message = a_message()
    journal.note(message, taken(message), FREE)
    flushed = journal.flush()
    [entry] = entries(database).values()

    assert flushed
    assert ("<1@acme.example>", "ada@example.com", "hello", "transactional") == (
        entry.message_id, entry.person, entry.notification, entry.category,
    )  # fmt: skip
    assert ("smtp", "p1", None, Status.SENT, "", 1) == (
        entry.transport, entry.provider_id, entry.job, entry.status, entry.reason, entry.attempts,
    )  # fmt: skip


def test_each_recipient_has_an_outcome(database: Database, journal: Journal) -> None:
    """Taken, refused, unknown, held, and written to although something speaks against it."""
    people = [f"{name}@example.com" for name in ("ada", "bob", "cy", "dee")]
    message = a_message(*people)
    rejected = {
        people[1]: RefusedError("no such user", transport="smtp", code=550),
        people[2]: UnknownOutcomeError("the connection broke", transport="smtp"),
    }
    receipt = Receipt(message.message_id, "smtp", (people[0], people[3]), rejected=rejected)
    judgement = Judgement({"eve@example.com": "complaint on 2026-11-20"}, {people[3]: "hard bounce on 2026-11-19"})
    journal.note(message, receipt, judgement)
    journal.flush()
    found = {person.partition("@")[0]: entry for person, entry in entries(database).items()}

    assert {"ada": "sent", "bob": "failed", "cy": "uncertain", "dee": "sent", "eve": "suppressed"} == {
        name: str(entry.status) for name, entry in found.items()
    }
    assert ("", "hard bounce on 2026-11-19", "complaint on 2026-11-20") == (
        found["ada"].reason, found["dee"].reason, found["eve"].reason,
    )  # fmt: skip
    assert "no such user" in found["bob"].reason
    assert (None, 0) == (found["eve"].transport, found["eve"].attempts)


def test_a_failure_is_the_failure_of_all(database: Database, journal: Journal) -> None:
    """And what is tried again goes on from there."""
    message = a_message("ada@example.com", "bob@example.com")
    journal.note(message, TemporaryError("busy", transport="smtp"), FREE)
    journal.flush()
    before = entries(database)
    journal.note(message, taken(message), FREE)
    journal.flush()

    assert [("failed", True)] * 2 == [(str(each.status), "busy" in each.reason) for each in before.values()]
    assert [("sent", "")] * 2 == [(str(each.status), each.reason) for each in entries(database).values()]


def test_records_of_a_job() -> None:
    """It is tried again, or was given up; addresses are hashed where they are to be."""
    people = People(KEY)
    error = TemporaryError("greylisted: ada@example.com", transport="smtp")
    message = a_message("ada@example.com")
    [again] = records_of(message, error, people, held={}, passed={}, job=7, attempts=3, again=True)
    [dead] = records_of(message, error, people, held={}, passed={}, job=7, attempts=4)

    assert (Status.RETRYING, 7, 3) == (again.status, again.job, again.attempts)
    assert (Status.FAILED, 4) == (dead.status, dead.attempts)
    assert "ada" not in str(again)


def test_many_threads(database: Database, journal: Journal) -> None:
    """Nothing is lost between them."""

    def send(start: int) -> None:
        for number in range(start, start + 50):
            message = a_message(f"p{number}@example.com", number=number)
            journal.note(message, taken(message), FREE)
        journal.flush()

    threads = [threading.Thread(target=send, args=(start * 50,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 400 == len(entries(database))
    assert 0 == journal.lost


@SQLITE
def test_a_database_that_is_gone(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """It is said once; sends go on at once; what was noted is written when it is back, as far as there is room."""
    journal = Journal(database, PEOPLE, bound=10)
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE notify_log RENAME TO elsewhere"))
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING, "notify.log"):
        for number in range(12):
            message = a_message(f"p{number}@example.com", number=number)
            journal.note(message, taken(message), FREE)
            if number == 0:
                flushed = journal.flush()
        flushed_again = journal.flush()
        took = time.monotonic() - begun
        lost = journal.lost
        with database.writing() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO notify_log"))
        end = time.monotonic() + PATIENCE
        while len(entries(database)) < 10 and time.monotonic() < end:
            time.sleep(0.05)
    journal.close()

    assert (False, False, 2) == (flushed, flushed_again, lost)
    assert took < 2
    assert [f"p{number}@example.com" for number in range(10)] == sorted(entries(database))
    assert ["ERROR", "ERROR", "WARNING"] == [record.levelname for record in caplog.records]
    assert "notify outbox migrate" in caplog.text


def test_no_server(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """Nobody listens: the send goes on, and closing does not wait for ever; how many are lost is counted."""
    journal = Journal(Database("postgresql://nobody@127.0.0.1:1/none", tmp_path), PEOPLE)
    message = a_message()
    journal.note(message, taken(message), FREE)
    flushed = journal.flush()
    begun = time.monotonic()
    journal.close()

    assert not flushed
    assert time.monotonic() - begun < 3
    assert "cannot be used" in caplog.text


def test_hostile_words(database: Database, journal: Journal) -> None:
    """What no database takes is replaced, and long words are cut."""
    message = a_message()
    error = RefusedError("no\0thing \ud800 " + "x" * 1000, transport="sm\0tp")
    journal.note(message, error, FREE)
    flushed = journal.flush(10)
    [entry] = entries(database).values()

    assert flushed
    assert (500, "sm\ufffdtp") == (len(entry.reason), entry.transport)
    assert "no\ufffdthing \ufffd xxx" in entry.reason


def test_what_cannot_be_noted_is_told_in_the_log(
    journal: Journal, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken plugin may give anything for an outcome; the send does not fail for it."""
    outcome: Any = object()
    journal.note(a_message(), outcome, FREE)

    assert "is not logged" in caplog.text
    assert {} == entries(database)


def test_what_cannot_be_written_keeps_no_other_from_it(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """It is lost, and that is said."""
    writer = Writer(database, 10)
    writer.put([a_record(attempts=object())])
    writer.flush(10)
    writer.put([a_record()])
    written = writer.flush(10)
    writer.end(10)

    assert (True, 1, 1) == (written, writer.lost, len(entries(database)))
    assert "what became of 1 mails cannot be logged" in caplog.text


@SQLITE
def test_an_end_that_does_not_wait(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """The database is busy for longer: that is said, and the thread, which may yet write the record, ends in peace."""
    writer = Writer(database, 10)
    with database.writing():
        writer.put([a_record()])
        writer.end(0.2)
    assert writer._thread is not None
    writer._thread.join(10)

    assert (1, False) == (writer.lost, writer._thread.is_alive())
    assert ["entries of the log are lost: this process ends while the database is busy"] == [
        each.getMessage() for each in caplog.records
    ]


def test_closing_and_going_on(database: Database, journal: Journal) -> None:
    """What was noted is there after `close`; noting again begins again."""
    for number in range(3):
        message = a_message(f"p{number}@example.com", number=number)
        journal.note(message, taken(message), FREE)
        journal.close()

    assert 3 == len(entries(database))
    assert journal.flush()


def test_letting_go_of_it(database: Database) -> None:
    """It is written also where nobody closes it."""
    journal = Journal(database, PEOPLE)
    message = a_message()
    journal.note(message, taken(message), FREE)
    del journal
    gc.collect()

    assert 1 == len(entries(database))


@SQLITE
def test_a_fork(database: Database, journal: Journal) -> None:
    """Parent and child write what they noted themselves, each once."""
    first = a_message("p0@example.com", number=0)
    journal.note(first, taken(first), FREE)
    child = os.fork()
    mine = a_message(f"p{1 if child else 2}@example.com", number=1 if child else 2)
    journal.note(mine, taken(mine), FREE)
    done = journal.flush(10)
    if not child:
        os._exit(0 if done else 1)
    _, status = os.waitpid(child, 0)

    assert (True, 0) == (done, os.waitstatus_to_exitcode(status))
    assert ["p0@example.com", "p1@example.com", "p2@example.com"] == sorted(entries(database))


_PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from log.test_log_journal import FREE, PEOPLE, Database, Journal, a_message, taken
journal = Journal(Database({url!r}, Path.cwd()), PEOPLE)
for number in range(700):
    message = a_message(f"p{{number}}@example.com", number=number)
    journal.note(message, taken(message), FREE)
"""


def test_the_end_of_the_interpreter(database: Database) -> None:
    """What was noted is written before a process ends that flushes and closes nothing."""
    url = database.url.render_as_string(hide_password=False)
    program = _PROGRAM.format(tests=str(Path(__file__).parents[1]), url=url)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert ("", 0) == (done.stderr, done.returncode)
    assert 700 == len(entries(database))
