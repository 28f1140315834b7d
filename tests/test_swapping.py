"""One notification, one program, every transport: changing one word of configuration is enough."""

from __future__ import annotations

import email
from email import policy
from typing import TYPE_CHECKING

import pytest
from servers.scripted import KEY

from notify import Notifier
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

DEFINITION = """\
params: {name: str}
subject: "Grüße, {{ name }}"
html: "<style>p { color: red }</style><p>Hello {{ name }}</p>"
"""
CONFIGURATION = """\
sender: "Acme <hello@acme.example>"
environments:
  development: {transport: file}
  test: {transport: memory}
  production: {transport: sendgrid}
transports:
  sendgrid: {api_key: "${SENDGRID_API_KEY}", verified_senders: [acme.example]}
"""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates that the settings name."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one notification, and no variable of ours set."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "hello.yaml").write_text(DEFINITION)
    (tmp_path / "notify.yaml").write_text(CONFIGURATION)
    for name in ("NOTIFY_ENV", "NOTIFY_TRANSPORT", "NOTIFY_CONFIG", "SENDGRID_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def server(certificates: Certificates) -> Iterator[ScriptedServer]:
    """A server with STARTTLS that takes what `apikey` sends."""
    with ScriptedServer({"require_tls": True, "require_auth": True}, certificates) as server:
        yield server


def program(project: Path) -> str:
    """What an application does; it never changes. Returns the transport's name."""
    with Notifier.load(project) as notifier:
        receipt = notifier.send("hello", to="Zoë <zoe@example.com>", params={"name": "Zoë"})
    assert receipt.accepted == ("zoe@example.com",)
    return receipt.transport


def read(data: bytes) -> EmailMessage:
    """Parse with the standard library, and check that it is the message that was meant."""
    message = email.message_from_bytes(data, policy=policy.default)
    assert message["Subject"] == "Grüße, Zoë"
    assert message["To"].addresses[0].display_name == "Zoë"
    text, html = message.get_body(["plain"]), message.get_body(["html"])
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Hello Zoë"]
    assert 'style="color: red;"' in html.get_content()
    return message


def test_the_file_swaps(project: Path) -> None:
    """The default environment writes a file."""
    assert program(project) == "file"
    (path,) = (project / ".notify" / "mail").glob("*.eml")
    read(path.read_bytes())


def test_notify_env_swaps(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another environment, another transport."""
    monkeypatch.setenv("NOTIFY_ENV", "test")

    assert program(project) == "memory"


def test_sendgrid_by_a_dsn(
    project: Path, server: ScriptedServer, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole SMTP server stands in for SendGrid: TLS, `apikey`, and the same message."""
    dsn = f"sendgrid://{KEY}@127.0.0.1:{server.port}?ca_file={certificates.ca_file}"
    monkeypatch.setenv("NOTIFY_TRANSPORT", dsn)

    assert program(project) == "sendgrid"
    (received,) = server.messages
    assert (received.user, received.secured, received.recipients) == ("apikey", True, ("zoe@example.com",))
    read(received.data)


def test_smtp_by_a_dsn(
    project: Path, server: ScriptedServer, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`smtp+starttls://apikey:KEY@host:port` is all it takes."""
    dsn = f"smtp+starttls://apikey:{KEY}@127.0.0.1:{server.port}?ca_file={certificates.ca_file}"
    monkeypatch.setenv("NOTIFY_TRANSPORT", dsn)

    assert program(project) == "smtp"
    read(server.messages[0].data)


def test_smtps_by_a_dsn(project: Path, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS from the first octet."""
    with ScriptedServer({"tls": "implicit", "require_auth": True}, certificates) as server:
        dsn = f"smtps://apikey:{KEY}@127.0.0.1:{server.port}?ca_file={certificates.ca_file}"
        monkeypatch.setenv("NOTIFY_TRANSPORT", dsn)

        assert program(project) == "smtps"
        read(server.messages[0].data)


def test_an_untrusted_server_gets_no_password(
    project: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the authority's certificate nothing is sent, and the error says so without the key."""
    from notify import TransportConfigError

    monkeypatch.setenv("NOTIFY_TRANSPORT", f"smtp+starttls://apikey:{KEY}@127.0.0.1:{server.port}")
    with pytest.raises(TransportConfigError, match="certificate") as caught:
        program(project)

    assert KEY not in str(caught.value)
    assert server.messages == []


@pytest.mark.parametrize(
    ("transport", "name"),
    [
        ("console", "console"),
        ("console:", "console"),
        ("memory:", "memory"),
        ("null:", "null"),
        ("file", "file"),
        ("file:?folder=kept", "file"),
        ("maildir", "maildir"),
        ("failover(null: memory:)", "null"),
        ("roundrobin(memory: null:)", "memory"),
    ],
)
def test_notify_transport_swaps(
    project: Path, transport: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By name or by DSN."""
    monkeypatch.setenv("NOTIFY_TRANSPORT", transport)

    assert program(project) == name
    assert ("Grüße, Zoë" in capsys.readouterr().out) == transport.startswith("console")


def test_a_file_dsn_names_the_folder(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`file:///dir`."""
    monkeypatch.setenv("NOTIFY_TRANSPORT", f"file://{tmp_path}/elsewhere")
    program(project)
    (path,) = (tmp_path / "elsewhere").glob("*.eml")

    read(path.read_bytes())
