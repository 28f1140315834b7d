"""What people chose, kept beside the list: as the store in memory has it, and with what they told providers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.configuration.categories import Category
from notify.consent import ALL, MemoryPreferences, Preferences, Scope
from notify.database import Database, migrations
from notify.feedback import Event, Kind
from notify.people import People
from notify.suppression import DatabasePreferences, Reason, SuppressionList

if TYPE_CHECKING:
    from pathlib import Path

NEWS = Category("news", "required")
TIPS = Category("tips", "required", opt_in=True)
SECURITY = Category("security", "never")
SCOPES = [ALL, Scope.category("news"), Scope.notification("weekly"), Scope.notification("daily")]
ADA = "ada@example.com"


@pytest.fixture
def store(suppressions: SuppressionList) -> DatabasePreferences:
    """An empty one."""
    return DatabasePreferences(suppressions)


def test_it_is_a_store_of_choices(store: DatabasePreferences) -> None:
    """As the protocol has it."""
    assert isinstance(store, Preferences)


def test_nothing_chosen(store: DatabasePreferences) -> None:
    """The category decides."""
    found = [store.allows(ADA, each, "weekly") for each in (NEWS, TIPS, SECURITY)]

    assert [True, False, True] == [bool(each) for each in found]
    assert "did not ask for mails of the category tips" == found[1].reason
    assert () == store.of(ADA)


def test_the_last_choice_counts(store: DatabasePreferences) -> None:
    """Whatever it is about, as long as it is about the mail; at once for who said it."""
    store.unsubscribe("Ada <Ada@Example.com>", ALL, source="a call")
    after_all = [bool(store.allows(ADA, each, "x")) for each in (NEWS, TIPS, SECURITY)]
    store.resubscribe(ADA, Scope.category("tips"))
    store.resubscribe(ADA, Scope.notification("weekly"))
    after_some = [bool(store.allows(ADA, each, "x")) for each in (NEWS, TIPS)]
    day = f"{datetime.now(UTC):%Y-%m-%d}"

    assert [False, False, True] == after_all
    assert [False, True] == after_some
    assert f"wanted notification:weekly on {day}" == store.allows(ADA, NEWS, "weekly").reason
    assert f"unsubscribed from all on {day} by a call" == store.allows(ADA, NEWS, "x").reason


def test_chosen_again(store: DatabasePreferences) -> None:
    """The same changes nothing; after something else it is the last word again."""
    store.unsubscribe(ADA, ALL)
    before = store.of(ADA)
    for _ in range(20):
        store.unsubscribe(ADA, ALL, source="again")
    again = store.of(ADA)
    store.resubscribe(ADA, Scope.category("news"))
    store.unsubscribe(ADA, ALL)
    first, second = store.of(ADA)

    assert before == again
    assert (Scope.category("news"), ALL) == (first.scope, second.scope)
    assert first.at < second.at
    assert not store.allows(ADA, NEWS, "x")


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(SCOPES), st.booleans()), max_size=8))
def test_any_story_of_choices(tmp_path_factory: pytest.TempPathFactory, story: list[tuple[Scope, bool]]) -> None:
    """It ends as in memory: the same choices in the same order, and the same answers."""
    folder = tmp_path_factory.mktemp("story")
    database = Database("sqlite:///outbox.db", folder)
    migrations.migrate(database)
    stores = (MemoryPreferences(), DatabasePreferences(SuppressionList(database, People())))
    for scope, wanted in story:
        for each in stores:
            (each.resubscribe if wanted else each.unsubscribe)(ADA, scope, source="a test")
    memory, kept = ([(each.scope, each.wanted, each.source) for each in store.of(ADA)] for store in stores)
    answers = [
        [bool(store.allows(ADA, category, name)) for category in (NEWS, TIPS, SECURITY) for name in ("weekly", "x")]
        for store in stores
    ]
    database.close()

    assert memory == kept
    assert answers[0] == answers[1]


def test_people_who_click_at_once(store: DatabasePreferences, url: str, tmp_path: Path) -> None:
    """Eight clicks on one link, on several machines, are one choice."""
    databases = [Database(url, tmp_path) for _ in range(8)]
    threads = [
        threading.Thread(target=DatabasePreferences(SuppressionList(each, People())).unsubscribe, args=(ADA, ALL))
        for each in databases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in databases:
        each.close()

    assert 1 == len(store.of(ADA))
    assert 1 == store.suppressions.find()[0].number


def test_who_unsubscribed_is_on_the_list(store: DatabasePreferences) -> None:
    """With the scope and who says so; who wants mails is not."""
    store.unsubscribe(ADA, Scope.category("news"), source="the unsubscribe link")
    store.resubscribe("bob@example.com", ALL)
    (found,) = store.suppressions.find()

    assert (ADA, Scope.category("news"), Reason.UNSUBSCRIBED, "the unsubscribe link") == (
        found.person, found.scope, found.reason, found.source,
    )  # fmt: skip
    assert {ADA} == store.suppressions.held([ADA, "bob@example.com"], NEWS, "weekly").keys()


def test_what_a_provider_hears_is_a_choice(store: DatabasePreferences, database: Database) -> None:
    """Who left there can come back here."""
    left = Event(kind=Kind.UNSUBSCRIBED, event_id="1", at=datetime(2026, 11, 20, tzinfo=UTC), provider="sendgrid",
                 recipient="Ada@example.com")  # fmt: skip
    with database.writing() as connection:
        store.suppressions.learn(connection, [left])
    before = store.allows(ADA, NEWS, "weekly")
    store.resubscribe(ADA, Scope.category("news"), source="the preference page")

    assert "unsubscribed from all on 2026-11-20 by sendgrid" == before.reason
    assert store.allows(ADA, NEWS, "weekly")
    assert not store.allows(ADA, Category("offers"), "x")
