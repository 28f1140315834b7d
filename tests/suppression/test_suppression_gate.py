"""Who is written to, and why not, by the list and by what people chose."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from notify.configuration.categories import Category
from notify.consent import ALL, MemoryPreferences, Scope
from notify.database import Database
from notify.delivery.gate import FREE
from notify.errors import ConfigError, OutboxError, PluginError
from notify.people import People
from notify.suppression import Addition, DatabasePreferences, Gate, Reason, SuppressionList

if TYPE_CHECKING:
    from pathlib import Path

    from notify.addresses import AddressLike
    from notify.consent import Decision

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CATEGORIES = {
    "digest": Category("digest", "required"),
    "tips": Category("tips", "required", opt_in=True),
    "security": Category("security", "never"),
    "alerts": Category("alerts", "allowed", passes=True),
    "legal": Category("legal", "never", passes=False),
}
ADA, BOB = "ada@example.com", "bob@example.com"


def category(name: str) -> Category:
    """As the configuration gives it."""
    return CATEGORIES.get(name) or Category(name)


@pytest.fixture
def gate(suppressions: SuppressionList) -> Gate:
    """Heeds both."""
    return Gate(category, suppressions, DatabasePreferences(suppressions))


def bounce(address: str = ADA, scope: Scope = ALL) -> Addition:
    """A hard bounce."""
    return Addition(address, Reason.HARD_BOUNCE, "sendgrid", scope, NOON, "550 5.1.1 no such user")


def test_nothing_speaks_against_anybody(gate: Gate) -> None:
    """The usual case is one value, which is not made anew."""
    assert FREE is gate.judge([ADA, BOB], "digest", "weekly")
    assert FREE is gate.judge([ADA], "security", "code")
    assert FREE is gate.judge([ADA], "", "")


def test_the_reason_is_told(gate: Gate, suppressions: SuppressionList) -> None:
    """With the day, who says so, and the words; of several, the worst."""
    suppressions.add([bounce(), bounce(BOB, Scope.category("digest"))])
    suppressions.add([Addition("eve@example.com", Reason.MANUAL, "by hand", at=NOON), bounce("eve@example.com")])
    suppressions.add([Addition("eve@example.com", Reason.COMPLAINT, "ses", at=NOON)])
    found = gate.judge([ADA, BOB, "eve@example.com", "zoe@example.com"], "digest", "weekly")

    assert {
        ADA: "hard bounce on 2026-11-20 (sendgrid): 550 5.1.1 no such user",
        BOB: "hard bounce for category:digest on 2026-11-20 (sendgrid): 550 5.1.1 no such user",
        "eve@example.com": "complaint on 2026-11-20 (ses)",
    } == found.held
    assert {} == found.passed


def test_some_categories_pass(gate: Gate, suppressions: SuppressionList) -> None:
    """With the reason, for the log."""
    suppressions.add([bounce()])
    bounced = "hard bounce on 2026-11-20 (sendgrid): 550 5.1.1 no such user"

    assert {ADA: f"mails of the category security pass the suppression list: {bounced}"} == gate.judge(
        [ADA, BOB], "security", "code"
    ).passed
    assert {ADA: f"mails of the category alerts pass the suppression list: {bounced}"} == gate.judge(
        [ADA], "alerts", "x"
    ).passed
    assert {ADA: bounced} == gate.judge([ADA], "legal", "terms").held


def test_what_people_chose(gate: Gate, suppressions: SuppressionList) -> None:
    """Is heeded but for what has to arrive; who passes the list may still have unsubscribed."""
    store = DatabasePreferences(suppressions)
    store.unsubscribe(ADA, ALL, source="the unsubscribe link")
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    left = f"unsubscribed from all on {day} by the unsubscribe link"

    assert {ADA: left} == gate.judge([ADA], "digest", "weekly").held == gate.judge([ADA], "alerts", "x").held
    assert {ADA: left} == gate.judge([ADA], "", "").held
    assert {ADA: f"mails of the category security have to arrive: {left}"} == gate.judge([ADA], "security", "x").passed
    store.resubscribe(ADA, Scope.category("digest"))
    assert FREE is gate.judge([ADA], "digest", "weekly")


def test_a_bounce_holds_who_wants_mails(gate: Gate, suppressions: SuppressionList) -> None:
    """Wanting them makes no mailbox."""
    suppressions.add([bounce()])
    DatabasePreferences(suppressions).resubscribe(ADA, ALL)

    assert {ADA} == gate.judge([ADA], "digest", "weekly").held.keys()


def test_opt_in(gate: Gate, suppressions: SuppressionList) -> None:
    """Only those get it who asked."""
    DatabasePreferences(suppressions).resubscribe(ADA, Scope.category("tips"))
    found = gate.judge([ADA, BOB], "tips", "tip_of_the_day")

    assert {BOB: "did not ask for mails of the category tips"} == found.held


def test_the_list_alone(suppressions: SuppressionList) -> None:
    """Where no pages are configured, what providers hear still counts, and nobody is asked to opt in."""
    suppressions.add([Addition(ADA, Reason.UNSUBSCRIBED, "sendgrid", at=NOON)])
    gate = Gate(category, suppressions)

    assert {ADA: "unsubscribed from all on 2026-11-20 by sendgrid"} == gate.judge([ADA, BOB], "tips", "x").held
    assert {ADA} == gate.judge([ADA], "security", "x").passed.keys()


def test_choices_alone(suppressions: SuppressionList) -> None:
    """Where the list is not to be heeded."""
    suppressions.add([bounce()])
    store = DatabasePreferences(suppressions)
    store.unsubscribe(BOB, ALL)
    gate = Gate(category, None, store)

    assert FREE is gate.judge([ADA], "digest", "weekly")
    assert {BOB} == gate.judge([ADA, BOB], "digest", "weekly").held.keys()
    assert FREE is gate.judge([ADA, BOB], "security", "x")
    assert {ADA, BOB} == gate.judge([ADA, BOB], "tips", "x").held.keys()


def test_a_store_of_ones_own(suppressions: SuppressionList) -> None:
    """It says what people chose; the list is still ours, with what they told a provider."""
    own = MemoryPreferences()
    own.unsubscribe(ADA, ALL)
    suppressions.add([bounce(BOB), Addition("eve@example.com", Reason.UNSUBSCRIBED, "sendgrid", at=NOON)])
    people = [ADA, BOB, "eve@example.com", "zoe@example.com"]

    assert set(people[:3]) == Gate(category, suppressions, own).judge(people, "digest", "weekly").held.keys()
    assert {ADA} == Gate(category, None, own).judge(people, "digest", "weekly").held.keys()
    assert FREE is Gate(category, None, own).judge(people, "security", "x")


def test_a_store_that_fails(suppressions: SuppressionList) -> None:
    """Is named, without its words, which may have an address."""

    class Broken(MemoryPreferences):
        def allows(self, recipient: AddressLike, category: Category, notification: str) -> Decision:  # noqa: ARG002
            raise KeyError(recipient)

    class Gone(MemoryPreferences):
        def allows(self, recipient: AddressLike, category: Category, notification: str) -> Decision:  # noqa: ARG002
            raise ConfigError("no store")

    with pytest.raises(PluginError, match=r"^the preferences Broken failed in allows: KeyError$"):
        Gate(category, suppressions, Broken()).judge([ADA], "digest", "weekly")
    with pytest.raises(ConfigError, match="no store"):
        Gate(category, suppressions, Gone()).judge([ADA], "digest", "weekly")


def test_nobody_knows(tmp_path: Path) -> None:
    """A database that is gone is said; what becomes of the mail is not decided here."""
    gone = SuppressionList(Database("postgresql://nobody@127.0.0.1:1/none", tmp_path), People())

    with pytest.raises(OutboxError):
        Gate(category, gone).judge([ADA], "digest", "weekly")


def test_hashed_people(database: Database) -> None:
    """The addresses of a message are those of the answer."""
    suppressions = SuppressionList(database, People("a-key-that-nobody-guesses"))
    suppressions.add([bounce()])

    assert {"Ada@Example.com"} == Gate(category, suppressions).judge(["Ada@Example.com", BOB], "x", "y").held.keys()
