"""`notify.preview.mailbox.sink`: a server that takes every mail."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from preview.mailbox.mails import message

from notify import Address, ConfigError
from notify.preview.mailbox import Mail, Mailbox, Sink
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from pathlib import Path


def only(mailbox: Mailbox) -> Mail:
    """The one mail of a mailbox."""
    (mail,), total = mailbox.list()
    assert 1 == total
    return mail


def test_takes_mail_of_any_program(tmp_path: Path) -> None:
    """The standard library's client, without TLS and login: the mail is kept with its envelope."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "Grüße"
    mail.set_content(".a line with a dot\n")
    mailbox = Mailbox([tmp_path])

    with Sink(mailbox, port=0) as sink, smtplib.SMTP(sink.host, sink.port) as client:
        client.send_message(mail, "bounces@example.com", ["b@example.com", "hidden@example.com"])

    kept = only(mailbox)
    opened = mailbox.open(kept.id)
    assert ("Grüße", "bounces@example.com") == (kept.subject, kept.return_path)
    assert ("b@example.com", "hidden@example.com") == kept.recipients
    assert opened is not None
    assert ".a line with a dot\n" == opened.text


@pytest.mark.parametrize("mechanism", ["plain", "login"])
def test_takes_any_password(tmp_path: Path, mechanism: str) -> None:
    """A client that insists on logging in can, and a bounce has no sender."""
    mailbox = Mailbox([tmp_path])

    with Sink(mailbox, port=0) as sink, smtplib.SMTP(sink.host, sink.port) as client:
        client.user, client.password = "anybody", "anything"
        client.ehlo()
        code, _ = client.auth(mechanism, getattr(client, f"auth_{mechanism}"))
        client.sendmail("", ["b@example.com"], b"Subject: x\r\n\r\n" + b"long " * 50_000)

    assert 235 == code
    assert ("", "x") == (only(mailbox).return_path, only(mailbox).subject)


def test_takes_what_our_own_transport_sends(tmp_path: Path) -> None:
    """Also an address of another script (SMTPUTF8)."""
    mailbox = Mailbox([tmp_path])
    with Sink(mailbox, port=0) as sink:
        transport = SmtpTransport(host=sink.host, port=sink.port, tls="none")
        transport.send(message(to=(Address("用户@example.com", "Ada"),), notification="order"))
        transport.close()

    assert ("用户@example.com",) == only(mailbox).recipients
    assert "" == only(mailbox).notification


def test_removes_old_mails(tmp_path: Path) -> None:
    """A mailbox keeps as many mails as it is to, however many come."""
    mailbox = Mailbox([tmp_path], keep=2)

    with Sink(mailbox, port=0) as sink, smtplib.SMTP(sink.host, sink.port) as client:
        for number in range(4):
            client.sendmail("a@example.com", ["b@example.com"], f"Subject: {number}\r\n\r\n".encode())

    assert ["3", "2"] == [mail.subject for mail in mailbox.list()[0]]


def test_refuses_what_is_too_large(tmp_path: Path) -> None:
    """More than 50 MiB are not taken; the client is told."""
    with Sink(Mailbox([tmp_path]), port=0) as sink, smtplib.SMTP(sink.host, sink.port) as client:
        client.ehlo()
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            client.sendmail("a@example.com", ["b@example.com"], b"x" * (50 * 2**20 + 1))

    assert 552 == caught.value.smtp_code


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    """The client may try again; the server goes on."""
    (tmp_path / "file").write_text("in the way")

    with Sink(Mailbox([tmp_path / "file" / "mail"]), port=0) as sink, smtplib.SMTP(sink.host, sink.port) as client:
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail("a@example.com", ["b@example.com"], b"Subject: x\r\n\r\n")
        alive, _ = client.noop()

    assert (452, 250) == (caught.value.smtp_code, alive)
    assert b"Not a directory" in caught.value.smtp_error


def test_in_the_event_loop_of_another(tmp_path: Path) -> None:
    """It starts and stops in a running loop, open connections or not, and twice is not too often."""
    mailbox = Mailbox([tmp_path])

    async def serve() -> int:
        sink = Sink(mailbox, port=0)
        await sink.stop()
        await sink.start()
        client = await asyncio.to_thread(smtplib.SMTP, sink.host, sink.port)
        await asyncio.to_thread(client.sendmail, "a@example.com", ["b@example.com"], b"Subject: x\r\n\r\n")
        done = await asyncio.to_thread(smtplib.SMTP, sink.host, sink.port)
        await asyncio.to_thread(done.quit)
        await sink.stop()
        await sink.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            await asyncio.to_thread(client.noop)
        client.close()
        return sink.port

    port = asyncio.run(serve())

    assert "x" == only(mailbox).subject
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_port_in_use_is_a_clear_error(tmp_path: Path) -> None:
    """The error names the port, and says what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"127\.0\.0\.1:{port}: .*in use.*give another port"):
            Sink(Mailbox([tmp_path]), port=port).__enter__()


def test_a_port_that_there_is_not(tmp_path: Path) -> None:
    """A number beyond all ports is the same error."""
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:70000: "):
        asyncio.run(Sink(Mailbox([tmp_path]), port=70000).start())


def test_without_aiosmtpd_it_says_what_to_install(tmp_path: Path) -> None:
    """The extra is named; the mailbox itself works without it."""
    program = f"""
import sys
sys.modules["aiosmtpd"] = None
from pathlib import Path
from notify import Address, ConfigError
from notify.preview.mailbox import Mailbox, Sink
mailbox = Mailbox([Path({str(tmp_path)!r})])
assert mailbox.list() == ((), 0)
try:
    Sink(mailbox)
except ConfigError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "pip install 'notify-framework[preview]'" in run.stdout
