"""`notify demo`; the SMTP server is real."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import sys
from typing import TYPE_CHECKING

import pytest
from cli.running import mails

from notify import ConfigError
from notify.cli.demo_server import DemoServer

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


def test_everything_is_delivered_twice(run: Run, project: Path) -> None:
    """Each sample is a file, and was accepted by a server that demanded TLS and the user apikey."""
    result = run("demo")

    assert (0, "") == (result.exit_code, result.stderr)
    assert re.search(r"\nwelcome +default +en +\d+\.\d kB +recipient@example.com +Welcome to Example", result.stdout)
    assert "\nfile:      2 messages written to .notify/mail\n" in result.stdout
    assert re.search(r"\nsendgrid:  2 messages accepted by .* \(TLSv1\.\d, AUTH as apikey\)\n", result.stdout)
    assert result.stdout.endswith("\n1 notification, 2 messages, delivered twice.\n")
    assert 2 == len(mails(project))


def test_without_the_server(run: Run, project: Path) -> None:
    """`--no-smtp` writes files only, to the folder that is named."""
    result = run("demo", "--no-smtp", "--keep", "kept")

    assert result.stdout.endswith("file:      2 messages written to kept\n1 notification, 2 messages, delivered.\n")
    assert 2 == len(list((project / "kept").iterdir()))
    assert [] == mails(project)


def test_samples_bring_recipient_and_locale(run: Run, project: Path) -> None:
    """Each sample is sent to its own recipient in its own locale, whatever the environment redirects."""
    (project / "notifications" / "hi.yaml").write_text(
        "subject: {en: Hello, fr: Bonjour}\ntext: |\n  Hi\nsamples: {one: {to: ada@example.com, locale: fr}}\n"
    )

    result = run("demo", "--no-smtp", "--env", "staging")

    assert re.search(r"\nhi +one +fr +\d+ B +ada@example.com +Bonjour\n", result.stdout)


def test_one_failure_stops_nothing(run: Run, project: Path) -> None:
    """A notification that cannot be rendered is told; the others are sent, and the exit code is 1."""
    (project / "notifications" / "bad.yaml").write_text("subject: x\ntext: |\n  {{ nme }}\nsamples: {one: {}}\n")

    result = run("demo", "--no-smtp")

    assert 1 == result.exit_code
    assert "bad, sample one: notifications/bad.yaml:3:" in result.stderr
    assert "1 not delivered." in result.stderr
    assert "1 notification, 2 messages, delivered.\n" in result.stdout


def test_nothing_to_send(run: Run, project: Path) -> None:
    """Without a sample there is nothing to show."""
    (project / "notifications" / "welcome.yaml").unlink()

    result = run("demo", "--no-smtp")

    assert 1 == result.exit_code
    assert "There is no sample to send." in result.stderr


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("missing", ["aiosmtpd", "trustme"])
def test_without_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Where the server's libraries are missing, the message says what to install."""
    monkeypatch.setitem(sys.modules, missing, None)

    result = run("demo")

    assert 2 == result.exit_code
    assert "pip install 'notify-framework[demo]', or use --no-smtp" in result.stderr


def test_the_server_demands_what_sendgrid_demands(tmp_path: Path) -> None:
    """Without TLS there is no AUTH, without the right key no mail."""
    trusted = ssl.create_default_context()
    with DemoServer(tmp_path) as server:
        trusted.load_verify_locations(tmp_path / "ca.pem")
        host, port = re.findall(r"@([\d.]+):(\d+)", server.dsn)[0]
        with smtplib.SMTP(host, int(port)) as client:
            client.ehlo()
            offered_in_clear = client.has_extn("auth")
            refused = client.mail("a@example.com")
            client.starttls(context=trusted)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("apikey", "SG.wrong")

    assert not offered_in_clear
    assert 530 == refused[0]
    assert [] == server.accepted


def test_the_server_stops_while_somebody_is_connected(tmp_path: Path) -> None:
    """A connection that stays open does not keep the server."""
    with DemoServer(tmp_path) as server:
        host, port = re.findall(r"@([\d.]+):(\d+)", server.dsn)[0]
        client = socket.create_connection((host, int(port)))
        greeting = client.recv(1000)

    client.close()
    assert greeting.startswith(b"220 localhost")


def test_a_server_that_is_not_installed_is_a_configuration_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is one of the tree."""
    monkeypatch.setitem(sys.modules, "aiosmtpd", None)

    with pytest.raises(ConfigError, match="--no-smtp"):
        DemoServer(tmp_path)
