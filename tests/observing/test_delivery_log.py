"""The log of deliveries: a record for each message and try, as a line and as fields."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from observed import ERRORS, mail, notifier
from patience import PATIENCE
from sqlalchemy import update
from working import opened, process, work

from notify import NotifyError, Receipt
from notify.configuration import Configuration
from notify.database.tables import now
from notify.delivery.telling import Attempt, Telling
from notify.outbox.tables import jobs
from notify.people import People
from notify.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADA = "b5fc85e55755"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """All that is logged of deliveries."""
    with caplog.at_level(logging.INFO, "notify.delivery"):
        yield caplog


def fields(log: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What the records say to machines."""
    found = [vars(record)["notify"] for record in log.records if record.name == "notify.delivery"]
    log.clear()
    return found


def test_what_was_taken_is_information(log: pytest.LogCaptureFixture) -> None:
    """With all that there is to know, in the fields; the line has no address."""
    message = mail()
    notifier().deliver(message)
    (record,) = log.records
    found = vars(record)["notify"]
    seconds = found.pop("seconds")

    assert (logging.INFO, True) == (record.levelno, 0.002 <= seconds < 1.0)
    assert f"hello {message.message_id}: accepted by relay in {seconds:.3f} s" == record.getMessage()
    assert {
        "message_id": message.message_id,
        "notification": "hello",
        "category": "transactional",
        "transport": "relay",
        "attempt": 1,
        "outcome": "accepted",
        "accepted": 1,
        "provider_id": "p-1",
        "recipients": 1,
        "addresses": [ADA],
    } == found


@pytest.mark.parametrize("word", ERRORS)
def test_what_failed_is_a_warning(word: str, log: pytest.LogCaptureFixture) -> None:
    """It has the class and the codes of the error, and not its words, in which addresses may stand."""
    message = mail(word)
    with pytest.raises(NotifyError):
        notifier().deliver(message)
    (record,) = log.records
    found = vars(record)["notify"]

    assert (logging.WARNING, word) == (record.levelno, found["outcome"])
    assert (ERRORS[word].__name__, "rcpt", 550, "5.1.1") == tuple(
        found[name] for name in ("error", "phase", "code", "enhanced_code")
    )
    assert record.getMessage().endswith(f" s: {ERRORS[word].__name__} 550 5.1.1")
    assert "@example.com" not in f"{record.getMessage()} {found['addresses']}".replace(message.message_id, "")


def test_what_was_taken_for_some_is_a_warning(log: pytest.LogCaptureFixture) -> None:
    """With the first error of those who were refused."""
    notifier().deliver(mail("partly", "bob@example.com", "cleo@example.com"))
    (record,), (found,) = log.records[:], fields(log)

    assert (logging.WARNING, "partly", "RefusedError") == (record.levelno, found["outcome"], found["error"])
    assert (3, 1, 3) == (found["recipients"], found["accepted"], len(found["addresses"]))


def test_what_no_transport_had_is_logged_too(log: pytest.LogCaptureFixture) -> None:
    """It took no time, and the line says no transport."""
    with pytest.raises(NotifyError):
        notifier().deliver(mail(), via="nowhere")
    (record,), (found,) = log.records[:], fields(log)

    assert "misconfigured" == found["outcome"]
    assert set() == {"transport", "seconds"} & found.keys()
    assert record.getMessage().endswith(": misconfigured: ConfigError")


@pytest.mark.parametrize("word", ["accepted", "refused"])
def test_many_messages_are_logged_each(word: str, log: pytest.LogCaptureFixture) -> None:
    """Whichever thread sent them."""
    messages = [mail(word) for _ in range(20)]
    assert 20 == len(list(notifier().deliver_many(messages)))
    found = fields(log)

    assert {message.message_id for message in messages} == {each["message_id"] for each in found}
    assert {word} == {each["outcome"] for each in found}
    assert all(0.002 <= each["seconds"] < 5.0 for each in found)


def test_nothing_is_asked_for_what_is_not_wanted(caplog: pytest.LogCaptureFixture) -> None:
    """Where the level is off there is no record; by default that of what was taken is."""
    one = notifier()
    with caplog.at_level(logging.WARNING, "notify.delivery"):
        one.deliver(mail())
    with caplog.at_level(logging.ERROR, "notify.delivery"), pytest.raises(NotifyError):
        one.deliver(mail("refused"))

    assert [] == caplog.records


def test_a_program_without_logging_prints_nothing() -> None:
    """It is told of a failure by the error; Python would print the record as well."""
    program = (
        "from notify import Catalog, Message, Notifier\n"
        "notifier = Notifier(catalog=Catalog(), transport='null')\n"
        "message = Message(sender='a@example.com', to='b@example.com', subject='Hi', text='Hi')\n"
        "try: notifier.deliver(message, via='nowhere')\n"
        "except ValueError: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert ("", "") == (done.stdout, done.stderr)


CLEAR = "feedback: {addresses: clear}\n"
HASHED = "feedback: {addresses: hashed, key: a key that nobody can guess}\n"
WITHOUT_KEY = "feedback: {addresses: hashed, log: false}\n"


@pytest.mark.parametrize(
    ("section", "shown"),
    [
        ("", ADA),
        ("feedback: {log: false}\n", ADA),
        (CLEAR, "Ada@example.com"),
        (HASHED, People("a key that nobody can guess").name("ada@example.com")),
    ],
    ids=["nothing is said", "not of addresses", "clear", "hashed"],
)
def test_addresses_are_hashed_unless_asked_otherwise(
    section: str, shown: str, log: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """With the key of the tables where they are hashed; in clear only where the configuration says so."""
    logged(tmp_path, section)

    assert [[shown]] == [each["addresses"] for each in fields(log)]


def test_where_the_key_is_missing_nobody_is_named(log: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    """It is no matter of the log to say so."""
    logged(tmp_path, WITHOUT_KEY)

    assert [False] == ["addresses" in each for each in fields(log)]


def logged(folder: Path, section: str) -> None:
    """Tell of a message as in a project with that section."""
    (folder / "notify.yaml").write_text(f"outbox: sqlite:///outbox.db\n{section}", encoding="utf-8")
    environment = Configuration.load(folder).environment(None)
    message = mail()
    receipt = Receipt(message.message_id, "relay", message.envelope.recipients)
    Telling(Plugins(), lambda: environment.people).tell(message, receipt, Attempt())


def test_a_worker_says_which_try_of_which_job_it_was(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """The try counts from 1, so that the log shows what was tried again."""
    with opened(queued(tmp_path)) as one:
        one.outbox.migrate()
        job = one.enqueue("hello", to="ada@example.com")
        work(one)
        with one.outbox.database.writing() as connection:
            connection.execute(update(jobs).values(due_at=now() - 1.0))
        work(one)
    lines = [record.getMessage() for record in log.records if record.name == "notify.delivery"]
    found = fields(log)

    assert [(1, job.id), (2, job.id)] == [(each["attempt"], each["job"]) for each in found]
    assert [("temporary", job.message_id)] * 2 == [(each["outcome"], each["message_id"]) for each in found]
    assert [False, True] == [", attempt 2: TemporaryError" in line for line in lines]


@pytest.mark.parametrize("options", [(), ("--log-messages",)], ids=["by default", "if asked"])
def test_the_command_logs_messages_only_if_asked(options: tuple[str, ...], tmp_path: Path) -> None:
    """What it says besides is for a person to act on, and would be lost among them."""
    with opened(queued(tmp_path)) as one:
        one.outbox.migrate()
        job = one.enqueue("hello", to="ada@example.com")
    with process(tmp_path, "--once", *options) as worker:
        _, said = worker.communicate(timeout=PATIENCE)

    assert bool(options) == (f" WARNING hello {job.message_id}: temporary by chaos in " in said), said
    assert "ada@example.com" not in said


def queued(folder: Path) -> Path:
    """A project with an outbox, whose mail is always put off."""
    (folder / "notifications").mkdir()
    (folder / "notifications" / "hello.yaml").write_text("subject: Hi\ntext: Hi\n", encoding="utf-8")
    (folder / "notify.yaml").write_text(
        "sender: Acme <hello@acme.example>\noutbox: sqlite:///outbox.db\n"
        "environments: {test: {transport: {type: chaos, transports: ['null:'], temporary: 1}}}\n"
        "default_environment: test\n",
        encoding="utf-8",
    )
    return folder
