"""`notify doctor`: the links to unsubscribe, and what is kept of what becomes of mails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from webhooks.sendgrid_calls import new_key, shown

from notify.database import Database
from notify.database.migrations import migrate
from notify.people import People
from notify.suppression import Addition, Reason, SuppressionList

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.running import Run

    Examine = Callable[..., dict[str, dict[str, Any]]]

HEAD = """\
sender: hello@acme.example
categories: {digest: {unsubscribe: required}, tips: {unsubscribe: required}}
transports:
  sendgrid: {api_key: SG.key, host: 127.0.0.1, port: 1, timeout: 0.2, webhook_key: KEY}
  plain: {type: smtp, host: 127.0.0.1, port: 1, timeout: 0.2}
  group: {type: failover, transports: [plain, sendgrid], limits: 10/minute}
environments:
  development: {transport: memory}
  production: {transport: group}
  other: {transport: plain}
  bare: {transport: sendgrid, transports: {sendgrid: {webhook_key: ""}}}
  wrong: {transport: nonsense}
default_environment: development
""".replace("KEY", shown(new_key()))
LINKS = "unsubscribe: {url: https://acme.example/mail, mailto: leave@acme.example}\n"
GOOD_KEY = "a-key-of-tests-that-is-no-secret-at-all"
PLUGIN = """\
from notify import hookimpl
from notify.consent import MemoryPreferences


@hookimpl
def notify_preferences():
    return MemoryPreferences()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a mail that needs a link; the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "weekly.yaml").write_text("category: digest\nsubject: Hello\ntext: Hello.\n")
    return tmp_path


@pytest.fixture
def examine(folder: Path, run: Run) -> Examine:
    """What the doctor finds beside configuration and transport, by check, with the outcome and the verdict."""

    def examined(more: str = "", environment: str = "development") -> dict[str, dict[str, Any]]:
        (folder / "notify.yaml").write_text(HEAD + more)
        document = json.loads(run("doctor", "--env", environment, "--json").stdout)
        usual = {"configuration", "plugins", "environment", "definitions", "sender", "transport"}
        found = {
            each["check"]: each
            for each in document["diagnoses"]
            if each["transport"] is None and each["check"] not in usual
        }
        return {**found, "verdict": {"outcome": document["outcome"], "found": document["verdict"]}}

    return examined


def words(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The status of each check."""
    return {check: each["status"] for check, each in found.items() if check != "verdict"}


def test_nothing_is_said_of_what_is_not_used(folder: Path, examine: Examine) -> None:
    """A project without consent and feedback hears of neither."""
    (folder / "notifications" / "weekly.yaml").write_text("subject: Hello\ntext: Hello.\n")

    assert words(examine()) == {}
    assert not (folder / ".notify").exists()


def test_mails_that_need_a_link_which_leads_nowhere(examine: Examine) -> None:
    """Those categories are named that have notifications."""
    found = examine()

    assert words(found) == {"unsubscribe": "warning"}
    assert "mails of digest are to have a link" in found["unsubscribe"]["found"]
    assert found["verdict"]["outcome"] == "can"


def test_links_without_a_key(examine: Examine, folder: Path) -> None:
    """Mails with links cannot be rendered then; without such mails it is a warning."""
    found = examine(LINKS)
    (folder / "notifications" / "weekly.yaml").write_text("category: security\nsubject: Hello\ntext: Hello.\n")
    later = examine(LINKS)

    assert words(found) == {"unsubscribe": "ok", "keys": "failed", "database": "ok"}
    assert found["unsubscribe"]["found"] == (
        "links lead to https://acme.example/mail, and work for 90 days; mails to leave@acme.example unsubscribe too"
    )
    assert found["verdict"]["outcome"] == "configuration"
    assert "set NOTIFY_UNSUBSCRIBE_KEYS" in found["verdict"]["found"]
    assert later["keys"]["status"] == "warning"
    assert later["verdict"]["outcome"] == "can"


def test_keys(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many are believed is said, a short one is refused, and none is shown."""
    monkeypatch.setenv("NOTIFY_UNSUBSCRIBE_KEYS", GOOD_KEY)
    one = examine(LINKS)
    monkeypatch.setenv("NOTIFY_UNSUBSCRIBE_KEYS", f"{GOOD_KEY},{GOOD_KEY}-2,{GOOD_KEY}-3")
    three = examine(LINKS)
    monkeypatch.setenv("NOTIFY_UNSUBSCRIBE_KEYS", f"{GOOD_KEY},short-one")
    short = examine(LINKS)

    assert one["keys"]["found"] == "there is a key that signs the links"
    assert three["keys"]["found"] == "there is a key that signs the links, 2 more are believed"
    assert "key 2 of 2 has 9 characters" in short["keys"]["found"]
    assert "short-one" not in str(short)
    assert GOOD_KEY not in str(three)


def test_the_database_is_not_made_by_looking(examine: Examine, folder: Path) -> None:
    """A new file is made when it is first used."""
    found = examine("feedback: {}\n")

    assert found["feedback"]["found"] == "all mails are logged, for ever; people are named by their addresses"
    assert found["database"]["status"] == "ok"
    assert "is made when it is first used" in found["database"]["found"]
    assert not (folder / ".notify").exists()


def test_the_list(examine: Examine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much is on it is told; nobody is named."""
    monkeypatch.setenv("NOTIFY_FEEDBACK_KEY", GOOD_KEY)
    database = Database("sqlite:///.notify/outbox.db", folder)
    migrate(database)
    SuppressionList(database, People(GOOD_KEY)).add(
        [Addition("ada@example.com", reason=Reason.COMPLAINT, source="a test")]
    )
    database.close()
    found = examine("feedback: {addresses: hashed, log: false, keep: 30 days}\n")

    assert found["feedback"]["found"] == (
        "mails of the outbox are logged, others are not, for 30 days; people are named by a hash"
    )
    assert found["database"]["data"]["suppressed"] == 1
    assert "ada@" not in str(found)


@pytest.mark.parametrize(
    ("url", "outcome", "said"),
    [
        pytest.param("mysql://shop@db/shop", "configuration", "not in mysql", id="unknown"),
        pytest.param(
            "postgresql://shop:hunter2@127.0.0.1:1/shop", "cannot", "cannot be used", id="down",
        ),
        pytest.param("sqlite:///notify.yaml", "cannot", "cannot be used", id="another file"),
    ],
)  # fmt: skip
def test_a_database_that_cannot_be_used(examine: Examine, url: str, outcome: str, said: str) -> None:
    """No mail can be sent while nobody knows who may be written to; passwords are not shown."""
    found = examine(f"feedback: {{}}\noutbox: '{url}'\n")

    assert found["database"]["status"] == "failed"
    assert said in found["database"]["found"]
    assert found["verdict"]["outcome"] == outcome
    assert "hunter2" not in str(found)


def test_tables_of_another_version(examine: Examine, folder: Path) -> None:
    """The command that mends it is named."""
    database = Database("sqlite:///outbox.db", folder)
    migrate(database)
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM notify_migrations WHERE version > 1")
    database.close()
    found = examine("feedback: {}\noutbox: sqlite:///outbox.db\n")

    assert "notify outbox migrate" in found["verdict"]["found"]
    assert found["verdict"]["outcome"] == "configuration"


def test_a_webhook_that_nobody_listens_to(examine: Examine) -> None:
    """Of a transport in a group too; with `feedback` it is in order."""
    without = examine(environment="production")
    with_it = examine("feedback: {}\n", environment="production")

    assert words(without)["feedback"] == "warning"
    assert without["feedback"]["found"].startswith("sendgrid has a webhook, and nothing keeps what it tells")
    assert words(with_it) == {"unsubscribe": "warning", "feedback": "ok", "database": "ok"}


@pytest.mark.parametrize(
    ("environment", "said", "advice"),
    [
        pytest.param("other", "no setting says that plain tells", "where there is one", id="no webhook"),
        pytest.param("bare", "no setting says that sendgrid tells", "write webhook_url", id="webhook not set"),
        pytest.param("wrong", "cannot be looked at without the transport", "By hand", id="no transport"),
    ],
)
def test_feedback_that_nobody_tells(examine: Examine, environment: str, said: str, advice: str) -> None:
    """It may come in a way that the doctor does not know: it says how to look by hand."""
    found = examine("feedback: {}\n", environment=environment)["webhook"]

    assert found["status"] == "skipped"
    assert said in found["found"]
    assert advice in found["advice"]
    assert "webhooks.md" in found["advice"]


def test_a_fault_is_told_once(examine: Examine) -> None:
    """What cannot be read is named with its place, and not asked about further."""
    hashed = examine("feedback: {addresses: hashed}\n")
    unset = examine("feedback: {keep: '${NOT_HERE}'}\n")

    assert words(hashed) == {"people": "failed"}
    assert words(unset) == {"feedback": "failed"}
    assert "NOTIFY_FEEDBACK_KEY" in hashed["verdict"]["found"]
    assert "NOT_HERE" in unset["verdict"]["found"]


def test_a_store_of_a_plugin(examine: Examine, folder: Path) -> None:
    """Without `feedback` the database is not needed then."""
    (folder / "plugins").mkdir()
    (folder / "plugins" / "store.py").write_text(PLUGIN)
    found = examine(f"{LINKS}plugins: plugins\n")

    assert words(found) == {"unsubscribe": "ok", "keys": "failed"}


def test_a_store_of_a_plugin_that_is_none(examine: Examine, folder: Path) -> None:
    """It is named: no mail could be sent."""
    (folder / "plugins").mkdir()
    (folder / "plugins" / "store.py").write_text(PLUGIN.replace("MemoryPreferences()", "7"))
    found = examine(f"{LINKS}plugins: plugins\n")

    assert words(found) == {"unsubscribe": "ok", "keys": "failed", "preferences": "failed"}
    assert "store" in found["preferences"]["found"]
