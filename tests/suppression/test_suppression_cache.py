"""What is known of people is right within a second, in every process, and asks the database for few."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from array import array
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from notify.database import Database
from notify.errors import OutboxError
from notify.people import People
from notify.suppression import Addition, Reason, SuppressionList, known

if TYPE_CHECKING:
    from pathlib import Path

OTHER = """
import sys
from pathlib import Path
from notify.database import Database
from notify.people import People
from notify.suppression import Addition, Reason, SuppressionList

suppressions = SuppressionList(Database(sys.argv[1], Path(".")), People())
for line in sys.stdin:
    what, address = line.split()
    if what == "add":
        suppressions.add([Addition(address, Reason.MANUAL, "another process")])
    else:
        suppressions.remove(address)
    print("done", flush=True)
"""


def manual(*addresses: str) -> list[Addition]:
    """People whom somebody put on the list."""
    return [Addition(address, Reason.MANUAL, "a test") for address in addresses]


def is_known(suppressions: SuppressionList, address: str) -> bool:
    """Whether anything speaks against somebody."""
    return any(word.says < 0 for word in suppressions.known.words(address))


def seen_within(suppressions: SuppressionList, address: str, *, wanted: bool) -> float:
    """The seconds until it is seen that somebody is on the list, or no more."""
    begin = time.monotonic()
    while is_known(suppressions, address) != wanted:
        assert time.monotonic() < begin + 5
        time.sleep(0.01)
    return time.monotonic() - begin


def test_another_process(suppressions: SuppressionList, url: str) -> None:
    """What it adds and removes is seen here within a second, of those who were known before and of others."""
    suppressions.add(manual("known@example.com"))
    suppressions.known.load()
    found = [is_known(suppressions, "known@example.com"), is_known(suppressions, "new@example.com")]
    took = []
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for what, address in (
            ("add", "new@example.com"), ("remove", "known@example.com"), ("remove", "new@example.com"),
            ("add", "new@example.com"),
        ):  # fmt: skip
            other.stdin.write(f"{what} {address}\n")
            other.stdin.flush()
            assert other.stdout.readline() == "done\n"
            took.append(seen_within(suppressions, address, wanted=what == "add"))
        other.stdin.close()

    assert [True, False] == found
    assert max(took) < 1


def test_nothing_is_asked_for_the_unknown(suppressions: SuppressionList, database: Database) -> None:
    """A thousand mails to people of whom nothing is known cost one or two looks at the counter."""
    suppressions.add(manual("known@example.com"))
    suppressions.known.load()
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    begin = time.monotonic()
    for number in range(1000):
        assert not is_known(suppressions, f"p{number}@example.com")
    most = 1 + (time.monotonic() - begin) // known.INTERVAL

    assert len(asked) <= most
    assert all("notify_words_counter" in text for text in asked)


def test_a_few_mails_read_few_rows(suppressions: SuppressionList, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digests are read only when asking has taken longer."""
    suppressions.add(manual(*(f"p{number}@example.com" for number in range(50))))
    monkeypatch.setattr(known, "_PER_ROW", 100.0)
    few = [is_known(suppressions, "p1@example.com"), is_known(suppressions, "q@example.com")]
    before = suppressions.known._seen
    monkeypatch.setattr(known, "_PER_ROW", 1e-9)
    many = [is_known(suppressions, "p1@example.com"), is_known(suppressions, "q@example.com")]
    after = suppressions.known._seen

    assert [True, False] == few == many
    assert before is None
    assert after is not None
    assert 50 == len(after.digests)


@pytest.mark.parametrize("merged", [2, 10_000])
def test_whatever_comes_later(suppressions: SuppressionList, monkeypatch: pytest.MonkeyPatch, merged: int) -> None:
    """One by one, in heaps, more than are merged, and read anew: everybody is known, and nobody else."""
    monkeypatch.setattr(known, "_LEAST_MERGED", merged)
    monkeypatch.setattr(known, "_PAGE", 7)
    suppressions.known.load()
    people = [f"p{number}@example.com" for number in range(120)]
    begin = 0
    for size in (1, 1, 2, 5, 11, 30, 1, 60, 9):
        suppressions.add(manual(*people[begin : begin + size]))
        begin += size
        found = [is_known(suppressions, each) for each in people]

        assert [True] * begin + [False] * (120 - begin) == found
    seen = suppressions.known._seen
    assert seen is not None
    assert array("q", sorted(seen.digests)) == seen.digests


def test_a_restored_database(suppressions: SuppressionList, database: Database) -> None:
    """A counter that went back is no reason to believe anything."""
    suppressions.add(manual("a@example.com", "b@example.com"))
    suppressions.known.load()
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM notify_words WHERE number = 2")
        connection.exec_driver_sql("UPDATE notify_words_counter SET last = 1")
    suppressions.known.hurry()

    assert [True, False] == [is_known(suppressions, each) for each in ("a@example.com", "b@example.com")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork(suppressions: SuppressionList) -> None:
    """It knows what the parent knew, sees what comes, and is not stopped by a thread that stayed there."""
    suppressions.add(manual("a@example.com"))
    suppressions.known.load()
    with suppressions.known._lock:
        child = os.fork()
        if not child:  # pragma: no cover
            suppressions.known.hurry()
            found = is_known(suppressions, "a@example.com") and not is_known(suppressions, "b@example.com")
            suppressions.add(manual("b@example.com"))
            os._exit(0 if found and is_known(suppressions, "b@example.com") else 1)
        _, status = os.waitpid(child, 0)

    assert 0 == os.waitstatus_to_exitcode(status)
    assert seen_within(suppressions, "b@example.com", wanted=True) < 1


def test_threads_that_ask_while_others_change(suppressions: SuppressionList) -> None:
    """Nobody is missed for more than a second, whatever is merged or read meanwhile."""
    suppressions.known.load()
    late: list[float] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            is_known(suppressions, "nobody@example.com")
            time.sleep(0.0005)

    askers = [threading.Thread(target=ask) for _ in range(3)]
    for each in askers:
        each.start()
    for number in range(5):
        suppressions.add(manual(f"p{number}@example.com"))
        late.append(seen_within(suppressions, f"p{number}@example.com", wanted=True))
    ended.set()
    for each in askers:
        each.join()

    assert max(late) < 1


def test_a_database_that_goes(tmp_path: Path) -> None:
    """What was seen is believed for its time, and then nothing is; once it is back, all goes on."""
    path = tmp_path / "outbox.db"
    suppressions = SuppressionList(Database(f"sqlite:///{path}", tmp_path), People())
    suppressions.add(manual("a@example.com"))
    suppressions.known.load()
    suppressions.book.database.close()
    path.rename(tmp_path / "away.db")
    path.mkdir()
    soon = is_known(suppressions, "b@example.com")
    time.sleep(known.INTERVAL)
    with pytest.raises(OutboxError):
        is_known(suppressions, "b@example.com")
    with pytest.raises(OutboxError):
        is_known(suppressions, "b@example.com")
    path.rmdir()
    (tmp_path / "away.db").rename(path)

    assert not soon
    assert [True, False] == [is_known(suppressions, each) for each in ("a@example.com", "b@example.com")]
    suppressions.book.database.close()


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("aaar"), st.sets(st.integers(0, 9), min_size=1)), max_size=15)
)
@pytest.mark.no_cover  # others cover it
def test_any_changes_of_three_processes(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[int, str, set[int]]]
) -> None:
    """Each knows after every change what all of them did."""
    folder = tmp_path_factory.mktemp("three")
    lists = [SuppressionList(Database("sqlite:///outbox.db", folder), People()) for _ in range(3)]
    held: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known, "_LEAST_MERGED", 3)
        patch.setattr(known, "_PAGE", 2)
        for who, what, numbers in story:
            people = {f"p{number}@example.com" for number in numbers}
            if what == "a":
                lists[who].add(manual(*sorted(people)))
                held |= people
            else:
                for each in people:
                    lists[who].remove(each)
                held -= people
            for one in lists:
                one.known.hurry()
                everybody = [f"p{number}@example.com" for number in range(10)]
                assert held == {person for person in everybody if is_known(one, person)}
    for one in lists:
        one.book.database.close()
