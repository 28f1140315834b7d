"""`notify send`; the servers are real, and so is the terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from contextlib import suppress
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
from cli.running import mails, terminal
from patience import PATIENCE

from notify.cli.group import notify
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.running import Run

AT_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches this process
from notify.cli import main
main()
"""
pytestmark = pytest.mark.usefixtures("project")

SEND = ("send", "welcome", "--to", "a@example.com")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedServer]:
    """A good SMTP server, except for an address that it refuses and one that it puts off."""
    rules = [
        {"at": "rcpt", "match": "refused@", "do": [{"reply": "550 5.1.1 no such user"}]},
        {"at": "rcpt", "match": "later@", "do": [{"reply": "450 4.2.0 try later"}]},
    ]
    with ScriptedServer({"rules": rules}, Certificates(tmp_path)) as running:
        yield running


@pytest.fixture
def real(server: ScriptedServer, tmp_path: Path) -> str:
    """The DSN of a transport that reaches the server."""
    return f"smtp://apikey:SG.test-key@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=5"


def at_terminal(folder: Path, key: str, *arguments: str) -> tuple[int, str]:
    """Run the command at a terminal and press a key when it asks; the exit code, and what was to be seen."""
    parent, child = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", AT_TERMINAL, *arguments],
        cwd=folder,
        start_new_session=True,
        stdin=child,
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    ) as process:
        os.close(child)
        seen, pressed, end = "", 0.0, time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            if select.select([parent], [], [], 0.5)[0]:
                with suppress(OSError):  # the other end is gone
                    seen += os.read(parent, 10_000).decode()
            elif "[y/N]:" in seen and time.monotonic() > pressed:  # quiet since: it waits for a key
                os.write(parent, key.encode())
                pressed = time.monotonic() + 20  # a second Ctrl-C would end it otherwise
        process.kill()
    os.close(parent)
    return process.returncode, seen


def test_the_file_transport(run: Run, project: Path) -> None:
    """In development the mail goes to a file, the output says where, and nobody is asked."""
    result = run(*SEND)

    (path,) = mails(project)
    assert 0 == result.exit_code
    assert f"file accepted welcome for a@example.com\n  written to {path}\n" == result.stdout
    assert "With the params of the sample 'default'\n" == result.stderr
    assert "a@example.com" == message_from_bytes(path.read_bytes(), policy=policy.default)["To"]


def test_several_people(run: Run, project: Path) -> None:
    """Recipients, copies and blind copies may each be several."""
    result = run(*SEND, "--to", "Bob <b@example.com>", "--cc", "c@example.com", "--bcc", "d@example.com")

    mail = message_from_bytes(mails(project)[0].read_bytes(), policy=policy.default)
    assert "for a@example.com, b@example.com, c@example.com, d@example.com" in result.stdout
    assert "a@example.com, Bob <b@example.com>" == mail["To"]
    assert "c@example.com" == mail["Cc"]
    assert mail["Bcc"] is None


def test_a_receipt_as_json(run: Run, project: Path) -> None:
    """`--json` prints the receipt for programs."""
    receipt = json.loads(run(*SEND, "--json").stdout)

    assert ("file", ["a@example.com"], {}) == (receipt["transport"], receipt["accepted"], receipt["rejected"])
    assert receipt["message_id"] == message_from_bytes(mails(project)[0].read_bytes())["Message-ID"]


def test_via_takes_another_transport(run: Run, project: Path) -> None:
    """`--via` names another transport; one that there is not is an error."""
    assert "null accepted welcome" in run(*SEND, "--via", "null").stdout
    assert "did you mean 'null'?" in run(*SEND, "--via", "nul").stderr
    assert [] == mails(project)


def test_a_dry_run_sends_nothing(run: Run, project: Path, real: str, server: ScriptedServer) -> None:
    """`--dry-run` shows envelope and message as they would leave, and neither asks nor sends."""
    (project / "notify.yaml").write_text(
        "sender: shop@example.com\n"
        'environments: {development: {redirect_to: qa@example.com, subject_prefix: "[dev] "}}\n'
        "globals: {brand: {name: Shop}}\n"
    )

    result = run("--transport", real, *SEND, "--dry-run")
    document = json.loads(run("--transport", real, *SEND, "--dry-run", "--json").stdout)

    assert 0 == result.exit_code
    assert "Envelope: shop@example.com to qa@example.com\n" in result.stdout
    assert "Subject:  [dev] Welcome to Shop, Ada\nX-Original-To: a@example.com\n" in result.stdout
    assert "Nothing was sent; smtp would carry this." in result.stderr
    assert ("smtp", ["qa@example.com"]) == (document["transport"], document["envelope"]["recipients"])
    assert 0 == server.connections


def test_a_script_is_not_asked(run: Run, real: str, server: ScriptedServer) -> None:
    """A script that sends through a real transport outside production needs no --yes."""
    result = run("--transport", real, *SEND)

    assert 0 == result.exit_code
    assert "smtp accepted welcome for a@example.com" in result.stdout
    assert [("a@example.com",)] == [message.recipients for message in server.messages]


def test_production_needs_yes(run: Run, real: str, server: ScriptedServer) -> None:
    """In production a script has to say --yes."""
    production = ("--env", "production", "--transport", real, *SEND, "--sample", "default")

    without, refused = run(*production), list(server.messages)
    with_yes = run(*production, "--yes")

    assert (2, []) == (without.exit_code, refused)
    assert "this would send to a@example.com in production; add --yes" in without.stderr
    assert (0, 1) == (with_yes.exit_code, len(server.messages))


def test_production_to_files_needs_nothing(run: Run, project: Path) -> None:
    """A transport that reaches nobody is never asked about."""
    result = run("--env", "production", "--transport", "file", *SEND, "--sample", "default")

    assert (0, 1) == (result.exit_code, len(mails(project)))


def test_a_group_delivers_if_a_member_does(run: Run, project: Path, real: str) -> None:
    """A transport made of real ones is as real as they are."""
    (project / "notify.yaml").write_text(
        "sender: shop@example.com\nglobals: {brand: {name: Shop}}\n"
        f'environments: {{production: {{transport: {{failover: ["null:", "{real}"]}}}}}}\n'
    )

    result = run("--env", "production", *SEND, "--sample", "default")

    assert 2 == result.exit_code
    assert "add --yes" in result.stderr


@pytest.mark.parametrize(("answer", "outcome"), [("y\n", (0, 1)), ("n\n", (1, 0)), ("\n", (1, 0))])
def test_at_a_terminal_a_person_is_asked(
    monkeypatch: pytest.MonkeyPatch,
    real: str,
    server: ScriptedServer,
    answer: str,
    outcome: tuple[int, int],
) -> None:
    """Before real people get a mail, the person at the terminal says yes; no, or nothing, sends nothing."""
    with terminal(monkeypatch) as screen:
        screen.type(answer)
        with pytest.raises(SystemExit) as left:
            notify.main(["--transport", real, *SEND])
        seen = screen.seen()

    assert 'Send "Welcome to Example Shop, Ada" to a@example.com through smtp (development)? [y/N]: ' in seen
    assert outcome == (left.value.code, len(server.messages))
    assert (outcome[0] == 1) is ("Nothing was sent." in seen)


def test_ctrl_c_at_the_question(project: Path, real: str, server: ScriptedServer) -> None:
    """Ctrl-C instead of an answer sends nothing, and ends quietly."""
    exit_code, seen = at_terminal(project, "\x03", "--transport", real, *SEND)

    assert (130, []) == (exit_code, server.messages)
    assert "Traceback" not in seen


def test_yes_at_a_terminal(monkeypatch: pytest.MonkeyPatch, real: str, server: ScriptedServer) -> None:
    """With --yes nobody is asked."""
    with terminal(monkeypatch) as screen:
        with pytest.raises(SystemExit) as left:
            notify.main(["--transport", real, *SEND, "--yes"])
        seen = screen.seen()

    assert "[y/N]" not in seen
    assert (0, 1) == (left.value.code, len(server.messages))


def test_refused_by_all(run: Run, real: str) -> None:
    """When nobody gets it, the reason is told and the exit code is 1."""
    result = run("--transport", real, "send", "welcome", "--to", "refused@example.com")

    assert (1, "") == (result.exit_code, result.stdout)
    assert "no such user" in result.stderr


def test_put_off_is_to_be_tried_again(run: Run, real: str) -> None:
    """When the server says later, the exit code says so too."""
    result = run("--transport", real, "send", "welcome", "--to", "later@example.com")

    assert (75, "") == (result.exit_code, result.stdout)
    assert "try later" in result.stderr


def test_refused_by_some(run: Run, real: str) -> None:
    """Who was accepted and who was refused are both told; the exit code is 1."""
    result = run("--transport", real, *SEND, "--to", "refused@example.com")
    document = json.loads(run("--transport", real, *SEND, "--to", "refused@example.com", "--json").stdout)

    assert 1 == result.exit_code
    assert "smtp accepted welcome for a@example.com\n" in result.stdout
    assert "refused@example.com was refused: " in result.stderr
    assert "RefusedError" == document["rejected"]["refused@example.com"]["error"]


def test_the_key_is_never_shown(run: Run, server: ScriptedServer, tmp_path: Path) -> None:
    """A wrong key is told without being repeated, with a traceback too."""
    dsn = f"smtp://apikey:SG.wrong-secret@127.0.0.1:{server.port}?ca_file={tmp_path / 'ca.pem'}&timeout=5"

    result = run("--debug", "--transport", dsn, *SEND)

    assert 1 == result.exit_code
    assert "Traceback" in result.stderr
    assert "SG.wrong-secret" not in result.output


def test_the_transcript(run: Run, real: str) -> None:
    """What is said on both sides, line by line, but neither the key nor the mail; on request only."""
    result = run("--transport", real, *SEND, "--transcript")
    silent = run("--transport", real, *SEND)
    refused = run("--transport", real.replace("SG.test-key", "SG.wrong-secret"), *SEND, "--transcript")
    lines = [line.split(" ", 1)[1] for line in result.stderr.splitlines() if " C: " in line or " S: " in line]

    assert 0 == result.exit_code
    assert {"C: STARTTLS", "C: AUTH PLAIN ***", "S: 354 end with a dot", "C: RCPT TO:<a@example.com>"} <= set(lines)
    assert "SG.test-key" not in result.output
    assert " C: " not in silent.stderr
    assert "S: 535" in refused.stderr
    assert "SG.wrong-secret" not in refused.output


def test_a_recipient_is_needed(run: Run) -> None:
    """Nobody is sent to by default."""
    result = run("send", "welcome")

    assert 2 == result.exit_code
    assert "--to" in result.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_receipt_that_cannot_be_written_is_no_failed_send(project: Path, options: list[str]) -> None:
    """The message was taken: a script that saw another code than 0 would send it again."""
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        result = subprocess.run(
            [sys.executable, "-m", "notify", "send", "welcome", "--to", "a@example.com", *options],
            check=False, cwd=project, stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    assert result.returncode == 0
    assert "The message was taken, but the receipt cannot be written: No space left on device" in result.stderr
    assert len(mails(project)) == 1
