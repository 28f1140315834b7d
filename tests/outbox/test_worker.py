"""A worker in this process: what it does with each kind of job, on SQLite and on PostgreSQL."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest
from leases import events, look
from sqlalchemy import update
from working import job_of, opened, smtp_project, until, work

from notify import Message, Notifier, hookimpl
from notify.configuration import Configuration
from notify.database.tables import now
from notify.message.identity import Identity
from notify.outbox.leasing import Leases
from notify.outbox.sealing import Seal
from notify.outbox.tables import jobs
from notify.outbox.worker import Settings
from notify.plugins import Plugins
from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from notify.database import Database

HELLO: dict[str, Any] = {"to": "Ada <ada@example.com>", "params": {"name": "Ada"}}


@pytest.fixture(autouse=True)
def _tables(database: Database) -> None:
    """The outbox has its tables."""


def make_due(database: Database, *ids: int) -> None:
    """As if the pause of jobs had passed."""
    with database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(due_at=now() - 1.0))


def mails(notifier: Notifier) -> list[Message]:
    """What the memory transport has."""
    kept: list[Message] = notifier.transports["memory"].messages  # type: ignore[attr-defined]
    return list(kept)


def test_what_is_due_is_sent(project: Path) -> None:
    """Once, with the Message-ID and the Date that it got when it was put in; what is not due stays."""
    with opened(project) as notifier:
        ids = [notifier.enqueue("hello", **HELLO).id for _ in range(100)]
        later = notifier.enqueue("hello", at=datetime.now(UTC) + timedelta(hours=1), **HELLO)
        worker = work(notifier)
        sent = mails(notifier)
        found = [job_of(notifier, each) for each in ids]

        assert ["sent"] * 100 == [job.state for job in found]
        assert {job.message_id: int(job.dated_at.timestamp()) for job in found} == {
            message.message_id: int(message.date.timestamp()) for message in sent
        }
        assert (100, "queued") == (len(sent), job_of(notifier, later.id).state)
        assert 100 == worker.counts.totals()["sent"]
        assert (1, None, None) == (found[0].attempts, found[0].owner, found[0].begun_at)
        assert ["ada@example.com"] == found[0].history[0]["accepted"]


def test_each_try_has_the_same_octets(project: Path) -> None:
    """The boundary too, so that nobody takes it for another mail."""
    (project / "notifications" / "hello.yaml").write_text(
        'subject: "Hello {{ name }}"\ntext: "Hi"\nhtml: "<p>Hi</p>"\nparams: {name: str}\n', "utf-8"
    )
    rules = [{"at": "eod", "times": 1, "do": [{"reply": "451 4.3.0 later"}]}]
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(project, server.port)) as notifier:
        job = notifier.enqueue("hello", **HELLO)
        work(notifier)
        first = job_of(notifier, job.id)
        make_due(notifier.outbox.database, job.id)
        work(notifier)
        second = job_of(notifier, job.id)
        identity = Identity.of(job.message_id, job.dated_at.timestamp())
        expected = notifier.render("hello", **HELLO).replace(**identity._asdict())

        assert ("queued", 1, "451") == (first.state, first.attempts, str(first.history[0]["error"]["code"]))
        assert ("sent", 2) == (second.state, second.attempts)
        assert [expected.as_bytes()] == [message.data for message in server.messages]


def test_what_was_rendered_before_is_sent_as_it_is(project: Path) -> None:
    """Octet for octet."""
    message = Message(sender="a@acme.example", to="ada@example.com", subject="By hand", text="x", html="<p>x</p>")
    with ScriptedServer() as server, opened(smtp_project(project, server.port)) as notifier:
        notifier.enqueue_message(message)
        work(notifier)

        assert [message.as_bytes()] == [each.data for each in server.messages]


def test_old_params_under_a_new_contract(project: Path) -> None:
    """Sent with defaults where they fit; parked with the reason where they do not."""
    path = project / "notifications" / "hello.yaml"
    with opened(project) as notifier:
        job = notifier.enqueue("hello", **HELLO)
    text = path.read_text("utf-8")
    path.write_text(text.replace("params: {name: str}", "params: {first: str}").replace("name", "first"), "utf-8")
    with opened(project) as notifier:
        work(notifier)
        parked = job_of(notifier, job.id)

        assert ("failed", "wrong params for hello: first: expected text, got nothing") == (parked.state, parked.reason)
        assert "first" in parked.history[0]["error"]["reason"]
        assert ["parked"] == [each["event"] for each in parked.history]

    path.write_text(text.replace("{name: str}", "{name: str, greeting: {type: str, default: Hi}}"), "utf-8")
    with opened(project) as notifier:
        notifier.outbox.retry(job.id)
        work(notifier)

        assert "sent" == job_of(notifier, job.id).state
        assert ["Hello Ada"] == [message.subject for message in mails(notifier)]


def test_what_was_sealed_is_not_shown_when_it_no_longer_fits(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Also if the definition of now says nothing of its being sensitive."""
    path, definition = project / "notify.yaml", project / "notifications" / "code.yaml"
    path.write_text(f"{path.read_text('utf-8')}outbox_key: {Seal.new_key()}\n", "utf-8")
    with opened(project) as notifier:
        job = notifier.enqueue("code", to="ada@example.com", params={"code": "geheim"})
    definition.write_text("subject: Your code\ntext: 'It is {{ code }}.'\nparams: {code: int}\n", "utf-8")
    with opened(project) as notifier:
        work(notifier)
        found = job_of(notifier, job.id)

        assert ("failed", "wrong params for code: code: expected a whole number, got ***") == (
            found.state,
            found.reason,
        )
        assert "geheim" not in f"{found.history} {caplog.text}"


def test_a_param_that_is_gone_is_left_out(project: Path) -> None:
    """It was right when it was put in."""
    path = project / "notifications" / "hello.yaml"
    text = path.read_text("utf-8").partition("samples")[0]
    path.write_text(text.replace("{name: str}", "{name: str, note: str}"), "utf-8")
    with opened(project) as notifier:
        notifier.enqueue("hello", to="ada@example.com", params={"name": "Ada", "note": "x"})
    path.write_text(text, "utf-8")
    with opened(project) as notifier:
        work(notifier)

        assert 1 == len(mails(notifier))


def test_a_notification_that_is_gone_parks_its_jobs(project: Path) -> None:
    """So does a template that fails; the others are sent."""
    with opened(project) as notifier:
        gone = notifier.enqueue("code", to="eve@example.com", params={"code": "123456"})
        failing = notifier.enqueue("hello", to="bob@example.com", params={"name": "zero"})
        good = notifier.enqueue("hello", **HELLO)
    (project / "notifications" / "code.yaml").unlink()
    (project / "notifications" / "hello.yaml").write_text(
        "subject: Hello\ntext: \"{{ 1 // (0 if name == 'zero' else 1) }}\"\nparams: {name: str}\n", "utf-8"
    )
    with opened(project) as notifier:
        worker = work(notifier)
        states = {each.id: job_of(notifier, each.id) for each in (gone, failing, good)}

        assert {gone.id: "failed", failing.id: "failed", good.id: "sent"} == {
            job.id: job.state for job in states.values()
        }
        assert "there is no notification 'code'" in (states[gone.id].reason or "")
        assert "hello.yaml" in (states[failing.id].reason or "")
        assert {"sent": 1, "failed": 2} == {word: n for word, n in worker.counts.totals().items() if n}


def test_what_a_person_must_configure_waits(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The job is due again in a quarter of an hour, no try is counted, and the log says it once."""
    with opened(project) as notifier:
        ids = [notifier.enqueue("hello", **HELLO).id for _ in range(5)]
    smtp_project(project, 25, password="${NO_SUCH_VARIABLE}", username="u")
    with opened(project) as notifier, caplog.at_level(logging.ERROR, "notify.worker"):
        work(notifier)
        found = [job_of(notifier, each) for each in ids]

        assert {("queued", 0)} == {(job.state, job.attempts) for job in found}
        assert all(job.due_at - job.changed_at > timedelta(minutes=14) for job in found)
        assert 1 == len([each for each in caplog.records if "NO_SUCH_VARIABLE" in each.message])


def test_each_thing_to_configure_is_said(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not the first one alone, where no transport had the job."""
    path = project / "notify.yaml"
    plain = path.read_text("utf-8")
    path.write_text(f"{plain}outbox_key: {Seal.new_key()}\n", "utf-8")
    with opened(project) as notifier:
        notifier.enqueue("hello", **HELLO)
        notifier.enqueue("code", to="ada@example.com", params={"code": "1"})
    path.write_text(plain, "utf-8")
    smtp_project(project, 25, password="${NO_SUCH_VARIABLE}", username="u")
    with opened(project) as notifier, caplog.at_level(logging.ERROR, "notify.worker"):
        work(notifier)
        said = [each.message for each in caplog.records if "until that is mended" in each.message]

        assert [True, True] == [any(word in each for each in said) for word in ("NO_SUCH_VARIABLE", "outbox_key")]
        assert 2 == len(said)


def test_a_wrong_password_waits_too(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And the log says when it is mended."""
    rules = [{"at": "mail", "times": 2, "do": [{"reply": "530 5.7.0 not so"}]}]
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(project, server.port)) as notifier:
        with caplog.at_level(logging.WARNING, "notify.worker"):
            ids = [notifier.enqueue("hello", **HELLO).id for _ in range(2)]
            work(notifier)
            put_off = [job_of(notifier, each) for each in ids]
            make_due(notifier.outbox.database, *ids)
            work(notifier)

        assert [("queued", 0)] * 2 == [(job.state, job.attempts) for job in put_off]
        assert ["sent"] * 2 == [job_of(notifier, each).state for each in ids]
        assert ["ERROR"] == [each.levelname for each in caplog.records if "until that is mended" in each.message]


def test_the_rest_of_the_recipients(project: Path) -> None:
    """Who was put off gets it later, and only who was put off; all stand in the header."""
    rules = [
        {"at": "rcpt", "match": "bob@", "times": 1, "do": [{"reply": "450 4.2.1 later"}]},
        {"at": "rcpt", "match": "eve@", "do": [{"reply": "550 5.1.1 nobody"}]},
    ]
    people = ["ada@example.com", "bob@example.com", "eve@example.com"]
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(project, server.port)) as notifier:
        job = notifier.enqueue("hello", to=people, params={"name": "all"})
        work(notifier)
        partly = job_of(notifier, job.id)
        make_due(notifier.outbox.database, job.id)
        work(notifier)
        whole = job_of(notifier, job.id)

        assert ("queued", ("bob@example.com",)) == (partly.state, partly.pending)
        assert ("sent", ()) == (whole.state, whole.pending)
        assert [("ada@example.com",), ("bob@example.com",)] == [each.recipients for each in server.messages]
        assert 1 == len({each.data for each in server.messages})
        assert 3 == len(str(message_from_bytes(server.messages[1].data)["To"]).split(","))


def test_an_unknown_outcome_follows_the_notification(project: Path) -> None:
    """Parked for a person where it must not be sent twice; else sent again, with the same Message-ID."""
    rules = [{"at": "eod", "times": 2, "do": [{"accept": True}, {"close": True}]}]
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(project, server.port, pool=1)) as notifier:
        once = notifier.enqueue("hello", **HELLO)
        work(notifier)
        often = notifier.enqueue("code", to="ada@example.com", params={"code": "123456"})
        work(notifier)
        parked, waiting = job_of(notifier, once.id), job_of(notifier, often.id)
        make_due(notifier.outbox.database, once.id, often.id)
        work(notifier)

        assert ("at_most_once", "failed", True) == (parked.delivery, parked.state, parked.history[0]["unknown"])
        assert "it may have been taken" in (parked.reason or "")
        assert ("at_least_once", "queued", 1) == (waiting.delivery, waiting.state, waiting.attempts)
        assert timedelta(minutes=9) < waiting.due_at - waiting.changed_at < timedelta(minutes=13)
        assert ("failed", "sent") == (job_of(notifier, once.id).state, job_of(notifier, often.id).state)
        assert [once.message_id, often.message_id, often.message_id] == [
            str(message_from_bytes(each.data)["Message-ID"]) for each in server.messages
        ]


def test_a_slow_message_does_not_hold_back_the_marks_of_others(project: Path) -> None:
    """Each is written down when its own outcome is known; those that share its connection wait with it."""
    rules = [{"at": "eod", "nth": 1, "do": [{"hang": 30}]}]
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(project, server.port, pool=2)) as notifier:
        for _ in range(40):
            notifier.enqueue("hello", **HELLO)
        worker = notifier.outbox.worker(Settings(drain=0.1))
        thread = threading.Thread(target=worker.run)
        thread.start()
        until(lambda: notifier.outbox.stats().states["sent"] >= 30, "all are marked but those of one connection")
        worker.stop()
        server.stopping.set()
        thread.join()


def test_concurrency_is_the_most_connections(project: Path) -> None:
    """However many the transport could have."""
    with ScriptedServer() as server, opened(smtp_project(project, server.port, pool=8)) as notifier:
        notifier.enqueue_many("hello", [("ada@example.com", {"name": str(each)}) for each in range(80)])
        work(notifier, concurrency=2)

        assert (80, True) == (len(server.messages), server.connections <= 2)


def test_one_whose_workers_were_lost_is_sent_alone(project: Path, database: Database) -> None:
    """And is given up after three of them; what it was lost with goes on."""
    with opened(project) as notifier:
        ids = [notifier.enqueue("hello", **HELLO).id for _ in range(3)]
        leases = Leases(database)
        for number in range(2):
            leases.take_one(f"lost/{number}", ids[0])
            with database.writing() as connection:
                connection.execute(update(jobs).where(jobs.c.owner.isnot(None)).values(lease_end=now() - 1.0))
            leases.recover()
        work(notifier)

        assert ["sent"] * 3 == [job_of(notifier, each).state for each in ids]
        assert ["worker lost", "worker lost", "attempt"] == events(database, ids[0])


def test_a_lost_lease_is_noticed_before_anything_is_begun(
    project: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever has the job then sends it; nothing is written over what that one wrote."""

    class Thief:
        """Takes the job while it is being rendered."""

        @hookimpl
        def notify_message(self) -> None:
            with database.writing() as connection:
                connection.execute(update(jobs).values(owner="thief/1", changed_at=now()))

    plugins = Plugins(others=[Thief()])
    with Notifier(configuration=Configuration.load(project), plugins=plugins) as notifier:
        job = notifier.enqueue("hello", **HELLO)
        work(notifier)

        assert [] == mails(notifier)
        assert ("leased", "thief/1", 0) == tuple(
            look(database, job.id)[name] for name in ("state", "owner", "attempts")
        )
        assert "lost before they were begun" in caplog.text


def test_what_is_not_rendered_when_a_worker_is_to_end(project: Path, database: Database) -> None:
    """Is given back at once, without a try; what is rendered goes out."""

    class Ending:
        """Has the worker end when it renders the fifth message."""

        def __init__(self) -> None:
            self.rendered = 0

        @hookimpl
        def notify_message(self) -> None:
            self.rendered += 1
            if self.rendered == 5:
                worker.stop()

    ending = Ending()
    with Notifier(configuration=Configuration.load(project), plugins=Plugins(others=[ending])) as notifier:
        ids = [notifier.enqueue("hello", **HELLO).id for _ in range(40)]
        # So that it has them in one batch.
        worker = notifier.outbox.worker()
        worker._traffic.most = 200
        done = worker.run()
        rows = [look(database, each) for each in ids]

        assert (True, 5, 5) == (done, ending.rendered, len(mails(notifier)))
        assert ["sent"] * 5 + ["queued"] * 35 == [row["state"] for row in rows]
        assert {(0, None)} == {(row["attempts"], row["owner"]) for row in rows[5:]}


def test_what_another_worker_wrote_stays(project: Path, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A lease that is lost while the server has the message is noticed, said, and counted."""
    rules = [{"at": "eod", "do": [{"sleep": 0.3}, {"default": True}]}]
    with ScriptedServer({"rules": rules}) as server, opened(smtp_project(project, server.port)) as notifier:
        job = notifier.enqueue("hello", **HELLO)
        worker = notifier.outbox.worker()
        thread = threading.Thread(target=worker.run, kwargs={"once": True})
        thread.start()
        until(lambda: look(database, job.id)["begun_at"], "the job is begun")
        with database.writing() as connection:
            connection.execute(update(jobs).values(state="failed", owner=None, reason="lost"))
        thread.join()

        assert ("failed", "lost") == (look(database, job.id)["state"], look(database, job.id)["reason"])
        assert 1 == worker.counts.totals()["lost"]
        assert f"job {job.id} came out as 'sent'" in caplog.text


def test_some_jobs_by_their_ids(project: Path) -> None:
    """As Celery's workers deliver them: what is not due, or gone, is let be."""
    with opened(project) as notifier:
        first, second, third = (notifier.enqueue("hello", **HELLO).id for _ in range(3))
        later = notifier.enqueue("hello", delay=60, **HELLO).id
        notifier.outbox.worker().deliver([first, later, 999_999])
        notifier.outbox.worker().deliver([second])
        notifier.outbox.worker().deliver([second])

        assert ["sent", "sent", "queued", "queued"] == [
            job_of(notifier, each).state for each in (first, second, third, later)
        ]
        assert 2 == len(mails(notifier))


def test_a_sensitive_param_is_sent_and_shown_nowhere(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Sealed in the row, opened for the mail; without the key the job waits for it."""
    from notify.outbox.sealing import Seal

    config = project / "notify.yaml"
    text = config.read_text("utf-8")
    config.write_text(f"{text}outbox_key: {Seal.new_key()}\n", "utf-8")
    with opened(project) as notifier:
        job = notifier.enqueue("code", to="ada@example.com", params={"code": "hush-4711"})
    config.write_text(text, "utf-8")
    with opened(project) as notifier, caplog.at_level(logging.DEBUG):
        work(notifier)
        waiting = job_of(notifier, job.id)

        assert ("queued", True) == (waiting.state, "there is no key" in (waiting.reason or ""))
        assert "hush-4711" not in caplog.text + str(waiting)
