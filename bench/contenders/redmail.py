"""redmail."""

from __future__ import annotations

from email.policy import SMTP
from email.utils import formataddr
from typing import TYPE_CHECKING, Any

from redmail import EmailSender

from bench.contenders.jinja import environments
from bench.workload import FROM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.workload import Context


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """`get_message`, which `send` calls too."""
    sender, keywords = _sender("localhost", 0), _keywords(case)

    def make(context: Context) -> bytes:
        octets: bytes = sender.get_message(**keywords(context)).as_bytes(policy=SMTP)
        return octets

    return lambda contexts: map(make, contexts)


def endtoend(host: str, port: int) -> Callable[[Sequence[Context]], None]:
    """One connection for all messages."""
    sender, keywords = _sender(host, port), _keywords("order_shipped")

    def send(contexts: Sequence[Context]) -> None:
        with sender:
            for context in contexts:
                sender.send(**keywords(context))

    return send


def _sender(host: str, port: int) -> EmailSender:
    sender = EmailSender(host=host, port=port, use_starttls=False, domain="example.com", local_hostname="bench.example")
    sender.templates_html, sender.templates_text = environments()
    return sender


def _keywords(case: str) -> Callable[[Context], dict[str, Any]]:
    subject = environments()[1].get_template(f"{case}.subject")
    return lambda context: {
        "subject": subject.render(context.params),
        "sender": FROM,
        "receivers": [formataddr(context.to)],
        "html_template": f"{case}.html",
        "text_template": f"{case}.txt",
        "body_params": context.params,
    }
