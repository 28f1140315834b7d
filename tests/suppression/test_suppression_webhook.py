"""What a provider tells puts people on the list, and the next mail is not sent, with the reason in the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from notify import Notifier, SuppressedError
from notify.feedback import Bounce, Event, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADA = "ada@example.com"
PARAMS = {"name": "Ada"}


@pytest.fixture
def notifier(project: Path) -> Iterator[Notifier]:
    """The project's, where the list is asked and the log is written."""
    with (project / "notify.yaml").open("a") as file:
        file.write("feedback: {groups: {'7': transactional}}\n")
    with Notifier.load(project) as found:
        found.outbox.migrate()
        yield found


def told(notifier: Notifier, kind: Kind, minute: int = 0, **more: object) -> None:
    """Have a provider tell of an event."""
    given = {"recipient": "Ada@Example.com", "provider": "sendgrid", "event_id": f"{kind}{minute}", **more}
    notifier.log.sink.record([Event(kind=kind, at=NOON + timedelta(minutes=minute), **given)])  # type: ignore[arg-type]  # of many kinds


def test_a_bounce_holds_the_next_mail(notifier: Notifier) -> None:
    """But not a code to log in; both are in the log with the reason."""
    told(notifier, Kind.BOUNCED, bounce=Bounce.HARD, reason="550 5.1.1 no such user")
    receipt = notifier.send("hello", to=ADA, params=PARAMS)
    code = notifier.send("code", to=ADA, params={"code": "123456"})
    job = notifier.enqueue("hello", to=ADA, params=PARAMS)
    notifier.outbox.worker().deliver([job.id])
    ended = notifier.outbox.get(job.id)
    bounced = "hard bounce on 2026-11-20 (sendgrid): 550 5.1.1 no such user"
    logged = {(each.notification, str(each.status)): each.reason or "" for each in notifier.log.find(to=ADA)}

    assert () == receipt.accepted
    assert isinstance(receipt.rejected[ADA], SuppressedError)
    assert bounced in str(receipt.rejected[ADA])
    assert (ADA,) == code.accepted
    assert ended is not None
    assert bounced in (ended.reason or "")
    assert bounced in logged["hello", "suppressed"]
    assert {("hello", "suppressed"), ("code", "sent")} == logged.keys()


def test_who_comes_back_gets_mails_again(notifier: Notifier) -> None:
    """Whatever order a provider tells it in."""
    told(notifier, Kind.UNSUBSCRIBED, 1, group="7")
    left = notifier.send("hello", to=[ADA, "bob@example.com"], params=PARAMS)
    told(notifier, Kind.RESUBSCRIBED, 3, group="7")
    told(notifier, Kind.UNSUBSCRIBED, 2, group="7")
    back = notifier.send("hello", to=ADA, params=PARAMS)

    assert ("bob@example.com",) == left.accepted
    assert "unsubscribed from category:transactional on 2026-11-20 by sendgrid" in str(left.rejected[ADA])
    assert (ADA,) == back.accepted
