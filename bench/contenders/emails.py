"""emails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import emails
from emails.template import JinjaTemplate

from bench.contenders.jinja import environments
from bench.workload import PARTS, SENDER, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.workload import Context


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """`Message` with templates of its Jinja2 kind."""
    html_environment, text_environment = environments()
    html, text, subject = (
        JinjaTemplate(
            (TEMPLATES / f"{case}.{part}").read_text(encoding="utf-8").rstrip(),
            environment=html_environment if part == "html" else text_environment,
        )
        for part in PARTS
    )

    def make(context: Context) -> bytes:
        identity = emails.MessageID(domain="example.com")
        message = emails.Message(
            subject=subject, html=html, text=text, mail_from=SENDER, mail_to=context.to, message_id=identity
        )
        message.render(**context.params)
        octets: bytes = message.as_bytes()
        return octets

    return lambda contexts: map(make, contexts)
