"""What people chose: the last word counts, and saying it again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from consent.making import notifier_of
from hypothesis import given
from hypothesis import strategies as st

from notify import hookimpl
from notify.configuration.categories import Category
from notify.consent import ALL, MemoryPreferences, Preferences, Scope
from notify.consent.store import preferences_of
from notify.errors import PluginError
from notify.plugins import Plugins

if TYPE_CHECKING:
    from pathlib import Path

NEWS = Category("news", "required")
TIPS = Category("tips", "required", opt_in=True)
SECURITY = Category("security", "never")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SCOPES = [ALL, Scope.category("news"), Scope.notification("weekly"), Scope.notification("daily")]


@pytest.fixture
def store() -> MemoryPreferences:
    """An empty one, whose clock stands still."""
    return MemoryPreferences(lambda: NOON)


def test_nothing_said(store: MemoryPreferences) -> None:
    """The category decides."""
    found = [store.allows("a@b.example", each, "weekly") for each in (NEWS, TIPS, SECURITY)]

    assert [True, False, True] == [bool(each) for each in found]
    assert [
        "said nothing against mails of the category news",
        "did not ask for mails of the category tips",
        "mails of the category security have to arrive",
    ] == [each.reason for each in found]
    assert store.of("a@b.example") == ()


def test_the_last_word_counts(store: MemoryPreferences) -> None:
    """Whatever it is about, as long as it is about the mail."""
    store.unsubscribe("A@b.example", ALL, source="a call")
    after_all = [bool(store.allows("a@B.example", each, "x")) for each in (NEWS, TIPS, SECURITY)]
    store.resubscribe("a@b.example", Scope.category("tips"))
    store.resubscribe("a@b.example", Scope.notification("weekly"))
    after_some = [bool(store.allows("a@b.example", each, "x")) for each in (NEWS, TIPS)]

    assert [False, False, True] == after_all
    assert [False, True] == after_some
    assert store.allows("a@b.example", NEWS, "weekly").reason == "wanted notification:weekly on 2026-11-27"
    assert store.allows("a@b.example", NEWS, "x").reason == "unsubscribed from all on 2026-11-27 by a call"
    assert store.allows("other@b.example", NEWS, "x")


def test_said_again(store: MemoryPreferences) -> None:
    """A thousand times change the store once."""
    store.unsubscribe("a@b.example", ALL)
    before = store.of("a@b.example")
    for _ in range(1000):
        store.unsubscribe("a@b.example", ALL, source="again")

    assert before == store.of("a@b.example")


def test_said_again_after_something_else(store: MemoryPreferences) -> None:
    """It is the last word again, later than all others although the clock stands still."""
    store.unsubscribe("a@b.example", ALL)
    store.resubscribe("a@b.example", Scope.category("news"))
    store.unsubscribe("a@b.example", ALL)
    first, second = store.of("a@b.example")

    assert not store.allows("a@b.example", NEWS, "x")
    assert (first.scope, second.scope) == (Scope.category("news"), ALL)
    assert (first.at, second.at) == (NOON + timedelta(microseconds=1), NOON + timedelta(microseconds=2))


@given(st.lists(st.tuples(st.sampled_from(SCOPES), st.booleans()), max_size=12))
def test_any_story(story: list[tuple[Scope, bool]]) -> None:
    """What is allowed is what was said last about the mail; one choice a scope is kept, in the order of time."""
    store = MemoryPreferences()
    for scope, wanted in story:
        (store.resubscribe if wanted else store.unsubscribe)("a@b.example", scope)
    said = [wanted for scope, wanted in story if scope.covers("news", "weekly")]
    kept = store.of("a@b.example")

    assert store.allows("a@b.example", NEWS, "weekly").allowed == (said[-1] if said else True)
    assert len({each.scope for each in kept}) == len(kept)
    assert sorted(kept, key=lambda each: each.at) == list(kept)


def test_it_is_a_store() -> None:
    """As the protocol has it."""
    assert isinstance(MemoryPreferences(), Preferences)


def test_a_plugin_brings_one(tmp_path: Path) -> None:
    """And what is none is refused by name."""
    kept = MemoryPreferences()

    class Right:
        @hookimpl
        def notify_preferences(self) -> Preferences:
            return kept

    class Wrong:
        @hookimpl
        def notify_preferences(self) -> str:
            return "postgresql://"

    assert preferences_of(notifier_of(tmp_path).plugins) is None
    assert preferences_of(Plugins(others=[Right()])) is kept
    with pytest.raises(PluginError, match="'Wrong' gave str in notify_preferences, which lacks a method"):
        preferences_of(Plugins(others=[Wrong()]))
