"""Putting one job into the outbox."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from notify import Attachment, Message, Notifier
from notify.database import Database
from notify.errors import AddressError, ConfigError, MessageError, ParamsError, UnknownNotificationError
from notify.outbox.sealing import Seal

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """A notifier whose outbox has its tables."""
    with Notifier.load(project) as notifier:
        notifier.outbox.migrate()
        yield notifier


def contents(notifier: Notifier, table: str) -> list[Any]:
    """All rows of a table."""
    with notifier.outbox.database.reading() as connection:
        return list(connection.exec_driver_sql(f"SELECT * FROM {table}").mappings())  # noqa: S608 - a constant


def test_a_job_is_there_as_it_was_given_back(notifier: Notifier) -> None:
    """What `enqueue` returns is what the row says."""
    job = notifier.enqueue("hello", to="Ada <ada@example.com>", params={"name": "Ada"}, locale="fr", tags="x")

    assert job == notifier.outbox.get(job.id)
    assert ("hello", "ada@example.com", "queued", "normal", "fr") == (
        job.notification,
        job.recipient,
        job.state,
        job.priority,
        job.locale,
    )
    assert job.message_id.endswith("@acme.example>")
    assert {"name": "Ada"} == json.loads(job.params or "")
    assert {"to": [["ada@example.com", "Ada"]], "locale": "fr", "tags": ["x"]} == json.loads(job.call or "")
    assert timedelta(0) <= job.due_at - job.created_at < timedelta(seconds=1)


def test_what_one_call_says_is_not_said_for_the_next(notifier: Notifier) -> None:
    """What calls have in common is found out once; what each says of its own is its own."""
    first = notifier.enqueue("hello", to="a@example.com", params={"name": "A"})
    second = notifier.enqueue(
        "hello", to="b@example.com", params={"name": "B"}, locale="fr", priority="high", delay=60, key="b"
    )
    third = notifier.enqueue("hello", to="c@example.com", params={"name": "C"})

    assert ("fr", "high", "b") == (second.locale, second.priority, second.key)
    assert [(None, "normal", None, first.contract)] * 2 == [
        (job.locale, job.priority, job.key, job.contract) for job in (first, third)
    ]
    assert third.due_at - third.created_at < timedelta(seconds=1)
    assert {"to": ["c@example.com"]} == json.loads(third.call or "")


def test_a_job_is_there_for_others(notifier: Notifier, url: str, project: Path) -> None:
    """At once, also when the connection was used for looking before."""
    notifier.outbox.stats()
    ids = [notifier.enqueue("hello", to="a@example.com", params={"name": "A"}).id]
    notifier.outbox.find()
    notifier.enqueue_many("hello", [("b@example.com", {"name": "B"})])
    notifier.outbox.stats()
    other = Database(url, project)
    with other.reading() as connection:
        found = connection.exec_driver_sql("SELECT id FROM notify_jobs ORDER BY id").scalars().all()
    other.close()

    assert ids == found[:1]
    assert 2 == len(found)


def test_the_contract_is_kept_once(notifier: Notifier) -> None:
    """Its canonical form stands beside the jobs, under the hash that they have."""
    jobs = [notifier.enqueue("hello", to="a@example.com", params={"name": "A"}) for _ in range(2)]

    (row,) = contents(notifier, "notify_contracts")
    assert row["hash"] == jobs[0].contract == jobs[1].contract
    assert ["name"] == list(json.loads(row["form"])["params"])


@pytest.mark.parametrize(
    ("name", "call", "error", "words"),
    [
        ("helo", {}, UnknownNotificationError, "hello"),
        ("hello", {"params": {}}, ParamsError, "name"),
        ("hello", {"params": {"name": "A", "nam": 1}}, ParamsError, "nam"),
        ("hello", {"to": "nobody"}, AddressError, "nobody"),
        ("hello", {"to": []}, ParamsError, "at least one recipient"),
        ("hello", {"locale": "!"}, ParamsError, "a locale"),
        ("hello", {"theme": "dark"}, ConfigError, "no theme 'dark'"),
        ("hello", {"via": "pigeon"}, ConfigError, "no transport 'pigeon'"),
        ("hello", {"headers": {"X": "a\nb"}}, AddressError, "X"),
        ("hello", {"tags": ["a\nb"]}, AddressError, "tags"),
        ("hello", {"attachments": Attachment(filename="x", path=Path("gone.pdf"))}, ConfigError, "gone.pdf"),
        ("hello", {"key": ""}, ParamsError, "key"),
        ("hello", {"key": "a\0"}, ParamsError, "key"),
        ("hello", {"key": "k" * 501}, ParamsError, "501 letters"),
        ("hello", {"key": 5}, ParamsError, "key: expected text, got int"),
        ("hello", {"priority": "urgent"}, ParamsError, "one of high, normal, low"),
        ("hello", {"at": datetime(2030, 1, 1)}, ParamsError, "a naive one"),  # noqa: DTZ001 - that is the fault
        ("hello", {"at": "tomorrow"}, ParamsError, "a datetime"),
        ("hello", {"at": datetime.max.replace(tzinfo=UTC)}, ParamsError, "before the year 9999, got 9999-12-31T"),
        ("hello", {"delay": timedelta.max}, ParamsError, "less than 7000 years"),
        ("hello", {"delay": 253402300798}, ParamsError, "less than 7000 years"),
        ("hello", {"delay": -1}, ParamsError, "not below 0"),
        ("hello", {"delay": float("nan")}, ParamsError, "not below 0"),
        ("hello", {"delay": "1h"}, ParamsError, "a timedelta or seconds"),
        ("hello", {"delay": 1, "at": datetime(2030, 1, 1, tzinfo=UTC)}, ParamsError, "either at or delay"),
    ],
)
def test_what_is_wrong_is_found_at_once(
    notifier: Notifier, name: str, call: dict[str, Any], error: type[Exception], words: str
) -> None:
    """Nothing is enqueued, and the error says what is wrong."""
    keywords: dict[str, Any] = {"to": "ada@example.com", "params": {"name": "Ada"}, **call}

    with pytest.raises(error, match=words):
        notifier.enqueue(name, **keywords)
    assert [] == notifier.outbox.find()


def test_without_a_sender_nothing_is_enqueued(notifier: Notifier, project: Path) -> None:
    """The worker could not send it."""
    text = (project / "notify.yaml").read_text(encoding="utf-8")
    (project / "notify.yaml").write_text(text.partition("\n")[2], encoding="utf-8")

    with Notifier.load(project) as other, pytest.raises(ConfigError, match="nobody is the sender of hello"):
        other.enqueue("hello", to="a@example.com", params={"name": "A"})
    assert [] == notifier.outbox.find()


def test_a_key_makes_the_second_call_give_the_first_job(notifier: Notifier) -> None:
    """Whatever the second call's params are."""
    first = notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key="order:1")
    second = notifier.enqueue("hello", to="a@example.com", params={"name": "B"}, key="order:1")

    assert first == second
    assert [first] == notifier.outbox.find()


def test_a_key_of_another_job_is_an_error(notifier: Notifier) -> None:
    """It names both notifications and both recipients."""
    notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key="order:1")

    with pytest.raises(ParamsError, match=r"code for b@example.com, got 'order:1', which job 1 has: hello for a@exam"):
        notifier.enqueue("code", to="b@example.com", params={"code": "1"}, key="order:1")
    assert 1 == len(notifier.outbox.find())


def test_a_later_time(notifier: Notifier) -> None:
    """`at` and `delay` say when it is due, and the mail is dated then; what is past is due at once."""
    at = datetime(2090, 1, 2, 3, 4, 5, tzinfo=UTC)
    then = notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, at=at)
    soon = notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, delay=timedelta(hours=1))
    past = notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, at=datetime(2001, 1, 1, tzinfo=UTC))

    assert (at, at) == (then.due_at, then.dated_at)
    assert timedelta(hours=1) == timedelta(seconds=round((soon.due_at - soon.created_at).total_seconds(), 2))
    assert timedelta(0) <= past.due_at - past.created_at < timedelta(seconds=1)
    assert timedelta(0) <= past.dated_at - past.created_at < timedelta(seconds=1)


@pytest.mark.usefixtures("notifier")
def test_the_priority_is_that_of_the_category(project: Path) -> None:
    """Security goes first and marketing last, unless the call says otherwise."""
    (project / "notifications" / "ad.yaml").write_text("subject: Buy\ntext: Buy.\ncategory: marketing\nparams: {}\n")
    with Notifier.load(project) as other:
        jobs = [
            other.enqueue("code", to="a@example.com", params={"code": "1"}),
            other.enqueue("hello", to="a@example.com", params={"name": "A"}),
            other.enqueue("ad", to="a@example.com"),
            other.enqueue("ad", to="a@example.com", priority="high"),
        ]

    assert ["high", "normal", "low", "high"] == [job.priority for job in jobs]
    assert ["at_least_once", "at_most_once"] == [job.delivery for job in jobs[:2]]


def test_attachments_lie_beside_the_row(notifier: Notifier) -> None:
    """Once each, however many jobs have them."""
    file = Attachment(filename="a.txt", content=b"hello")
    jobs = [notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, attachments=file) for _ in range(2)]

    (row,) = contents(notifier, "notify_blobs")
    assert b"hello" == bytes(row["content"])
    assert ((row["digest"],), (row["digest"],)) == (jobs[0].blobs, jobs[1].blobs)
    assert row["digest"] in (jobs[0].call or "")


def test_a_content_that_is_used_again_after_long_is_not_cleared_away(notifier: Notifier) -> None:
    """Its time becomes that of its last use."""
    file = Attachment(filename="a.txt", content=b"hello")
    notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, attachments=file)
    with notifier.outbox.database.writing() as connection:
        connection.exec_driver_sql("UPDATE notify_blobs SET used_at = 1000.0")
    notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, attachments=file)

    (row,) = contents(notifier, "notify_blobs")
    assert row["used_at"] > 1_000_000.0


def test_sensitive_params_are_sealed(notifier: Notifier, monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    """Where a key is configured, the row does not show them, and neither does the job."""
    key = Seal.new_key()
    monkeypatch.setenv("NOTIFY_OUTBOX_KEY", key)
    with Notifier.load(project) as other:
        job = other.enqueue("code", to="a@example.com", params={"code": "s3cr3t"})

    (row,) = contents(notifier, "notify_jobs")
    assert {"code": "***"} == json.loads(job.params or "")
    assert "s3cr3t" not in repr(dict(row)) + repr(job)
    assert b'{"code":"s3cr3t"}' == Seal.of([key]).open((job.sealed or "").encode())


def test_a_message_is_enqueued_as_it_is(notifier: Notifier) -> None:
    """With its own Message-ID and Date, under the notification that it was rendered from."""
    message = notifier.render("hello", to=["a@example.com", "b@example.com"], params={"name": "A"})
    job = notifier.enqueue_message(message, key="m", delay=60)
    again = notifier.enqueue_message(message, key="m")

    assert job == again == notifier.outbox.get(job.id)
    assert (message.message_id, message.date, "hello", None) == (
        job.message_id,
        job.dated_at,
        job.notification,
        job.contract,
    )
    assert (None, None) == (job.params, job.call)
    assert "Good day, A." in (job.frozen or "")


def test_a_message_by_hand(notifier: Notifier) -> None:
    """It needs no notification; anything else is an error."""
    message = Message(sender="a@acme.example", to="b@example.com", subject="Hi", text="x", category="security")
    job = notifier.enqueue_message(message)

    assert (None, "b@example.com", "high") == (job.notification, job.recipient, job.priority)
    with pytest.raises(MessageError, match="expected a Message, got str"):
        notifier.enqueue_message("hi")  # type: ignore[arg-type]


def test_in_an_event_loop(notifier: Notifier) -> None:
    """`aenqueue` gives what `enqueue` does."""
    job = asyncio.run(notifier.aenqueue("hello", to="a@example.com", params={"name": "A"}, key="k"))

    assert [job] == notifier.outbox.find()


def test_a_bell_rings_after_the_commit(notifier: Notifier) -> None:
    """With the ids of what others can see by then; a second call of the same key rings none."""
    rung: list[tuple[int, int]] = []
    notifier.outbox.bells.append(lambda ids: rung.append((ids[0], len(notifier.outbox.find()))))
    job = notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key="k")
    notifier.enqueue("hello", to="a@example.com", params={"name": "A"}, key="k")

    assert [(job.id, 1)] == rung


def test_a_broken_bell_fails_nothing(notifier: Notifier, caplog: pytest.LogCaptureFixture) -> None:
    """The job is there, and what went wrong is logged."""

    def broken(_ids: object) -> None:
        raise RuntimeError("no broker")

    notifier.outbox.bells.append(broken)
    job = notifier.enqueue("hello", to="a@example.com", params={"name": "A"})

    assert [job] == notifier.outbox.find()
    assert "a bell of the outbox failed" in caplog.text


def test_taking_back(notifier: Notifier) -> None:
    """By number or by what jobs have in common; without either, nothing is."""
    jobs = [notifier.enqueue("hello", to=f"{name}@example.com", params={"name": name}) for name in "abc"]

    assert (1, 0) == notifier.outbox.cancel(jobs[0].id)
    assert (1, 0) == notifier.outbox.cancel(to="b@example.com")
    with pytest.raises(ValueError, match="give the numbers"):
        notifier.outbox.cancel()
    assert [jobs[2]] == notifier.outbox.find(states=("queued",))


def test_the_outbox_is_one(notifier: Notifier) -> None:
    """It is opened once, and closing it only closes its connections."""
    outbox = notifier.outbox
    job = notifier.enqueue("hello", to="a@example.com", params={"name": "A"})
    notifier.close()

    assert outbox is notifier.outbox
    assert [job] == notifier.outbox.find()


def test_other_definitions_have_an_outbox_of_their_own(notifier: Notifier) -> None:
    """In the same database."""
    other = notifier.with_catalog(notifier.catalog)
    job = other.enqueue("hello", to="a@example.com", params={"name": "A"})
    other.close()

    assert other.outbox is not notifier.outbox
    assert [job] == notifier.outbox.find()


def test_a_missing_extra_says_what_to_install(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one line of pip."""
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with (
        Notifier.load(project) as notifier,
        pytest.raises(ConfigError, match=r"pip install 'notify-framework\[outbox\]'"),
    ):
        notifier.enqueue("hello", to="a@example.com", params={"name": "A"})
