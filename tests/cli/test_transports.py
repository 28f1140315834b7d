"""`notify transports`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

pytestmark = pytest.mark.usefixtures("project")


def test_the_configured_ones_and_all_types(run: Run, project: Path) -> None:
    """First what the environment has, the default marked and the unusable one with its reason; then every type."""
    result = run("transports")

    lines = result.stdout.splitlines()
    assert "Transports of the environment development" == lines[0]
    assert f"file      default  file  folder={project / '.notify' / 'mail'}" in lines
    assert any(line.startswith("sendgrid") and "SENDGRID_API_KEY is not set" in line for line in lines)
    assert "memory: Keeps the last messages in memory, where tests look at them." in lines
    assert "limit    a whole number  1000     How many messages are kept; older ones are dropped." in lines
    assert any(line.startswith("api_key ") for line in lines)
    assert 0 == result.exit_code


def test_secrets_are_masked(run: Run, project: Path) -> None:
    """A key is never shown, neither from a variable nor from the file, nor as JSON."""
    configuration = project / "notify.yaml"
    configuration.write_text(configuration.read_text().replace("${SENDGRID_API_KEY}", "SG.in-the-file"))
    shown = run("transports", "--env", "production").stdout
    document = run("transports", "--env", "production", "--json").stdout

    assert "SG.in-the-file" not in shown + document
    assert "api_key=***" in shown
    assert '"api_key": "***"' in document


def test_as_json(run: Run) -> None:
    """`--json` has the same for programs."""
    document = json.loads(run("transports", "--json").stdout)

    assert "development" == document["environment"]
    assert [("file", True), ("sendgrid", False)] == [(each["name"], each["default"]) for each in document["configured"]]
    assert "SENDGRID_API_KEY" in document["configured"][1]["error"]
    assert {"type": "a whole number", "required": False, "default": 1000} == {
        key: value for key, value in document["types"]["memory"]["settings"]["limit"].items() if key != "description"
    }
    assert document["types"]["failover"]["settings"]["transports"]["required"]


def test_limits_and_what_is_used_up(run: Run, project: Path) -> None:
    """Each transport can have limits, which are settings like others; what is used up stands beside them."""
    configuration = project / "notify.yaml"
    text = configuration.read_text().replace(
        "transports:", "state: .notify/state\ntransports:\n  slow: {type: memory, limits: [3/day, 1/second]}", 1
    )
    configuration.write_text(text)
    assert 0 == run("send", "welcome", "--to", "ada@example.com", "--via", "slow").exit_code
    shown, document = run("transports"), json.loads(run("transports", "--json").stdout)
    (slow,) = (each for each in document["configured"] if each["name"] == "slow")

    assert "Settings of every transport" in shown.stdout
    assert "1 of 3/day used; " in shown.stdout
    assert ("memory", {"limits": ["3/day", "1/second"]}) == (slow["type"], slow["settings"])
    assert slow["status"].startswith("1 of 3/day used; ")


def test_faulty_definitions_do_no_harm(run: Run, project: Path) -> None:
    """What can be sent through does not depend on what there is to send."""
    (project / "notifications" / "welcome.yaml").write_text("nonsense: true\n")

    assert 0 == run("transports").exit_code


def test_verify_connects(run: Run, tmp_path: Path) -> None:
    """`--verify` logs in at the real server, and sends nothing."""
    with ScriptedServer({}, Certificates(tmp_path)) as server:
        dsn = f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=5"
        result = run("transports", "--verify", "--transport", dsn)

    assert 0 == result.exit_code
    assert "works; " in result.stdout
    assert any("AUTH" in command for _, command in server.commands)
    assert [] == server.messages


def test_verify_of_a_broken_default(run: Run, project: Path) -> None:
    """When the default cannot send now, the exit code says so; another that cannot changes nothing."""
    broken = run("transports", "--verify", "--transport", "smtp://127.0.0.1:9?timeout=2")
    good = run("transports", "--verify", "--json")

    assert 75 == broken.exit_code
    assert "not usable: smtp: no connection" in broken.stdout
    assert 0 == good.exit_code
    assert (project / ".notify" / "mail").is_dir()


def test_a_group_names_its_members(run: Run, project: Path) -> None:
    """One that is a DSN by its scheme, without what else it says."""
    configuration = project / "notify.yaml"
    group = "  group: {type: failover, transports: [file, 'smtp://ada:opensesame@localhost:2525']}\n"
    configuration.write_text(configuration.read_text().replace("transports:\n", f"transports:\n{group}", 1))
    shown = run("transports", "--transport", "group").stdout
    document = json.loads(run("transports", "--transport", "group", "--json").stdout)

    assert "transports=file,smtp " in shown
    assert ["file", "smtp"] == document["configured"][0]["settings"]["transports"]
