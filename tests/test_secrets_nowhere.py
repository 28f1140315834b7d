"""A key is nowhere in all that a full run writes: pages, files, logs, errors, tracebacks, transcripts, documents."""

from __future__ import annotations

import base64
import logging
import pickle
import traceback
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from servers.sendgrid_api import ApiServer, Step

from notify import DeliveryError, Notifier
from notify.cli.group import notify
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY = "SG.recognisable_Key-0123456789.abcdefghijklmnopqrstuvwxyzABCDEFGHI+/~"
BLOB = base64.b64encode(f"\0apikey\0{KEY}".encode()).decode()
ECHO = f"{KEY} and {base64.b64encode(KEY.encode()).decode()} and AUTH PLAIN {BLOB} are wrong"
CONFIGURATION = """
sender: "Acme Shop <hello@acme.example>"
state: .notify/state
default_environment: development
environments:
  development: {{transport: good}}
  files: {{transport: file}}
  production: {{transport: {{failover: [echoing, silent, good]}}}}
transports:
  good: {{type: sendgrid, api_key: "${{ACME_KEY}}", limits: [1000/day], port: {good}, {alike}}}
  echoing: {{type: sendgrid, api_key: "${{ACME_KEY}}", port: {echoing}, {alike}}}
  silent: {{type: smtp, username: apikey, password: "${{ACME_KEY}}", auth: login, port: {silent}, {alike}}}
  picky: {{type: smtp, username: apikey, password: "${{ACME_KEY}}", port: {picky}, {alike}}}
  api: {{type: sendgrid_api, api_key: "${{ACME_KEY}}", base_url: "{api}", ca_file: ca.pem}}
"""
ALIKE = "host: 127.0.0.1, timeout: 5, transcript: true, ca_file: ca.pem"
SERVERS: Mapping[str, list[dict[str, Any]]] = {
    "good": [],
    "echoing": [{"at": "auth", "do": [{"reply": ["535-5.7.8 no", f"535 5.7.8 {ECHO}"]}]}],
    "silent": [{"at": "auth", "do": [{"reply": f"334 {ECHO}"}, {"close": True}]}],
    "picky": [{"at": "rcpt", "match": "gone", "do": [{"reply": f"550 5.1.1 {ECHO}"}]},
              {"at": "eod", "times": 1, "do": [{"reply": f"451 4.3.0 {ECHO}"}]}],
}  # fmt: skip
COMMANDS = (
    ("send", "hello", "--to", "a@acme.example", "--transcript", "--json"),
    ("send", "hello", "--to", "a@acme.example", "--to", "gone@acme.example", "--via", "picky", "--transcript"),
    ("send", "hello", "--to", "a@acme.example", "--to", "gone@acme.example", "--via", "picky", "--json"),
    ("--debug", "send", "hello", "--to", "a@acme.example", "--via", "echoing", "--transcript"),
    ("--debug", "send", "hello", "--to", "a@acme.example", "--via", "silent"),
    ("--debug", "send", "hello", "--to", "a@acme.example", "--via", "api", "--transcript"),
    ("--env", "production", "send", "hello", "--to", "a@acme.example", "--yes", "--transcript"),
    ("--env", "files", "send", "hello", "--to", "a@acme.example"),
    ("--transport", "DSN", "send", "hello", "--to", "a@acme.example", "--transcript"),
    ("--transport", "DSN", "transports", "--json"),
    ("send", "hello", "--to", "a@acme.example", "--dry-run"),
    ("transports",),
    ("transports", "--verify", "--json"),
    ("--env", "production", "doctor", "--json"),
    ("doctor", "silent"),
    ("doctor", "api", "--json"),
    ("mailbox", "list", "--json"),
    ("list", "--json"),
    ("export", "site"),
)


@dataclass(slots=True)
class Run:
    """All that was written, by where it was seen, and how each command ended."""

    written: dict[str, bytes] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    errors: list[DeliveryError] = field(default_factory=list)

    def saw(self, where: str, what: str | bytes) -> None:
        """Keep something."""
        self.written[where] = what.encode() if isinstance(what, str) else what


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Run:
    """A full run in a project whose key is in the environment only."""
    caplog.set_level(logging.DEBUG)
    folder, done = tmp_path / "shop", Run()
    (folder / "notifications").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ACME_KEY", KEY)
    with ExitStack() as stack:
        certificates = Certificates(folder)
        ports = {
            name: stack.enter_context(ScriptedServer({"rules": rules, "users": {"apikey": KEY}}, certificates)).port
            for name, rules in SERVERS.items()
        }
        no = Step(status=401, errors=((None, ECHO),))
        api = stack.enter_context(ApiServer(context=certificates.context(), faulty={"Hello": no})).url
        configuration = CONFIGURATION.format(alike=ALIKE, api=api, **ports)
        (folder / "notify.yaml").write_text(configuration, encoding="utf-8")
        (folder / "notifications" / "hello.yaml").write_text(
            "subject: Hello\ntext: Hello.\nhtml: <p>Hello.</p>\nsamples: {default: {}}\n"
        )
        dsn = f"sendgrid://{quote(KEY, safe='')}@127.0.0.1:{ports['echoing']}?ca_file=ca.pem&transcript=true"
        for arguments in COMMANDS:
            result = CliRunner().invoke(notify, [dsn if word == "DSN" else word for word in arguments])
            done.saw(f"output of {' '.join(arguments)}", result.output + result.stderr)
            done.codes[" ".join(arguments)] = result.exit_code
        _in_python(done)
    done.saw("log", caplog.text + "".join(repr(vars(record)) for record in caplog.records))
    for path in folder.rglob("*"):
        if path.is_file():
            done.saw(str(path.relative_to(folder)), path.read_bytes())
    return done


def _in_python(done: Run) -> None:
    """Send through each transport, and look at all that an application could log, keep or hand on."""
    with Notifier.load() as notifier:
        done.saw("notifier", repr(notifier) + repr(vars(notifier)))
        for name in (*SERVERS, "api"):
            transport = notifier.transports[name]
            done.saw(f"transport {name}", f"{transport!r} {transport} {vars(transport)}")
            try:
                receipt = notifier.send("hello", to=["a@acme.example", "gone@acme.example"], via=name)
            except DeliveryError as error:
                done.errors.append(error)
            else:
                done.saw(f"receipt of {name}", repr(receipt) + repr(pickle.dumps(receipt)))
                done.errors += receipt.rejected.values()
    for number, kept in enumerate(done.errors):
        with_locals = traceback.TracebackException.from_exception(kept, capture_locals=True)
        done.saw(f"error {number}", f"{kept!r} {kept} {vars(kept)} {kept.transcript}")
        done.saw(f"pickle {number}", pickle.dumps(kept))
        done.saw(f"traceback {number}", "".join(with_locals.format()))


def forms(secret: str) -> list[bytes]:
    """How a secret may look: plain, quoted for a URL, and in base64 wherever in a longer text it stands."""
    found = [secret.encode(), quote(secret, safe="").encode(), repr(secret.encode())[2:-1].encode()]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + secret.encode()).rstrip(b"=")
        found.append(encoded[4 * (shift > 0) : -2])  # what stands beside it changes the first and the last letters
    return found


def test_no_form_of_a_key_is_written_anywhere(run: Run) -> None:
    """Whatever happens to a message: sent, refused at login by a server that repeats the key, put off, lost."""
    leaks = [(where, form) for where, what in run.written.items() for form in forms(KEY) if form in what]

    assert [] == leaks


def test_the_run_was_a_full_one(run: Run) -> None:
    """The commands ended as they had to, the servers repeated the key, and there was something to look at."""
    ends = {command: code for command, code in run.codes.items() if code == 0}

    assert set(ends) == {
        " ".join(command)
        for command in COMMANDS
        if not {"picky", "echoing", "silent", "api"} & set(command)
        and command[:4] != ("--transport", "DSN", "send", "hello")
    }
    assert {"TransportConfigError", "TemporaryError", "RefusedError"} <= {type(error).__name__ for error in run.errors}
    assert all("***" in error.reply + "".join(error.transcript) for error in run.errors)
    assert "api" in {error.transport for error in run.errors}
    assert b"535" in run.written["output of " + " ".join(COMMANDS[3])]
    assert b"AUTH PLAIN ***" in run.written["log"]
    assert any(where.startswith(".notify/mail") for where in run.written)
    assert any(where.startswith(".notify/state") for where in run.written)
    assert any(where.startswith("site") for where in run.written)


@pytest.mark.parametrize("text", [KEY, ECHO, BLOB, f"xy{KEY}", base64.b64encode(f"xy{KEY}z".encode()).decode()])
def test_a_leak_would_be_found(text: str) -> None:
    """The search knows the key in each of its forms."""
    assert any(form in text.encode() for form in forms(KEY))
