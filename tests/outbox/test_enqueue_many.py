"""Putting many jobs into the outbox at once."""

from __future__ import annotations

from itertools import count, repeat
from typing import TYPE_CHECKING, Any

import pytest

from notify import Attachment, Notifier
from notify.errors import AddressError, ConfigError, ParamsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.outbox.job import Job


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """A notifier whose outbox has its tables."""
    with Notifier.load(project) as notifier:
        notifier.outbox.migrate()
        yield notifier


def rows(number: int) -> Iterator[tuple[str, dict[str, str]]]:
    """So many rows, each for somebody else."""
    return ((f"user{index}@example.com", {"name": f"User {index}"}) for index in range(number))


def enqueued(notifier: Notifier) -> list[Job]:
    """All jobs, the oldest first."""
    return notifier.outbox.find(limit=10_000)[::-1]


def test_each_row_becomes_a_job(notifier: Notifier) -> None:
    """In the order of the rows, with a Message-ID of its own, whatever the number of rows."""
    new = notifier.enqueue_many("hello", rows(2500), locale="fr", tags=["a", "b"], delay=60)

    jobs = enqueued(notifier)
    assert (2500, 2500, 2500) == (new, len(jobs), len({job.message_id for job in jobs}))
    assert [f"user{index}@example.com" for index in range(2500)] == [job.recipient for job in jobs]
    assert '{"to":["user7@example.com"],"locale":"fr","tags":["a","b"]}' == jobs[7].call
    assert '{"name":"User 7"}' == jobs[7].params


def test_it_is_the_same_as_one_by_one(notifier: Notifier) -> None:
    """A job of many differs from one alone in its id, Message-ID and times only."""
    keywords: Any = {"cc": "c@example.com", "headers": {"X-A": "é"}, "metadata": {"a": "b"}, "via": "memory"}
    one = notifier.enqueue("hello", to=("A", "a@example.com"), params={"name": "A"}, key="k1", **keywords)
    notifier.enqueue_many("hello", [(("A", "a@example.com"), {"name": "A"})], keys=["k2"], **keywords)

    many = enqueued(notifier)[1]
    names = set(one._fields) - {"id", "message_id", "key", "created_at", "dated_at", "due_at", "changed_at"}
    assert {name: getattr(one, name) for name in names} == {name: getattr(many, name) for name in names}


def test_no_rows(notifier: Notifier) -> None:
    """There is nothing to do."""
    assert 0 == notifier.enqueue_many("hello", [])


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        (("a@example.com", {}), ParamsError, "row 1501: wrong params for hello:\n  name"),
        (("nobody", {"name": "A"}), AddressError, "row 1501: "),
        (("a@example.com", None), ParamsError, "row 1501: .*\n  name"),
        (7, ParamsError, "row 1501: .*\n  row: expected a pair"),
    ],
)
def test_one_wrong_row_and_nothing_is_enqueued(
    notifier: Notifier, row: Any, error: type[Exception], words: str
) -> None:
    """The error says which row it is."""
    with pytest.raises(error, match=words):
        notifier.enqueue_many("hello", [*rows(1500), row, *rows(1)])
    assert [] == notifier.outbox.find()


def test_what_all_share_is_checked_without_rows(notifier: Notifier) -> None:
    """A wrong keyword is no fault of a row."""
    with pytest.raises(AddressError, match="X-A"):
        notifier.enqueue_many("hello", rows(2), headers={"X-A": "a\nb"})
    with pytest.raises(ConfigError, match="no transport 'pigeon'"):
        notifier.enqueue_many("hello", rows(2), via="pigeon")
    assert [] == notifier.outbox.find()


def test_rows_whose_keys_are_there_are_passed_over(notifier: Notifier) -> None:
    """What is begun again goes on where it was; only what is new is counted."""
    keys = [f"news:{index}" for index in range(2500)]
    notifier.enqueue_many("hello", rows(1200), keys=keys)
    new = notifier.enqueue_many("hello", rows(2500), keys=keys)

    assert 1300 == new
    assert keys == [job.key for job in enqueued(notifier)]


def test_some_rows_may_have_no_key(notifier: Notifier) -> None:
    """They are always new."""
    notifier.enqueue_many("hello", rows(2), keys=["a", None])

    assert 1 == notifier.enqueue_many("hello", rows(2), keys=["a", None])


def test_a_key_of_somebody_else_is_an_error(notifier: Notifier) -> None:
    """Also where both rows are of the same call; else somebody would get nothing, in silence."""
    with pytest.raises(ParamsError, match=r"row 2: .*\n.* user1@example.com, got 'same', which job"):
        notifier.enqueue_many("hello", rows(2), keys=repeat("same"))
    assert [] == notifier.outbox.find()


def test_fewer_keys_than_rows(notifier: Notifier) -> None:
    """The first row without one is named."""
    with pytest.raises(ParamsError, match=r"row 2: .*\n  keys: expected as many as rows, got fewer"):
        notifier.enqueue_many("hello", rows(2), keys=["a"])
    with pytest.raises(ParamsError, match=r"row 1: .*\n  key: expected text, got int"):
        notifier.enqueue_many("hello", rows(2), keys=count())  # type: ignore[arg-type]
    assert [] == notifier.outbox.find()


def test_rows_that_fail_themselves(notifier: Notifier) -> None:
    """The error is the caller's own, and nothing is enqueued."""

    def broken() -> Iterator[tuple[str, dict[str, str]]]:
        yield from rows(1500)
        raise RuntimeError("the file ended in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        notifier.enqueue_many("hello", broken())
    assert [] == notifier.outbox.find()


def test_an_attachment_of_all_lies_there_once(notifier: Notifier) -> None:
    """And each job refers to it."""
    file = Attachment(filename="terms.txt", content=b"terms")
    notifier.enqueue_many("hello", rows(3), attachments=file)

    with notifier.outbox.database.reading() as connection:
        (digest,) = connection.exec_driver_sql("SELECT digest FROM notify_blobs").scalars()
    assert [(digest,)] * 3 == [job.blobs for job in enqueued(notifier)]


@pytest.mark.parametrize("keys", [None, [f"k{index}" for index in range(1500)]])
def test_the_bell_rings_once_with_all_new_ids(notifier: Notifier, keys: list[str] | None) -> None:
    """And not for what was there before."""
    notifier.enqueue("hello", to="user0@example.com", params={"name": "A"}, key="k0")
    rung: list[list[int]] = []
    notifier.outbox.bells.append(lambda ids: rung.append(list(ids)))
    notifier.enqueue_many("hello", rows(1500), keys=keys)

    ids = [job.id for job in enqueued(notifier)[1:]]
    assert [ids] == rung
