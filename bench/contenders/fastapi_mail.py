"""fastapi-mail, in lists of 50: it makes a Jinja2 environment for each call, so that single messages cost far more."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from fastapi_mail import ConnectionConfig, FastMail, MessageSchema, MessageType
from fastapi_mail.schemas import NameEmail

from bench.contenders.jinja import environments
from bench.workload import SENDER, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.workload import Context

SIZE = 50


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """`get_message`, which `send_message` calls too."""
    mail, build = _mail("127.0.0.1", 25), _builder(case)
    loop = asyncio.new_event_loop()

    def make(contexts: Sequence[Context]) -> Iterator[bytes]:
        for begin in range(0, len(contexts), SIZE):
            schemas = [build(context) for context in contexts[begin : begin + SIZE]]
            for message in loop.run_until_complete(mail.get_message(schemas, **_templates(case))):
                yield message.as_bytes(policy=message.policy.clone(linesep="\r\n"))

    return make


def endtoend(host: str, port: int) -> Callable[[Sequence[Context]], None]:
    """Each list over a connection of its own, which is how it does it."""
    mail, build = _mail(host, port), _builder("order_shipped")

    async def send(contexts: Sequence[Context]) -> None:
        for begin in range(0, len(contexts), SIZE):
            schemas = [build(context) for context in contexts[begin : begin + SIZE]]
            await mail.send_message(schemas, **_templates("order_shipped"))

    return lambda contexts: asyncio.run(send(contexts))


def _mail(host: str, port: int) -> FastMail:
    configuration: dict[str, Any] = {
        "MAIL_SERVER": host, "MAIL_PORT": port, "MAIL_FROM": SENDER[1], "MAIL_FROM_NAME": SENDER[0],
        "MAIL_USERNAME": "", "MAIL_PASSWORD": "", "USE_CREDENTIALS": False, "VALIDATE_CERTS": False,
        "MAIL_STARTTLS": False, "MAIL_SSL_TLS": False, "TEMPLATE_FOLDER": TEMPLATES,
    }  # fmt: skip
    return FastMail(ConnectionConfig(**configuration))


def _builder(case: str) -> Callable[[Context], MessageSchema]:
    subject = environments()[1].get_template(f"{case}.subject")
    return lambda context: MessageSchema(
        subject=subject.render(context.params),
        recipients=[NameEmail(name=context.name, email=context.email)],
        template_body=context.params,
        subtype=MessageType.html,
    )


def _templates(case: str) -> dict[str, str]:
    return {"html_template": f"{case}.html", "plain_template": f"{case}.txt"}
