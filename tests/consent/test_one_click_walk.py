"""One click, as RFC 8058 has it: from the header of a signed mail, by a plain HTTP client, to no more mail."""

from __future__ import annotations

import email
import http.client
import re
from contextlib import contextmanager
from email import policy
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest
from consent.making import serving
from patience import PATIENCE
from servers.dkim_keys import RSA
from servers.dkim_verifiers import by_dkimpy, record
from servers.dns import DnsServer

from notify import Notifier, SuppressedError
from notify.consent.application import consent_app
from notify.secret import Secret
from notify.testing import Certificates, ScriptedServer
from notify_smtp.keys import read_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

YAML = """\
sender: Acme <hello@acme.example>
unsubscribe:
  url: https://acme.example/mail
  keys: a-key-of-tests-that-is-no-secret-at-all
  mailto: leave@acme.example
feedback: {}
categories: {digest: {unsubscribe: required}, security: {unsubscribe: never}}
environments: {development: {transport: relay}}
transports:
  relay: {type: smtp, host: 127.0.0.1, port: PORT, ca_file: ca.pem, username: apikey, password: SG.test-key,
    dkim_domain: acme.example, dkim_selector: s1, dkim_key_file: key.pem}
"""
DEFINITIONS = {
    "weekly": "category: digest\nsubject: This week\ntext: 'Read. {{ unsubscribe_url }}'\n",
    "monthly": "category: digest\nsubject: This month\ntext: 'Read. {{ unsubscribe_url }}'\n",
    "order": "category: transactional\nsubject: Your order\ntext: Thank you.\n",
    "code": "category: security\nsubject: Your code\ntext: '1'\n",
}


class Post(NamedTuple):
    """What a mail program sends (RFC 8058, section 3.2), and its body as either form of it."""

    body: bytes
    kind: str


FORM = Post(b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
MULTIPART = Post(
    b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
)


class Stage(NamedTuple):
    """A project, and the server that its mail goes to."""

    notifier: Notifier
    server: ScriptedServer

    def arrived(self) -> list[bytes]:
        """The mails that arrived."""
        return [message.data for message in self.server.messages]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A project whose mail is signed."""
    (tmp_path / "notifications").mkdir()
    for name, text in DEFINITIONS.items():
        (tmp_path / "notifications" / f"{name}.yaml").write_text(text)
    (tmp_path / "key.pem").write_text(RSA)
    with ScriptedServer({}, Certificates(tmp_path)) as server:
        (tmp_path / "notify.yaml").write_text(YAML.replace("PORT", str(server.port)))
        with Notifier.load(tmp_path) as notifier:
            yield Stage(notifier, server)


def header_of(mail: EmailMessage, name: str) -> str:
    """A header of which there is one, without folds."""
    (value,) = mail.get_all(name, [])
    return re.sub(r"\r\n(?=[ \t])", "", str(value))


def click(port: int, url: str, post: Post, **headers: str) -> tuple[int, http.client.HTTPMessage]:
    """Post to a link as a mail program does: no cookies, no redirects, and nothing but the link known of the server."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", urlsplit(url).path, post.body, {"Content-Type": post.kind, **headers})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    finally:
        connection.close()


@contextmanager
def pages(notifier: Notifier) -> Iterator[int]:
    """The pages of a project as operators serve them, with the store that it has by default; the port."""
    with serving(consent_app(notifier)) as site:
        yield site.port


@pytest.mark.parametrize("post", [FORM, MULTIPART], ids=["form", "multipart"])
def test_from_the_header_to_no_more_mail(stage: Stage, post: Post) -> None:
    """The headers are signed, the one address of https is posted to, and the next mail of the category is not sent."""
    notifier = stage.notifier
    notifier.send("weekly", to="Ada <Ada@example.com>")
    (octets,) = stage.arrived()
    mail = email.message_from_bytes(octets, policy=policy.default)
    signature = header_of(mail, "DKIM-Signature")
    signed = re.sub(r"\s", "", re.search(r"\bh=([^;]*)", signature)[1]).lower().split(":")  # type: ignore[index]
    (key,) = read_keys(Secret(RSA), ("s1",), "key")
    with DnsServer([record(key)]) as dns:
        ((verdict,),) = by_dkimpy(dns, octets)
    links = re.findall(r"<([^<>]+)>", header_of(mail, "List-Unsubscribe"))
    secure = [link for link in links if link.startswith("https:")]

    assert "pass" == verdict.result
    assert {"list-unsubscribe", "list-unsubscribe-post", "from"} <= set(signed)  # RFC 8058, section 4
    assert "List-Unsubscribe=One-Click" == header_of(mail, "List-Unsubscribe-Post")
    assert 1 == len(secure)

    with pages(notifier) as port:
        status, answer = click(port, secure[0], post)
        again, _ = click(port, secure[0], post)

    assert (200, 200) == (status, again)
    assert answer.get("location") is None
    assert answer.get("set-cookie") is None

    for name in ("weekly", "monthly"):
        receipt = notifier.send(name, to="ada@example.com")
        refused = receipt.rejected["ada@example.com"]

        assert () == receipt.accepted
        assert isinstance(refused, SuppressedError)
        assert "unsubscribed from category:digest" in refused.reason

    for name in ("order", "code"):
        notifier.send(name, to="ada@example.com")
    notifier.send("weekly", to="grace@example.com")

    assert 4 == len(stage.arrived())
    assert {("weekly", "suppressed"), ("monthly", "suppressed")} == {
        (entry.notification, str(entry.status)) for entry in notifier.log.find(status="suppressed")
    }
    assert all("unsubscribed" in entry.reason for entry in notifier.log.find(status="suppressed"))


def test_what_is_no_click(stage: Stage) -> None:
    """Looking, another body, a changed link and one of another mail's purpose change nothing: mail goes on."""
    notifier = stage.notifier
    notifier.send("weekly", to="ada@example.com")
    mail = email.message_from_bytes(stage.arrived()[0], policy=policy.default)
    link = re.findall(r"<(https:[^<>]+)>", header_of(mail, "List-Unsubscribe"))[0]
    middle = len(link) - 20
    changed = f"{link[:middle]}{'A' if link[middle] != 'A' else 'B'}{link[middle + 1 :]}"
    with pages(notifier) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", urlsplit(link).path)
        looked = connection.getresponse().status
        connection.close()
        statuses = [
            click(port, link, Post(b"List-Unsubscribe=Two-Clicks", FORM.kind))[0],
            click(port, link, Post(b"", FORM.kind))[0],
            click(port, changed, FORM)[0],
            click(port, link.replace("/u/", "/p/"), FORM)[0],
        ]
    notifier.send("weekly", to="ada@example.com")

    assert 200 == looked
    assert [400, 400, 400, 400] == statuses
    assert 2 == len(stage.arrived())
