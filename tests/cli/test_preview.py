"""`notify preview`, as a process of its own."""

from __future__ import annotations

import http.client
import json
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE

from notify.preview.serving import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.running import Run


class Process:
    """The running command."""

    def __init__(self, process: subprocess.Popen[str], said: list[str]) -> None:
        self.process = process
        self.said = said
        found = re.search(r"http://(?:\[[^]]*\]|[^:/]*):(\d+)/", said[0])
        assert found is not None, said
        self.port = int(found[1])

    def get(self, path: str, host: str = "127.0.0.1") -> Any:
        """A document."""
        connection = http.client.HTTPConnection(host, self.port, timeout=PATIENCE)
        connection.request("GET", path)
        body = connection.getresponse().read()
        connection.close()
        return json.loads(body)

    def ends(self, number: signal.Signals = signal.SIGINT) -> float:
        """Interrupt it; how many seconds it takes to end."""
        before = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return time.monotonic() - before


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Process]:
    """Run `notify preview` on a free port until the end of the block."""
    command = [sys.executable, "-m", "notify", "preview", "--port", "0", *arguments]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    said: list[str] = []
    try:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line.rstrip("\n"))
            if line.startswith("Ctrl+C"):
                break
        yield Process(process, said)
    finally:
        process.kill()
        process.communicate()


def test_it_serves_until_interrupted(project: Path) -> None:
    """It prints its URL, answers, and an interrupt ends it at once although a page listens to events."""
    with running(project) as preview:
        listed = [each["id"] for each in preview.get("/api/")["notifications"]]
        with socket.create_connection(("127.0.0.1", preview.port), PATIENCE) as page:
            page.sendall(f"GET /events HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n".encode())
            heard = b""
            while b"hello" not in heard:
                heard += page.recv(4096)
            seconds = preview.ends()

    assert f"The preview of shop is at http://127.0.0.1:{preview.port}/" == preview.said[0]
    assert ["welcome"] == listed
    assert seconds < 3
    assert preview.process.returncode in {0, 1, 130, -signal.SIGINT}


def test_terminated(project: Path) -> None:
    """SIGTERM ends it too, without a traceback."""
    with running(project) as preview:
        preview.get("/api/")
        seconds = preview.ends(signal.SIGTERM)
        rest = preview.process.stderr.read() if preview.process.stderr else ""

    assert seconds < 3
    assert "Traceback" not in rest


def test_it_takes_mail(project: Path) -> None:
    """With --smtp it says where, and what any program sends there is in the mailbox; --keep bounds it."""
    with running(project, "--smtp", "0", "--keep", "2") as preview:
        port = int(preview.said[1].partition("127.0.0.1:")[2].partition(" ")[0])
        with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
            for number in range(3):
                client.sendmail("a@example.com", ["b@example.com"], f"Subject: Mail {number}\r\n\r\nHi\r\n")
                time.sleep(0.01)
        waited = preview.get("/api/mailbox/wait?q=subject:mail&timeout=5")
        found = preview.get("/api/mailbox")
        seconds = preview.ends()

    assert "Mail 2" == waited["subject"]
    assert ["Mail 2", "Mail 1"] == [each["subject"] for each in found["mails"]]
    assert ["b@example.com"] == found["mails"][0]["recipients"]
    assert seconds < 3


def test_faulty_definitions_stop_nothing(project: Path) -> None:
    """It starts with faulty definitions, and shows them."""
    (project / "notifications" / "bad.yaml").write_text("subject: [\n")
    with running(project) as preview:
        found = {each["id"]: each["faults"] for each in preview.get("/api/")["notifications"]}

    assert (1, 0) == (len(found["bad"]), len(found["welcome"]))


def test_other_hosts(project: Path) -> None:
    """On all interfaces it warns, and answers to any name; an IPv6 address stands in brackets."""
    with running(project, "--host", "0.0.0.0") as everywhere:
        assert everywhere.get("/api/")["environment"] == "development"
    assert any("Whoever reaches this port" in line for line in everywhere.said)
    with running(project, "--host", "::1") as six:
        assert six.get("/api/", host="::1")["environment"] == "development"
    assert f"http://[::1]:{six.port}/" in six.said[0]


@pytest.mark.usefixtures("project")
def test_a_port_in_use(run: Run) -> None:
    """It is one clear error and exit code 2, for the preview's port as for the sink's."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        preview, sink = run("preview", "--port", port), run("preview", "--port", "0", "--smtp", port)

    assert (2, 2) == (preview.exit_code, sink.exit_code)
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use; --port takes another" in preview.stderr
    assert port in sink.stderr
    assert "Traceback" not in preview.stderr + sink.stderr


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "a..b", "x" * 70 + ".example"])
def test_a_host_of_elsewhere(run: Run, host: str) -> None:
    """An address that is not of this machine, or no name at all, is one clear error."""
    result = run("preview", "--host", host, "--port", "0")

    assert 2 == result.exit_code
    assert f"cannot listen on {host}:0: " in result.stderr


def test_a_broken_project(run: Run, project: Path) -> None:
    """A broken notify.yaml keeps it from starting, and a missing one too."""
    (project / "notify.yaml").write_text("nope: [")
    broken = run("preview", "--port", "0")
    (project / "notify.yaml").unlink()
    missing = run("preview", "--port", "0")

    assert (2, 2) == (broken.exit_code, missing.exit_code)
    assert "notify.yaml:2:1: this is not YAML" in broken.stderr


@pytest.mark.usefixtures("project")
def test_without_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message says what to install."""
    monkeypatch.setitem(sys.modules, "starlette", None)
    result = run("preview")

    assert 2 == result.exit_code
    assert "pip install 'notify-framework[preview]'" in result.stderr


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("LOCALHOST", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.1", False), ("acme.example", False)],
)  # fmt: skip
def test_what_others_can_reach(host: str, *, expected: bool) -> None:
    """Only loopback addresses are out of others' reach."""
    assert expected == is_loopback(host)


def test_golden_files_lie_where_they_are_wanted(project: Path, tmp_path: Path) -> None:
    """--golden names their folder."""
    with running(project, "--golden", str(tmp_path / "kept")) as preview:
        token = preview.get("/api/")["token"]
        connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
        connection.request("POST", "/n/welcome/default/golden", headers={"X-Notify-Token": token})
        document = json.loads(connection.getresponse().read())
        connection.close()

    assert Path(document["path"]) == tmp_path / "kept/welcome/default.en.eml"
    assert (tmp_path / "kept/welcome/default.en.eml").is_file()
