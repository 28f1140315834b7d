"""Asking before each message who may be written to: receipts, observers, jobs and the log of who is held."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from working import until

from notify import Message, Notifier, NotifyError, Receipt, SuppressedError, TemporaryError, hookimpl
from notify.configuration import Configuration
from notify.consent import Scope
from notify.outbox.worker import Settings
from notify.plugins import Plugins
from notify.suppression import Addition, Reason
from notify_memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIGURATION = """\
sender: Acme <hello@acme.example>
default_environment: test
outbox: sqlite:///outbox.db
feedback: true
categories: {news: {unsubscribe: allowed}, tips: {consent: opt-in}}
environments:
  test: {transport: memory}
  bare: {transport: memory, feedback: false}
  staging: {transport: memory, redirect_to: qa@acme.example}
"""
WORD = 'description: A word.\ncategory: %s\nparams: {word: str}\nsubject: "{{ word }}"\ntext: "{{ word }}"\n'
ADA, BOB, EVE = "ada@example.com", "bob@example.com", "eve@example.com"
BOUNCED = Addition(address=BOB, reason=Reason.HARD_BOUNCE, source="sendgrid", note="550 5.1.1 unknown")


class Observer:
    """A plugin that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Receipt | NotifyError] = []

    @hookimpl
    def notify_delivered(self, receipt: Receipt) -> None:
        """Keep it."""
        self.told.append(receipt)

    @hookimpl
    def notify_failed(self, error: NotifyError) -> None:
        """Keep it."""
        self.told.append(error)


def opened(folder: Path, environment: str = "test", *plugins: object) -> Notifier:
    """The notifier of a project."""
    configuration = Configuration.load(folder)
    return Notifier(configuration=configuration, environment=environment, plugins=Plugins(others=plugins))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a notification of its own category, and one that has to arrive."""
    (tmp_path / "notify.yaml").write_text(CONFIGURATION)
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "word.yaml").write_text(WORD % "news")
    (tmp_path / "notifications" / "tip.yaml").write_text(WORD % "tips")
    (tmp_path / "notifications" / "login.yaml").write_text(WORD % "security")
    return tmp_path


@pytest.fixture
def notifier(folder: Path) -> Iterator[Notifier]:
    """A notifier for whom Bob's address has bounced."""
    with opened(folder) as notifier:
        notifier.suppressions.add([BOUNCED])
        yield notifier


def kept(notifier: Notifier) -> list[tuple[str, ...]]:
    """The recipients of each message that was sent."""
    transport = notifier.transports["memory"]
    assert isinstance(transport, Memory)
    return [message.envelope.recipients for message in transport.messages]


def logged(notifier: Notifier) -> dict[str, tuple[str, str]]:
    """The status and reason of each person's newest entry."""
    return {entry.person: (str(entry.status), entry.reason) for entry in reversed(notifier.log.find())}


def send(notifier: Notifier, name: str, *to: str) -> Receipt:
    """Send a word."""
    return notifier.send(name, to=list(to), params={"word": "hi"})


def test_who_is_held_gets_nothing(notifier: Notifier) -> None:
    """The receipt says so, with the reason, and nothing is raised."""
    receipt = send(notifier, "word", BOB)

    assert kept(notifier) == []
    assert receipt.accepted == ()
    error = receipt.rejected[BOB]
    assert isinstance(error, SuppressedError)
    assert error.why.startswith("hard bounce on ")
    assert error.why.endswith(" (sendgrid): 550 5.1.1 unknown")
    assert error.recipient == BOB
    assert logged(notifier) == {BOB: ("suppressed", error.why)}


def test_the_others_get_it(notifier: Notifier) -> None:
    """One receipt has both."""
    receipt = send(notifier, "word", ADA, BOB)

    assert kept(notifier) == [(ADA,)]
    assert receipt.accepted == (ADA,)
    assert isinstance(receipt.rejected[BOB], SuppressedError)
    assert [status for status, _ in map(logged(notifier).get, (ADA, BOB))] == ["sent", "suppressed"]  # type: ignore[misc]


def test_all_of_several_are_held(notifier: Notifier) -> None:
    """Each has a reason of its own."""
    notifier.suppressions.add([Addition(address=EVE, reason=Reason.COMPLAINT, source="ses")])
    receipt = send(notifier, "word", BOB, EVE)

    whys = [error.why for error in receipt.rejected.values() if isinstance(error, SuppressedError)]
    assert [why.partition(" on ")[0] for why in whys] == ["hard bounce", "complaint"]
    assert kept(notifier) == []


def test_what_has_to_arrive_passes(notifier: Notifier) -> None:
    """The log says what spoke against it."""
    receipt = send(notifier, "login", BOB)

    assert receipt.accepted == (BOB,)
    assert receipt.rejected == {}
    status, reason = logged(notifier)[BOB]
    assert status == "sent"
    assert reason.startswith("mails of the category security pass the suppression list: hard bounce on ")


def test_a_scope_holds_its_mails_only(notifier: Notifier) -> None:
    """Somebody who is held for one notification gets the others."""
    scope = Scope.notification("other")
    notifier.suppressions.add([Addition(address=ADA, reason=Reason.MANUAL, source="", scope=scope)])

    assert send(notifier, "word", ADA).accepted == (ADA,)


def test_what_only_those_get_who_asked_for_it(notifier: Notifier) -> None:
    """Whether there are links to unsubscribe, or not."""
    unasked = notifier.send("tip", to=ADA, params={"word": "Hello"})
    notifier.preferences.resubscribe(ADA, Scope.category("tips"))
    asked = notifier.send("tip", to=ADA, params={"word": "Hello"})

    assert ([ADA], [ADA]) == (list(unasked.rejected), list(asked.accepted))


def test_many(notifier: Notifier) -> None:
    """Receipts come in order, also those of who is held."""
    rows = [(to, {"word": "hi"}) for to in (ADA, BOB, EVE)]
    receipts = list(notifier.send_many("word", rows))

    assert [receipt.accepted for receipt in receipts] == [(ADA,), (), (EVE,)]
    assert isinstance(receipts[1].rejected[BOB], SuppressedError)
    assert kept(notifier) == [(ADA,), (EVE,)]


def test_a_message_that_was_built_by_hand(notifier: Notifier) -> None:
    """It is asked about too, as one without category."""
    message = Message(sender="hello@acme.example", to=[ADA, BOB], subject="s", text="t")

    assert notifier.deliver(message).accepted == (ADA,)
    assert list(notifier.judge(message).held) == [BOB]


def test_a_redirection_asks_about_those_who_were_meant(folder: Path) -> None:
    """What would not be sent in production is not sent to who looks at it either."""
    with opened(folder, "staging") as notifier:
        notifier.suppressions.add([BOUNCED])
        held, free = send(notifier, "word", BOB), send(notifier, "word", ADA)

        assert isinstance(held.rejected[BOB], SuppressedError)
        assert free.accepted == ("qa@acme.example",)
        assert kept(notifier) == [("qa@acme.example",)]


def test_observers(folder: Path) -> None:
    """Who is held alone is a failure to them; beside others, part of the receipt is theirs."""
    observer = Observer()
    with opened(folder, "test", observer) as notifier:
        notifier.suppressions.add([BOUNCED])
        send(notifier, "word", BOB)
        send(notifier, "word", ADA, BOB)

    held, receipt = observer.told
    assert isinstance(held, SuppressedError)
    assert isinstance(receipt, Receipt)
    assert receipt.accepted == (ADA,)


def test_nothing_is_asked_without_feedback(folder: Path, notifier: Notifier) -> None:
    """An environment without it neither asks nor logs."""
    with opened(folder, "bare") as bare:
        assert send(bare, "word", BOB).accepted == (BOB,)
        assert bare.records.gate is None
    assert logged(notifier) == {}


def test_a_job_is_asked_about_when_it_is_leased(notifier: Notifier) -> None:
    """The address bounced after it was enqueued: the job is taken back, and says why; the others get theirs."""
    alone = notifier.enqueue("word", to=EVE, params={"word": "hi"})
    beside = notifier.enqueue("word", to=[ADA, EVE], params={"word": "hi"})
    must = notifier.enqueue("login", to=EVE, params={"word": "hi"})
    notifier.suppressions.add([Addition(address=EVE, reason=Reason.COMPLAINT, source="sendgrid")])
    worker = notifier.outbox.worker(Settings())
    worker.run(once=True)
    jobs: list[Any] = [notifier.outbox.get(job.id) for job in (alone, beside, must)]

    assert [job.state for job in jobs] == ["cancelled", "sent", "sent"]
    assert jobs[0].reason.startswith(f"{EVE} is not written to: complaint on ")
    assert sorted(kept(notifier)) == [(ADA,), (EVE,)]
    assert worker.counts.totals()["suppressed"] == 1
    found = {(entry.job, entry.person): entry for entry in notifier.log.find()}
    assert {key: str(entry.status) for key, entry in found.items()} == {
        (alone.id, EVE): "suppressed",
        (beside.id, ADA): "sent",
        (beside.id, EVE): "suppressed",
        (must.id, EVE): "sent",
    }
    assert found[must.id, EVE].reason.startswith("mails of the category security pass")
    assert {entry.category for entry in found.values()} == {"news", "security"}


def test_a_database_that_is_gone(folder: Path) -> None:
    """Nobody knows who may be written to: it is not sent, and may be tried again; what must arrive is sent."""
    with opened(folder) as notifier:
        send(notifier, "word", ADA)
    with opened(folder) as notifier:
        (folder / "outbox.db").rename(folder / "gone.db")
        (folder / "outbox.db").mkdir()

        with pytest.raises(TemporaryError, match="nobody knows now who may be written to"):
            send(notifier, "word", ADA)
        assert send(notifier, "login", ADA).accepted == (ADA,)
        assert kept(notifier) == [(ADA,)]


def test_a_worker_forgets_what_was_kept_for_long_enough(folder: Path) -> None:
    """Each hour, beginning with its first: entries of the log, and words that were taken back."""
    text = CONFIGURATION.replace("feedback: true", "feedback: {keep: 1s}")
    (folder / "notify.yaml").write_text(text)
    with opened(folder) as notifier:
        send(notifier, "word", ADA)
        assert len(notifier.log.find()) == 1
        until(lambda: notifier.log.purgeable(1.0) == 1, "the entry is a second old")
        worker = notifier.outbox.worker(Settings())
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            until(lambda: notifier.log.count() == 0, "the entry is forgotten")
        finally:
            worker.stop()
            thread.join()
