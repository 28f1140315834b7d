"""`notify doctor --web`: the webhook's address and the pages to unsubscribe, called on real servers with TLS."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import uvicorn
from webhooks.sendgrid_calls import new_key, shown

from notify import Notifier
from notify.consent import MemoryPreferences
from notify.consent.application import consent_app
from notify.feedback import Recorded, WebhookApp
from notify.testing import Certificates
from notify_sendgrid.webhook import SendGridWebhook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cli.running import Run

    from notify.feedback import Event

PUBLIC = shown(new_key())
YAML = """\
sender: hello@acme.example
unsubscribe: {url: "https://localhost:PORT/mail", keys: a-key-of-tests-that-is-no-secret-at-all}
categories: {digest: {unsubscribe: required}}
transports:
  sendgrid: {api_key: SG.key, host: 127.0.0.1, port: 1, timeout: 0.2, webhook_url: "https://localhost:PORT/hook/?secret=t",
    webhook_key: KEY}
  both: {type: failover, transports: [sendgrid, sendgrid]}
environments: {development: {transport: both}, test: {transport: memory}}
""".replace("KEY", PUBLIC)  # fmt: skip


class Sink:
    """Takes nothing."""

    def record(self, events: Sequence[Event]) -> Recorded:
        """Must not be called."""
        raise AssertionError(events)


class Said(NamedTuple):
    """What a server answers to everything."""

    status: int
    text: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        """One connection."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.text.encode()})


@contextmanager
def serving(listening: socket.socket, app: Any, chain: Path) -> Iterator[None]:
    """Serve an application with TLS."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1, ssl_certfile=chain
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A port that is listened to."""
    with closing(socket.create_server(("127.0.0.1", 0))) as created:
        yield created


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listening: socket.socket) -> Path:
    """A project whose addresses lead to the port, and whose machine trusts the certificates; the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "weekly.yaml").write_text("category: digest\nsubject: Hello\ntext: Hello.\n")
    (tmp_path / "notify.yaml").write_text(YAML.replace("PORT", str(listening.getsockname()[1])))
    certificates = Certificates(tmp_path)
    certificates.write_chain(tmp_path / "chain.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_file))
    return tmp_path


@pytest.fixture
def examined(folder: Path, run: Run, listening: socket.socket) -> Callable[[Any], dict[str, dict[str, Any]]]:
    """What the doctor finds of an application's addresses, by check."""

    def examine(app: Any) -> dict[str, dict[str, Any]]:
        with serving(listening, app, folder / "chain.pem"):
            document = json.loads(run("doctor", "--web", "--json").stdout)
        wanted = {"address", "webhook", "page", "one-click", "web"}
        return {each["check"]: each for each in document["diagnoses"] if each["check"] in wanted}

    return examine


def test_addresses_in_order(folder: Path, examined: Callable[[Any], dict[str, dict[str, Any]]]) -> None:
    """Both applications are recognised; that an address of this machine is none for others is said."""
    notifier = Notifier.load(folder)
    hook = WebhookApp(SendGridWebhook.of(notifier), Sink())
    pages = consent_app(notifier, MemoryPreferences())

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await (hook if scope["path"] == "/hook/" else pages)(scope, receive, send)

    found = examined(app)

    assert {check: each["status"] for check, each in found.items()} == {
        "address": "warning", "webhook": "ok", "page": "ok", "one-click": "ok",
    }  # fmt: skip
    assert "answers, and refuses what is not signed" in found["webhook"]["found"]
    assert "localhost is 127.0.0.1" in found["address"]["found"]


@pytest.mark.parametrize(
    ("answer", "words", "advice"),
    [
        pytest.param(
            Said(301, headers=((b"location", b"https://www.acme.example/?next=secret"),)),
            "answers CALL with 301 Moved Permanently, to https://www.acme.example/", "follows redirects", id="redirect",
        ),
        pytest.param(Said(404), "answers CALL with 404 Not Found", "Is it served below", id="elsewhere"),
        pytest.param(Said(403, "CSRF verification failed"), "answers CALL with 403 Forbidden", "CSRF", id="csrf"),
        pytest.param(Said(502), "answers CALL with 502 Bad Gateway", "Is it served below", id="broken"),
        pytest.param(Said(400, "no token"), "answers CALL with 400 Bad Request", "Is it served below", id="other page"),
    ],
)  # fmt: skip
def test_something_else_answers(
    *, examined: Callable[[Any], dict[str, dict[str, Any]]], answer: Said, words: str, advice: str
) -> None:
    """What it answers is told, and what could be the cause."""
    found = examined(answer)
    calls = {"webhook": "a call without signature", "page": "a GET", "one-click": "a POST"}

    for check, call in calls.items():
        assert found[check]["status"] == "warning"
        assert words.replace("CALL", call) in found[check]["found"]
        assert advice in found[check]["advice"]
        assert "secret" not in str(found[check])


def test_a_webhook_that_takes_everything(examined: Callable[[Any], dict[str, dict[str, Any]]]) -> None:
    """Is the worst of all."""
    found = examined(Said(200))["webhook"]

    assert "takes a call that nobody signed: 200 OK" in found["found"]
    assert found["status"] == "warning"


def test_nobody_answers(folder: Path, run: Run, listening: socket.socket) -> None:
    """No server, no such host, and a certificate that is not trusted are told apart; mail can be sent all the same."""
    del folder
    listening.close()
    lines = run("doctor", "--env", "test", "--web").stdout.splitlines()
    all_lines = run("doctor", "--web").stdout.splitlines()

    for found, checks in ((lines, ["page", "one-click"]), (all_lines, ["webhook", "page", "one-click"])):
        refused = [line.split()[2] for line in found if "cannot be reached: Connection refused" in line]

        assert refused == checks
    assert lines[-1].startswith("Mail can be sent through memory")


def test_hosts_and_certificates(
    folder: Path, run: Run, listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that nobody knows, a certificate that is not trusted, and a server that speaks something else."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with serving(listening, Said(200), folder / "chain.pem"):
        untrusted = run("doctor", "--env", "test", "--web").stdout
    text = (folder / "notify.yaml").read_text()
    (folder / "notify.yaml").write_text(text.replace("https://localhost:", "https://nobody.invalid:"))
    unknown = run("doctor", "--env", "test", "--web").stdout

    assert "its certificate is not trusted" in untrusted
    assert "https://nobody.invalid:" in unknown
    assert unknown.count("cannot be reached") == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(b"220 mx.acme.example ESMTP\r\n", "what answers speaks no HTTP (BadStatusLine)", id="no HTTP"),
        pytest.param(b"", "no answer within 0.3 s", id="silence"),
    ],
)
def test_a_server_that_is_none(
    *,
    folder: Path,
    run: Run,
    listening: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes,
    words: str,
) -> None:
    """What speaks TLS and no HTTP, or nothing, is told apart from what cannot be reached."""
    monkeypatch.setattr("notify.doctor.web._TIMEOUT", 0.3)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "chain.pem")
    kept = []

    def serve() -> None:
        for _ in range(2):
            connection = context.wrap_socket(listening.accept()[0], server_side=True)
            connection.sendall(answer)
            kept.append(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    found = run("doctor", "--env", "test", "--web").stdout
    thread.join(10)
    for connection in kept:
        connection.close()

    assert found.count(f"cannot be reached: {words}") == 2


def test_nothing_to_call(folder: Path, run: Run) -> None:
    """It is said why nothing was called; without --web nothing is."""
    (folder / "notify.yaml").write_text("sender: hello@acme.example\n")

    assert "neither webhook_url nor `unsubscribe: url`" in run("doctor", "--web", "--transport", "memory").stdout
    assert "Web addresses" not in run("doctor", "--transport", "memory").stdout


def test_a_configuration_that_cannot_be_read(folder: Path, run: Run) -> None:
    """Is told where it is told anyway."""
    (folder / "notify.yaml").write_text("unsubscribe: {url: '${NOT_HERE}'}\n")
    result = run("doctor", "--web", "--transport", "memory")
    (folder / "notify.yaml").write_text("nonsense: 1\n")
    other = run("doctor", "--web", "--transport", "memory")

    assert result.stdout.count("NOT_HERE is not set") == 2  # with the verdict
    assert result.exit_code == other.exit_code == 2
