"""The standard library: `EmailMessage` around Jinja2, smtplib, and base64 alone."""

from __future__ import annotations

import base64
import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

from bench.contenders.jinja import templates
from bench.workload import SENDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.workload import Context


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """As the documentation of `email` shows it."""
    html, text, subject = templates(case)

    def make(context: Context) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["Subject"] = subject.render(context.params)
        message["From"] = Address(SENDER[0], addr_spec=SENDER[1])
        message["To"] = Address(context.name, addr_spec=context.email)
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain="example.com")
        message.set_content(text.render(context.params))
        message.add_alternative(html.render(context.params), subtype="html")
        return message.as_bytes()

    return lambda contexts: map(make, contexts)


def attach() -> Callable[[Sequence[bytes]], Iterator[bytes]]:
    """What encoding an attachment cannot do without: base64 in lines."""
    return lambda contents: map(base64.encodebytes, contents)


def deliver(host: str, port: int) -> Callable[[Sequence[tuple[str, bytes]]], None]:
    """One connection for all messages."""

    def send(messages: Sequence[tuple[str, bytes]]) -> None:
        with smtplib.SMTP(host, port, local_hostname="bench.example") as connection:
            for address, octets in messages:
                connection.sendmail(SENDER[1], [address], octets)

    return send
