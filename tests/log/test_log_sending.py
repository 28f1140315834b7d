"""From a call to the log: direct sends, many at once, jobs of the outbox, and what events do to the next send."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from log.logged import AT

from notify import Notifier, NotifyError
from notify.feedback import Bounce, Event, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.database import Database

ADA = "Ada <Ada@example.com>"


@pytest.fixture
def notifier(project: Path, database: Database) -> Iterator[Notifier]:
    """A notifier that logs into the database."""
    assert database.dialect
    with (project / "notify.yaml").open("a", encoding="utf-8") as file:
        file.write("feedback: true\n")
    with Notifier.load(project) as found:
        yield found


def told(notifier: Notifier) -> list[tuple[str, str]]:
    """The recipients and statuses in the log, oldest first."""
    return [(each.person, str(each.status)) for each in notifier.log.find()[::-1]]


def bounced(message_id: str) -> Event:
    """A hard bounce of a mail to Ada."""
    return Event(
        kind=Kind.BOUNCED,
        bounce=Bounce.HARD,
        event_id="1",
        at=AT,
        provider="pigeon",
        recipient="ada@example.com",
        message_id=message_id,
        reason="550 5.1.1 no such user",
    )


def test_a_send_is_in_the_log_when_it_returns(notifier: Notifier) -> None:
    """With its notification, category and transport; there is no job."""
    receipt = notifier.send("hello", to=ADA, params={"name": "Ada"})
    [entry] = notifier.log.find()

    assert (receipt.message_id, "ada@example.com", "hello", "transactional", "memory", "sent", None, 1) == (
        entry.message_id, entry.person, entry.notification, entry.category, entry.transport, entry.status, entry.job,
        entry.attempts,
    )  # fmt: skip


def test_many_are_in_the_log_at_the_end(notifier: Notifier) -> None:
    """All of them, although none was waited for, and nothing was closed."""
    rows = [(f"p{number}@example.com", {"name": "x"}) for number in range(30)]
    receipts = list(notifier.send_many("hello", rows))

    assert len(receipts) == 30
    assert sorted((address, "sent") for address, _ in rows) == sorted(told(notifier))


def test_a_job_and_its_entry(notifier: Notifier) -> None:
    """They are written together, and know each other."""
    job = notifier.enqueue("hello", to=ADA, params={"name": "Ada"})
    before = told(notifier)
    notifier.outbox.worker().run(once=True)
    [entry] = notifier.log.find(job=job.id)

    assert [] == before
    assert (job.message_id, "sent", 1) == (entry.message_id, entry.status, entry.attempts)


@pytest.mark.parametrize("by", ["send", "enqueue"])
def test_who_bounced_is_not_written_to_again(notifier: Notifier, by: str) -> None:
    """The event of the first mail suppresses the second, and the log says why."""
    receipt = notifier.send("hello", to=ADA, params={"name": "Ada"})
    notifier.log.sink.record([bounced(receipt.message_id)])
    if by == "send":
        notifier.send("hello", to=ADA, params={"name": "Ada"})
    else:
        notifier.enqueue("hello", to=ADA, params={"name": "Ada"})
        notifier.outbox.worker().run(once=True)
    [second, first] = notifier.log.find()

    assert ("bounced", "550 5.1.1 no such user") == (first.status, first.reason)
    assert "suppressed" == second.status
    assert "bounce" in second.reason
    assert "550 5.1.1 no such user" in second.reason


def test_security_mail_passes_and_the_log_says_so(notifier: Notifier) -> None:
    """By its category."""
    receipt = notifier.send("hello", to=ADA, params={"name": "Ada"})
    notifier.log.sink.record([bounced(receipt.message_id)])
    notifier.send("code", to=ADA, params={"code": "778899"})
    [entry, _] = notifier.log.find()

    assert ("code", "sent") == (entry.notification, entry.status)
    assert "550 5.1.1 no such user" in entry.reason


def test_nothing_of_the_mail_is_in_the_log(notifier: Notifier, database: Database) -> None:
    """No params, no subject, no body."""
    notifier.send("code", to=ADA, params={"code": "778899"})
    with database.reading() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM notify_log").all())

    assert "ada@example.com" in kept
    assert [] == [word for word in ("778899", "Your code", "It is") if word in kept]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_log_that_is_gone_fails_no_send(notifier: Notifier, caplog: pytest.LogCaptureFixture) -> None:
    """It is said once. Who may be written to is another matter, and cannot be found out: so the log alone is gone."""
    first = notifier.send("hello", to=ADA, params={"name": "Ada"})
    with notifier.outbox.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE notify_log RENAME TO elsewhere")
    with caplog.at_level(logging.WARNING, "notify.log"):
        receipts = [notifier.send("hello", to=ADA, params={"name": "Ada"}) for _ in range(3)]
        with notifier.outbox.database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO notify_log")
        notifier.close()

    assert all(receipt.accepted for receipt in receipts)
    assert [first.message_id, *(receipt.message_id for receipt in receipts)] == [
        entry.message_id for entry in notifier.log.find()[::-1]
    ]
    assert 1 == len([record for record in caplog.records if record.levelname == "ERROR"])


def test_a_project_that_logs_nothing(project: Path, database: Database) -> None:
    """Without `feedback` nothing is written."""
    with Notifier.load(project) as notifier:
        notifier.send("hello", to=ADA, params={"name": "Ada"})
        notifier.enqueue("hello", to=ADA, params={"name": "Ada"})
        notifier.outbox.worker().run(once=True)

        assert database.dialect
        assert [] == notifier.log.find()


def test_what_was_refused_before_it_left(notifier: Notifier) -> None:
    """A wrong call is an error of the call, and no mail that the log could tell of."""
    with pytest.raises(NotifyError):
        notifier.send("hello", to=ADA, params={})

    assert [] == notifier.log.find()
