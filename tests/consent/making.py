"""A project with categories of every kind, for the tests of consent, and a server of its pages."""

from __future__ import annotations

import http.client
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patience import PATIENCE
from preview.serving import served

from notify import Notifier
from notify.configuration import Configuration
from notify.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message
    from pathlib import Path

KEY = "a-key-of-tests-that-is-no-secret-at-all"
YAML = f"""\
sender: Acme <hello@acme.example>
unsubscribe: {{url: "https://acme.example/mail/", keys: {KEY}, mailto: leave@acme.example}}
categories:
  digest: {{unsubscribe: required, title: Weekly digest, description: What is new.}}
  tips: {{unsubscribe: required, consent: opt-in}}
  unused: {{}}
globals: {{brand: {{name: Acme & Co, url: "https://acme.example", color: "#0f766e", dark_color: "#5eead4"}}}}
environments: {{development: {{transport: memory}}}}
"""
NOTIFICATIONS = {
    "weekly": "category: digest",
    "tip": "category: tips",
    "shop.order_paid": "category: transactional",
    "sign_in": "category: security",
    "copied": "category: digest\ncc: boss@acme.example",
    "own": "category: digest\nheaders: {list-unsubscribe: '<https://own.example/x>'}",
}
TEXT = "text: '{{ unsubscribe_url }} {{ preferences_url }}'"


def notifier_of(folder: Path, yaml: str = YAML, **others: str) -> Notifier:
    """The project's notifier, written to a folder."""
    (folder / "notify.yaml").write_text(yaml, encoding="utf-8")
    for name, text in {**NOTIFICATIONS, **others}.items():
        path = folder / "notifications" / f"{name.replace('.', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        body = "" if "\ntext:" in text else f"{TEXT}\n"
        path.write_text(f"subject: Hi\n{body}{text}\n", encoding="utf-8")
    configuration = Configuration.load(folder)
    return Notifier(configuration=configuration, environment="development", plugins=Plugins(disabled=()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    port: int

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request, with exactly these headers; `content_type` is Content-Type."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def one_click(self, path: str) -> Answer:
        """What a mail program sends (RFC 8058, section 8.2)."""
        boundary = "---FormBoundaryjWmhtjORrn"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n'
            f"--{boundary}--\r\n"
        )
        return self.ask("POST", path, body.encode(), content_type=f"multipart/form-data; boundary={boundary}")

    def form(self, path: str, text: str) -> Answer:
        """What a browser sends."""
        return self.ask("POST", path, text.encode(), content_type="application/x-www-form-urlencoded")


@contextmanager
def serving(app: Any) -> Iterator[Site]:
    """The application on a real server."""
    with served(app) as port:
        yield Site(port)


def path_of(url: str) -> str:
    """A link's path, as another host would serve it."""
    return url.removeprefix("https://acme.example")
