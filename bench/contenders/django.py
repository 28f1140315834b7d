"""Django's mail, with its Jinja2 backend."""

from __future__ import annotations

from email.policy import SMTP
from email.utils import formataddr
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import get_template

from bench.workload import FROM, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.workload import Context


def render(case: str) -> Callable[[Sequence[Context]], Iterator[bytes]]:
    """`EmailMultiAlternatives`, written as Django's SMTP backend writes it."""
    build = _builder(case)

    def make(context: Context) -> bytes:
        if django.VERSION < (6,):
            octets: bytes = build(context).message().as_bytes(linesep="\r\n")
        else:
            octets = build(context).message(policy=SMTP).as_bytes()
        return octets

    return lambda contexts: map(make, contexts)


def endtoend(host: str, port: int) -> Callable[[Sequence[Context]], None]:
    """All messages in one call, which uses one connection."""
    build = _builder("order_shipped", EMAIL_HOST=host, EMAIL_PORT=port)

    def send(contexts: Sequence[Context]) -> None:
        messages = [build(context) for context in contexts]
        if get_connection().send_messages(messages) != len(contexts):
            raise RuntimeError("not all were sent")

    return send


def _builder(case: str, **mail: Any) -> Callable[[Context], EmailMultiAlternatives]:
    options = {"trim_blocks": True, "lstrip_blocks": True, "auto_reload": False}
    backend = {"BACKEND": "django.template.backends.jinja2.Jinja2", "DIRS": [str(TEMPLATES)]}
    engines = [
        {**backend, "NAME": name, "OPTIONS": {**options, "autoescape": escapes}}
        for name, escapes in (("html", True), ("text", False))
    ]
    settings.configure(USE_TZ=True, INSTALLED_APPS=[], TEMPLATES=engines, **mail)
    django.setup()
    html = get_template(f"{case}.html", using="html")
    text, subject = (get_template(f"{case}.{part}", using="text") for part in ("txt", "subject"))

    def build(context: Context) -> EmailMultiAlternatives:
        to = [formataddr(context.to)]
        params = context.params
        message = EmailMultiAlternatives(subject.render(params), text.render(params), FROM, to)
        message.attach_alternative(html.render(params), "text/html")
        return message

    return build
