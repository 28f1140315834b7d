"""Signed calls of SendGrid in every order, with duplicates and gaps: the log ends right each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log.logged import a_record, put
from sqlalchemy import delete
from webhooks.calls import call
from webhooks.sendgrid_calls import NOW, an_event, body_of, new_key, shown, signed

from notify.feedback import WebhookApp
from notify.log import Log, Status
from notify.log.tables import events, log
from notify.people import People
from notify_sendgrid.webhook import SendGridWebhook

if TYPE_CHECKING:
    from notify.database import Database

# What it runs through is covered elsewhere, and coverage would take as long again.
pytestmark = pytest.mark.no_cover

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


OWN = ["suppressed", "failed", "retrying", "uncertain", "sent"]
"""What the sender says; of the first three the latest counts."""


@dataclass(frozen=True)
class History:
    """What happens to a mail to two people.

    Attributes:
        told: events, as SendGrid tells them.
        calls: which of them each call tells, some not at all, some repeatedly.
        own: what the sender says, each with the number of the call that it comes before.
    """

    told: list[dict[str, Any]]
    calls: list[list[int]]
    own: list[tuple[int, str]]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Any history in which the sender says something at some time."""
    told = []
    for number, name in enumerate(draw(st.lists(st.sampled_from(list(TOLD)), min_size=1, max_size=8))):
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
    place, word = st.integers(0, len(calls)), st.sampled_from(OWN)
    own = draw(st.lists(st.tuples(place, word), min_size=1, max_size=4))
    return History(told, calls, sorted(own, key=lambda each: each[0]))


def expected(history: History, person: str) -> tuple[str, str, int]:
    """The status, the reason and the number of events, worked out in the plainest way."""
    status = OWN[0]
    for _, word in history.own:
        if OWN.index(word) >= OWN.index(status) or OWN.index(status) <= OWN.index("retrying"):
            status = word
    best = (ORDER.index(status) if status in ORDER else -1, 0, f"we say {status}")
    heard = [history.told[each] for each in sorted({each for positions in history.calls for each in positions})]
    about = [each for each in heard if each["email"].lower() == person]
    for each in about:
        says, has_reason = TOLD[each["name"]]
        if says is not None:
            words = (each["reason"] or (each["type"] if says == "bounced" else "")) if has_reason else ""
            best = max(best, (ORDER.index(says), each["timestamp"], words))
    return status if best[0] < 0 else ORDER[best[0]], best[2], len(about)


def play(database: Database, history: History) -> None:
    """Make the calls, say what the sender says, and look at the end."""
    with database.writing() as connection:
        connection.execute(delete(log))
        connection.execute(delete(events))
    people = People()
    app = WebhookApp(WEBHOOK, Log(database, people).sink)
    for number, positions in enumerate([*history.calls, []]):
        for place, word in history.own:
            if place == number:
                given = {"message_id": history.told[0]["notify_id"], "reason": f"we say {word}"}
                put(database, *(a_record(Status(word), person=person, **given) for person in PEOPLE))
        if positions:
            body = body_of(*(history.told[each] for each in positions))
            assert 204 == call(app, signed(SIGNING, body), body).status
    found = {each.person: each for each in Log(database, people).find()}

    assert {person: expected(history, person) for person in PEOPLE} == {
        person: (str(entry.status), entry.reason, len(entry.events)) for person, entry in found.items()
    }
    assert {} == Log(database, people).stats().unknown


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_on_sqlite(database: Database) -> None:
    """Whatever the order, the duplicates and the gaps."""

    @given(histories())
    @settings(max_examples=120)
    def every_history(history: History) -> None:
        play(database, history)

    every_history()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql(database: Database) -> None:
    """The same, on a smaller scale."""

    @given(histories())
    @settings(max_examples=40)
    def every_history(history: History) -> None:
        play(database, history)

    every_history()
