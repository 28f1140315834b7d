"""Signed calls of SendGrid in every order, with duplicates and gaps: the log ends right each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log.logged import a_record, put
from sqlalchemy import delete
from webhooks.calls import call
from webhooks.sendgrid_calls import NOW, an_event, body_of, new_key, shown, signed

from notify.feedback import WebhookApp
from notify.log import Log
from notify.log.tables import events, log
from notify.people import People
from notify_sendgrid.webhook import SendGridWebhook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.database import Database

SIGNING = new_key()
WEBHOOK = SendGridWebhook(shown(SIGNING), clock=lambda: NOW)
PEOPLE = ("ada@example.com", "bob@example.com")
TOLD = {
    "processed": ("queued", False),
    "deferred": ("deferred", True),
    "dropped": ("rejected", True),
    "delivered": ("delivered", False),
    "machine open": ("delivered", False),
    "open": ("opened", False),
    "click": ("clicked", False),
    "bounce": ("bounced", True),
    "blocked": ("bounced", True),
    "spamreport": ("complained", True),
    "unsubscribe": (None, False),
    "group_resubscribe": (None, False),
}
"""For each of SendGrid's events the status that it stands for, and whether its words are the reason."""
ORDER = ["sent", "queued", "deferred", "rejected", "delivered", "opened", "clicked", "bounced", "complained"]
"""The statuses from the weakest to the strongest, as the manual has them."""


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[list[int]], int]:
    """Some events, the calls that tell them (or do not, or repeatedly), and before which call our own word comes."""
    names = draw(st.lists(st.sampled_from(list(TOLD)), min_size=1, max_size=8))
    told = []
    for number, name in enumerate(names):
        more: dict[str, Any] = {"email": draw(st.sampled_from(["Ada@Example.com", PEOPLE[1]]))}
        if name == "machine open":
            more["sg_machine_open"] = True
        more["type"] = "blocked" if name == "blocked" else "bounce"
        more["timestamp"] = int(NOW) - draw(st.integers(0, 2))
        more["reason"] = draw(st.sampled_from(["450 later", "550 5.1.1 no", "Bounced Address", "ünbekannt", ""]))
        told.append(an_event(number, {"machine open": "open", "blocked": "bounce"}.get(name, name), name=name, **more))
    positions = draw(st.lists(st.integers(0, len(told) - 1), max_size=14))
    size = draw(st.integers(1, 5))
    calls = [positions[start : start + size] for start in range(0, len(positions), size)]
    return told, calls, draw(st.integers(0, len(calls)))


def expected(told: Sequence[dict[str, Any]], calls: Sequence[Sequence[int]], person: str) -> tuple[str, str, int]:
    """The status, the reason and the number of events, worked out in the plainest way."""
    heard = [told[each] for each in sorted({each for positions in calls for each in positions})]
    own = [each for each in heard if each["email"].lower() == person]
    best = (ORDER.index("sent"), 0, "")
    for each in own:
        status, has_reason = TOLD[each["name"]]
        if status is not None:
            words = (each["reason"] or (each["type"] if status == "bounced" else "")) if has_reason else ""
            best = max(best, (ORDER.index(status), each["timestamp"], words))
    return ORDER[best[0]], best[2], len(own)


def play(database: Database, history: tuple[list[dict[str, Any]], list[list[int]], int]) -> None:
    """Make the calls, and look at the end."""
    told, calls, place = history
    with database.writing() as connection:
        connection.execute(delete(log))
        connection.execute(delete(events))
    people = People()
    app = WebhookApp(WEBHOOK, Log(database, people).sink)
    records = [a_record(message_id=told[0]["notify_id"], person=person) for person in PEOPLE]
    for number, positions in enumerate([*calls, []]):
        if number == place:
            put(database, *records)
        if positions:
            body = body_of(*(told[each] for each in positions))
            assert 204 == call(app, signed(SIGNING, body), body).status
    found = {each.person: each for each in Log(database, people).find()}

    assert {person: expected(told, calls, person) for person in PEOPLE} == {
        person: (str(entry.status), entry.reason, len(entry.events)) for person, entry in found.items()
    }
    assert {} == Log(database, people).stats().unknown


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_on_sqlite(database: Database) -> None:
    """Whatever the order, the duplicates and the gaps."""

    @given(histories())
    @settings(max_examples=120)
    def every_history(history: tuple[list[dict[str, Any]], list[list[int]], int]) -> None:
        play(database, history)

    every_history()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql(database: Database) -> None:
    """The same, on a smaller scale."""

    @given(histories())
    @settings(max_examples=40)
    def every_history(history: tuple[list[dict[str, Any]], list[list[int]], int]) -> None:
        play(database, history)

    every_history()
