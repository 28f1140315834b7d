"""The list of those who are not written to, in both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from notify.configuration.categories import Category
from notify.consent import ALL, Scope
from notify.database import Database
from notify.errors import AddressError, ConfigError, OutboxError
from notify.feedback import Bounce, Event, Kind
from notify.people import People
from notify.suppression import Addition, DatabasePreferences, Reason, SuppressionList
from notify.suppression.tables import counter, words

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DIGEST, SECURITY = Category("digest", "required"), Category("security", "never")
ADA = "ada@example.com"


def bounced(address: str = ADA, at: datetime | None = NOON, note: str = "550 5.1.1 no such user") -> Addition:
    """A hard bounce."""
    return Addition(address, Reason.HARD_BOUNCE, "sendgrid", at=at, note=note)


def test_who_is_added_is_held(suppressions: SuppressionList) -> None:
    """In whatever letters the address is written; others are not."""
    assert 1 == suppressions.add([bounced("Ada@Example.com")])
    held = suppressions.held([ADA, "ADA@example.COM", "bob@example.com"], DIGEST, "weekly")
    (found,) = suppressions.find()

    assert {ADA, "ADA@example.COM"} == held.keys()
    assert found == held[ADA]
    assert (ADA, ALL, Reason.HARD_BOUNCE, "sendgrid", NOON, "550 5.1.1 no such user") == (
        found.person, found.scope, found.reason, found.source, found.at, found.note,
    )  # fmt: skip


def test_the_same_again_changes_nothing(suppressions: SuppressionList, database: Database) -> None:
    """Neither what is kept nor the counter, at which all others would look."""
    suppressions.add([bounced(), Addition("bob@example.com", Reason.MANUAL, "by hand")])
    with database.reading() as connection:
        before = connection.execute(select(words).order_by(words.c.number)).all()
    again = [
        suppressions.add([bounced(), bounced(), Addition("bob@example.com", Reason.MANUAL, "x")]) for _ in range(9)
    ]
    with database.reading() as connection:
        after = connection.execute(select(words).order_by(words.c.number)).all()
        last = connection.execute(select(counter.c.last)).scalar()

    assert [0] * 9 == again
    assert before == after
    assert 2 == last


def test_a_scope_holds_only_its_mails(suppressions: SuppressionList) -> None:
    """A category or a notification."""
    suppressions.add([
        Addition("a@x.example", Reason.MANUAL, "by hand", Scope.category("digest")),
        Addition("b@x.example", Reason.MANUAL, "by hand", Scope.notification("weekly")),
    ])  # fmt: skip
    people = ["a@x.example", "b@x.example"]

    assert set(people) == suppressions.held(people, DIGEST, "weekly").keys()
    assert {"a@x.example"} == suppressions.held(people, DIGEST, "daily").keys()
    assert {"b@x.example"} == suppressions.held(people, Category("news"), "weekly").keys()
    assert {} == suppressions.held(people, Category("news"), "daily")


def test_a_category_may_pass(suppressions: SuppressionList) -> None:
    """As its configuration says; who passes is told apart."""
    suppressions.add([bounced()])
    asked, heeding = Category("offers", "allowed", passes=True), Category("login", "never", passes=False)

    assert {} == suppressions.held([ADA], SECURITY, "code") == suppressions.held([ADA], asked, "x")
    assert {ADA} == suppressions.passed([ADA, "bob@example.com"], SECURITY, "code").keys()
    assert {ADA} == suppressions.held([ADA], heeding, "code").keys()
    assert {} == suppressions.passed([ADA], heeding, "code")


def test_who_is_removed_is_written_to(suppressions: SuppressionList) -> None:
    """For one reason, in one scope, or at all; removed again, nothing happens."""
    news = Scope.category("news")
    suppressions.add([bounced(), Addition(ADA, Reason.COMPLAINT, "ses"), Addition(ADA, Reason.MANUAL, "x", news)])

    assert 0 == suppressions.remove("bob@example.com")
    assert 1 == suppressions.remove("Ada@example.com", reason=Reason.COMPLAINT)
    assert {Reason.HARD_BOUNCE, Reason.MANUAL} == {each.reason for each in suppressions.find()}
    assert 1 == suppressions.remove(ADA, news)
    assert 1 == suppressions.remove(ADA)
    assert 0 == suppressions.remove(ADA)
    assert [] == suppressions.find()
    assert {} == suppressions.held([ADA], DIGEST, "weekly")


def test_what_was_before_a_removal_does_not_come_back(suppressions: SuppressionList) -> None:
    """An old bounce that is imported again is no news; one from later is."""
    suppressions.add([bounced()])
    suppressions.remove(ADA)

    assert 0 == suppressions.add([bounced(), bounced(at=NOON + timedelta(hours=1))])
    assert {} == suppressions.held([ADA], DIGEST, "weekly")
    assert 1 == suppressions.add([bounced(at=datetime.now(UTC) + timedelta(minutes=1))])
    assert {ADA} == suppressions.held([ADA], DIGEST, "weekly").keys()


def test_what_a_person_says_now_counts(suppressions: SuppressionList) -> None:
    """Also where a provider's clock is ahead."""
    suppressions.add([bounced(at=datetime.now(UTC) + timedelta(hours=3))])
    suppressions.remove(ADA)
    removed = suppressions.count()
    suppressions.add([bounced(at=None)])

    assert (0, 1) == (removed, suppressions.count())


def test_what_was_taken_back_is_forgotten_one_day(suppressions: SuppressionList, database: Database) -> None:
    """Not what holds."""
    suppressions.add([bounced(), bounced("bob@example.com")])
    suppressions.remove(ADA)

    assert 0 == suppressions.purge()
    assert 1 == suppressions.purge(older_than=-60)
    with database.reading() as connection:
        assert ["bob@example.com"] == list(connection.execute(select(words.c.person)).scalars())
    assert {} == suppressions.held([ADA], DIGEST, "weekly")


def test_finds_some(suppressions: SuppressionList) -> None:
    """The last change first, page by page."""
    suppressions.add([bounced(f"p{number}@example.com", NOON + timedelta(days=number)) for number in range(5)])
    suppressions.add([Addition("p1@example.com", Reason.COMPLAINT, "ses", Scope.category("news"), at=NOON)])
    page = suppressions.find(limit=2)
    rest = suppressions.find(before=page[-1].number)

    assert ["p1@example.com", "p4@example.com"] == [each.person for each in page]
    assert ["p3@example.com", "p2@example.com", "p1@example.com", "p0@example.com"] == [each.person for each in rest]
    assert 2 == suppressions.count(to="P1@example.com")
    assert 1 == suppressions.count(to="p1@example.com", reasons=[Reason.HARD_BOUNCE])
    assert 5 == suppressions.count(scope=ALL)
    assert 1 == suppressions.count(scope=Scope.category("news"))
    assert 2 == suppressions.count(since=NOON + timedelta(days=3))
    assert 6 == suppressions.count()


def test_hashed(database: Database) -> None:
    """No address is kept, also not in what a server said; the shown hash stands for the person."""
    people = People("a-key-that-nobody-guesses")
    suppressions = SuppressionList(database, people)
    suppressions.add([bounced(note="550 <ada@example.com>: user unknown, ask (postmaster@example.com)")])
    (found,) = suppressions.find()
    with database.reading() as connection:
        kept = str(connection.execute(select(words)).all())

    assert found.person.startswith("h:")
    assert f"550 <{found.person}>: user unknown, ask ({people.name('postmaster@example.com')})" == found.note
    assert "example.com" not in kept
    assert {ADA} == suppressions.held([ADA], DIGEST, "weekly").keys()
    assert [found] == suppressions.find(to="Ada@example.com") == suppressions.find(to=found.person)
    assert 1 == suppressions.remove(found.person)


def test_hashed_whatever_is_said(database: Database) -> None:
    """Nor is what stands before the @, in the words of a server or of people, nor an address in a source."""
    people = People("a-key-that-nobody-guesses")
    suppressions = SuppressionList(database, people)
    event = Event(
        kind=Kind.BOUNCED, bounce=Bounce.HARD, event_id="1", at=NOON, provider="sendgrid",
        recipient="Ada.Lovelace@example.com", reason="550 mailbox ada.lovelace is unknown here",
    )  # fmt: skip
    with database.writing() as connection:
        suppressions.learn(connection, [event])
    suppressions.add([Addition("zed@example.com", Reason.MANUAL, "asked by zed@example.com", note="Zed wrote")])
    store = DatabasePreferences(suppressions)
    store.unsubscribe("eve@example.com", ALL, source="a mail of eve@example.com")
    suppressions.remove("eve@example.com", source="eve@example.com")
    with database.reading() as connection:
        kept = str(connection.execute(select(words)).all()).lower()

    assert not [word for word in ("lovelace", "zed", "eve", "@example") if word in kept]
    assert "550 mailbox *** is unknown here" in kept


@pytest.mark.parametrize("source", ["a\0b", "a\ud800b"], ids=["NUL", "half of a pair"])
def test_sources_that_no_database_takes(suppressions: SuppressionList, source: str) -> None:
    """They are made fit, as notes are."""
    suppressions.add([Addition(ADA, Reason.MANUAL, source)])
    DatabasePreferences(suppressions).unsubscribe(ADA, ALL, source=source)

    assert {"a\ufffdb"} == {each.source for each in suppressions.find()}
    assert 2 == suppressions.remove(ADA, source=source)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime.now(UTC) + timedelta(days=2), "expected a time that has been"),
        (datetime(1969, 12, 31, tzinfo=UTC), "since 1970, got 1969-12-31T00:00:00"),
        (datetime(2026, 11, 20), "needs a zone: 2026-11-20T00:00:00"),  # noqa: DTZ001 - the point of it
    ],
    ids=["future", "long ago", "naive"],
)
def test_times_at_which_nothing_was_said(at: datetime, words: str) -> None:
    """Nothing that somebody says until then would count, or nobody knows when it was."""
    with pytest.raises(ValueError, match=words):
        bounced(at=at)


def test_clocks_differ() -> None:
    """So an hour ahead is taken."""
    assert bounced(at=datetime.now(UTC) + timedelta(hours=1)).at is not None


def test_a_callers_transaction(suppressions: SuppressionList, database: Database) -> None:
    """What is rolled back was never said; what is committed is seen at once by who said it."""

    def fail() -> None:
        with database.writing() as connection:
            assert 1 == suppressions.add([bounced()], connection=connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    before = suppressions.held([ADA], DIGEST, "weekly")
    with database.writing() as connection:
        suppressions.add([bounced(), bounced("bob@example.com")], connection=connection)
        suppressions.remove("bob@example.com", connection=connection)

    assert {} == before
    assert 1 == suppressions.count()
    assert {ADA} == suppressions.held([ADA, "bob@example.com"], DIGEST, "weekly").keys()


def test_eight_threads_add_the_same(url: str, tmp_path: Path, database: Database) -> None:
    """It is new once, whoever comes first."""
    databases = [Database(url, tmp_path) for _ in range(8)]
    counts: list[int] = []

    def add(one: Database) -> None:
        people = [bounced(f"p{number}@example.com", None) for number in range(20)]
        counts.append(sum(SuppressionList(one, People()).add([each]) for each in people))

    threads = [threading.Thread(target=add, args=(each,)) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in databases:
        each.close()
    with database.reading() as connection:
        numbers = list(connection.execute(select(words.c.number).order_by(words.c.number)).scalars())

    assert 20 == sum(counts)
    assert list(range(1, 21)) == numbers


def test_many_at_once(suppressions: SuppressionList) -> None:
    """More than a transaction takes, from any iterable."""
    assert 2500 == suppressions.add(bounced(f"p{number}@example.com") for number in range(2500))
    assert 2500 == suppressions.count()
    assert 1 == suppressions.add(bounced(f"p{number}@example.com") for number in range(2501))


def test_what_is_no_address(suppressions: SuppressionList) -> None:
    """It is said, and nothing of its transaction is kept."""
    for wrong in ("nobody", f"h:{'0' * 32}"):
        with pytest.raises(AddressError):
            suppressions.add([bounced(), bounced(wrong)])

    assert 0 == suppressions.count()


def test_a_database_that_is_gone(tmp_path: Path) -> None:
    """Nobody knows then who may be written to."""
    suppressions = SuppressionList(Database("postgresql://nobody@127.0.0.1:1/none", tmp_path), People())

    with pytest.raises(OutboxError, match="cannot be used"):
        suppressions.held([ADA], DIGEST, "weekly")
    with pytest.raises(OutboxError):
        suppressions.add([bounced()])


def test_a_server_without_tables(postgres: str, tmp_path: Path) -> None:
    """A person makes them."""
    database = Database(postgres, tmp_path)
    suppressions = SuppressionList(database, People())

    with pytest.raises(ConfigError, match="run `notify outbox migrate`"):
        suppressions.held([ADA], DIGEST, "weekly")
    database.close()


def test_a_counter_that_is_missing(suppressions: SuppressionList, database: Database) -> None:
    """Nobody counts from anew: others would not see it."""
    with database.writing() as connection:
        connection.execute(delete(counter))

    with pytest.raises(OutboxError, match="notify_words_counter is empty"):
        suppressions.add([bounced()])


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (None, "a key of some length", "by their addresses, and notify.yaml says otherwise"),
        ("a key of some length", None, "by hashes of another key"),
        ("a key of some length", "another key of some length", "by hashes of another key"),
    ],
    ids=["hashed-now", "clear-now", "other-key"],
)
def test_a_list_that_names_people_in_another_way(
    database: Database, first: str | None, second: str | None, words: str
) -> None:
    """Nobody on it would be found: that is an error for who asks and who adds, and nothing is mixed."""
    other = SuppressionList(database, People(second))

    assert {} == other.held([ADA], DIGEST, "weekly")
    SuppressionList(database, People(first)).add([bounced()])
    for wrong in (
        lambda: SuppressionList(database, People(second)).held([ADA], DIGEST, "weekly"),
        lambda: SuppressionList(database, People(second)).add([bounced("bob@example.com")]),
        lambda: other.add([bounced("bob@example.com")]),
        lambda: other.remove(ADA),
    ):
        with pytest.raises(ConfigError, match=words):
            wrong()
    assert ADA in SuppressionList(database, People(first)).held([ADA], DIGEST, "weekly")


def test_within_the_transaction_of_another(database: Database) -> None:
    """It is seen there too, and the whole transaction is given up."""
    SuppressionList(database, People()).add([bounced()])
    wrong = SuppressionList(database, People("a key of some length"))

    with pytest.raises(ConfigError, match="by their addresses"), database.writing() as connection:
        wrong.add([bounced("bob@example.com")], connection=connection)
