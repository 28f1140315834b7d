"""What follows from events: the same whatever their order, and how often they are told."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.configuration.categories import Category
from notify.consent import ALL, Scope
from notify.database import Database, migrations
from notify.feedback import Bounce, Event, Kind
from notify.people import People
from notify.suppression import Reason, SuppressionList, effects
from notify.suppression.effects import effect
from notify.suppression.words import AGAINST, NOTHING, WANTED

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GROUPS = {"7": "digest", "8": "offers"}
DIGEST = Category("digest", "required")


def told(kind: Kind, second: int = 0, **more: object) -> Event:
    """An event of Ada's."""
    given = {"recipient": "Ada@example.com", "provider": "sendgrid", "event_id": f"{kind}{second}{more}"[:255], **more}
    return Event(kind=kind, at=NOON + timedelta(seconds=second), **given)  # type: ignore[arg-type]  # of many kinds


def kept(event: Event) -> tuple[Scope, Reason, int] | None:
    """What it says, in short."""
    word = effect(event, GROUPS, People())
    return None if word is None else (word.scope, word.reason, word.says)


def test_what_each_event_says() -> None:
    """Bounces of a mail, openings and the like say nothing of the person."""
    assert (ALL, Reason.HARD_BOUNCE, AGAINST) == kept(told(Kind.BOUNCED, bounce=Bounce.HARD))
    assert (ALL, Reason.COMPLAINT, AGAINST) == kept(told(Kind.COMPLAINED))
    assert (ALL, Reason.INVALID, AGAINST) == kept(told(Kind.REJECTED, reason="Invalid"))
    assert (ALL, Reason.HARD_BOUNCE, AGAINST) == kept(told(Kind.REJECTED, reason="Bounced Address"))
    assert (ALL, Reason.COMPLAINT, AGAINST) == kept(told(Kind.REJECTED, reason="Spam Reporting Address"))
    assert (ALL, Reason.UNSUBSCRIBED, AGAINST) == kept(told(Kind.UNSUBSCRIBED))
    assert (ALL, Reason.UNSUBSCRIBED, NOTHING) == kept(told(Kind.RESUBSCRIBED))
    assert (Scope.category("digest"), Reason.UNSUBSCRIBED, AGAINST) == kept(told(Kind.UNSUBSCRIBED, group="7"))
    assert (Scope.category("offers"), Reason.UNSUBSCRIBED, WANTED) == kept(told(Kind.RESUBSCRIBED, group="8"))
    others = [told(kind) for kind in (Kind.QUEUED, Kind.DEFERRED, Kind.DELIVERED, Kind.OPENED, Kind.CLICKED)]
    others += [told(Kind.BOUNCED, bounce=Bounce.SOFT), told(Kind.REJECTED, reason="Spam Content")]
    others += [told(Kind.COMPLAINED, recipient=None)]
    assert [None] * len(others) == [kept(each) for each in others]


def test_a_group_that_stands_for_nothing(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Holds nobody, and is logged once."""
    monkeypatch.setattr(effects, "_unmapped", set())
    with caplog.at_level(logging.WARNING, "notify.suppression"):
        found = [kept(told(kind, group="99")) for kind in (Kind.UNSUBSCRIBED, Kind.RESUBSCRIBED, Kind.UNSUBSCRIBED)]

    assert [None, None, None] == found
    assert 1 == len(caplog.records)
    assert "the group 99 of sendgrid" in caplog.text
    assert "ada" not in caplog.text


def test_a_refusal_is_less_than_a_bounce(suppressions: SuppressionList, database: Database) -> None:
    """Its words stand only where nothing better is known."""
    bounce = told(Kind.BOUNCED, 1, bounce=Bounce.HARD, reason="550 5.1.1 no such user")
    dropped = told(Kind.REJECTED, 2, reason="Bounced Address")
    with database.writing() as connection:
        first = suppressions.learn(connection, [bounce, dropped])
    (found,) = suppressions.find()
    suppressions.remove("ada@example.com")
    with database.writing() as connection:
        soon = round((datetime.now(UTC) - NOON).total_seconds()) + 3600
        again = suppressions.learn(connection, [told(Kind.REJECTED, soon, reason="Bounced Address")])

    assert (1, 1) == (first, again)
    assert ("550 5.1.1 no such user", bounce.at) == (found.note, found.at)


def test_what_is_yet_to_come_is_of_now(suppressions: SuppressionList, database: Database) -> None:
    """Or nothing that the person says until then would count."""
    with database.writing() as connection:
        suppressions.learn(connection, [told(Kind.UNSUBSCRIBED, 10**9)])
    (found,) = suppressions.find()
    now = round((datetime.now(UTC) - NOON).total_seconds())
    with database.writing() as connection:
        suppressions.learn(connection, [told(Kind.RESUBSCRIBED, now + 3600)])

    assert found.at <= datetime.now(UTC)
    assert [] == suppressions.find()


def test_an_address_in_any_script(suppressions: SuppressionList, database: Database) -> None:
    """A provider may write the domain as people do; mails have it in ASCII."""
    bounce = told(Kind.BOUNCED, recipient="Ada@B\u00fccher.example", bounce=Bounce.HARD)
    nobody = told(Kind.COMPLAINED, recipient="\u00c4")
    with database.writing() as connection:
        suppressions.learn(connection, [bounce, nobody])

    assert ["\u00e4", "ada@xn--bcher-kva.example"] == sorted(
        (each.person for each in suppressions.find()), reverse=True
    )
    assert suppressions.held(["ada@xn--bcher-kva.example"], DIGEST, "weekly")
    assert suppressions.find(to="ada@b\u00fccher.example")


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples; each is about a person of its own."""
    database = Database("sqlite:///outbox.db", tmp_path_factory.mktemp("effects"))
    migrations.migrate(database)
    yield database
    database.close()


SAID = st.one_of(
    st.builds(lambda at: (Kind.COMPLAINED, at, {}), st.integers(0, 5)),
    st.builds(lambda at, words: (Kind.BOUNCED, at, {"bounce": Bounce.HARD, "reason": words}),
              st.integers(0, 5), st.sampled_from(["550", "551"])),
    st.builds(lambda kind, at, group: (kind, at, {"group": group}),
              st.sampled_from([Kind.UNSUBSCRIBED, Kind.RESUBSCRIBED]), st.integers(0, 5),
              st.sampled_from([None, "7", "8", "99"])),
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(SAID, max_size=8), st.randoms(use_true_random=False))
def test_any_order(single: Database, said: list[tuple[Kind, int, dict[str, object]]], chance: random.Random) -> None:
    """Of the same events, told in any order, in any heaps and repeatedly, the same remains."""
    suppressions = SuppressionList(single, People(), GROUPS)
    remains = []
    for disturbed in (False, True):
        person = f"{uuid.uuid4()}@example.com"
        events = [told(kind, at, recipient=person, **more) for kind, at, more in said]
        if disturbed:
            events = events + events[::2]
            chance.shuffle(events)
        while events:
            some, events = events[:3], events[3:]
            with single.writing() as connection:
                suppressions.learn(connection, some)
        words = {(str(each.scope), each.reason, each.says, each.at, each.note) for each in suppressions.book.of(person)}
        remains.append((words, bool(suppressions.held([person], DIGEST, "weekly"))))

    assert remains[0] == remains[1]
