"""The headers and links of messages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest
from consent.making import KEY, YAML, notifier_of

from notify.call import Call
from notify.consent import Scope, Tokens
from notify.errors import ConfigError
from notify.message.identity import Identity

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Message, Notifier

SAMPLE = "https://unsubscribe.example"


@pytest.fixture
def notifier(tmp_path: Path) -> Notifier:
    """The project's."""
    return notifier_of(tmp_path)


def listed(message: Message) -> dict[str, str]:
    """Its List- headers."""
    return {name.lower(): value for name, value in message.headers if name.lower().startswith("list-")}


@pytest.mark.parametrize(
    ("name", "scope"),
    [("weekly", Scope.category("digest")), ("shop.order_paid", Scope.notification("shop.order_paid"))],
)
def test_headers_and_links(notifier: Notifier, name: str, scope: Scope) -> None:
    """Both headers, and the links of the templates, whose tokens say who leaves what; bulk leaves its category."""
    message = notifier.render(name, to="Ada <Ada@Example.com>")
    headers = listed(message)
    found = re.fullmatch(
        r"<(https://acme\.example/mail/u/([\w-]+))>, <mailto:leave@acme\.example\?subject=([\w-]+)>",
        headers["list-unsubscribe"],
    )
    assert found is not None
    left, preferred = (message.text or "").split()
    tokens = Tokens.of([KEY])
    claims = [tokens.read(found[2], "unsubscribe"), tokens.read(preferred.rpartition("/")[2], "preferences")]

    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert (left, found[2]) == (found[1], found[3])
    assert preferred.startswith("https://acme.example/mail/p/")
    assert [("ada@example.com", scope)] * 2 == [(each.recipient, each.scope) for each in claims]


def test_on_the_wire(notifier: Notifier) -> None:
    """Any mail program reads them, also of the longest address."""
    longest = f"{'l' * 64}@{'.'.join(['d' * 60] * 2)}.{'d' * 59}.example"
    read = message_from_bytes(notifier.render("weekly", to=longest).as_bytes())
    token = re.match(r"<https://acme\.example/mail/u/([\w-]+)>", "".join(read["List-Unsubscribe"].split("\r\n")))

    assert token is not None
    assert Tokens.of([KEY]).read(token[1], "unsubscribe").recipient == longest
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("sign_in", {}),
        ("copied", {}),
        ("weekly", {"to": ["a@b.example", "c@b.example"]}),
        ("weekly", {"cc": "c@b.example"}),
        ("weekly", {"bcc": "c@b.example"}),
    ],
)
def test_none(notifier: Notifier, name: str, call: dict[str, Any]) -> None:
    """Not where mails have to arrive, nor where one recipient could unsubscribe another; the names are empty then."""
    message = notifier.render(name, **{"to": "a@b.example", **call})

    assert listed(message) == {}
    assert (message.text or "").strip() == ""


def test_one_recipient_who_is_a_copy_in_vain(notifier: Notifier) -> None:
    """A call that takes the definition's copy away has one recipient."""
    assert len(listed(notifier.render("copied", to="a@b.example", cc=[]))) == 2


def test_own_headers_are_left_alone(notifier: Notifier) -> None:
    """Of the definition or the call; only where both are ours do they fit together."""
    own = notifier.render("own", to="a@b.example")
    called = notifier.render("weekly", to="a@b.example", headers={"LIST-Unsubscribe": "<https://c.example>"})
    posted = notifier.render("weekly", to="a@b.example", headers={"List-Unsubscribe-Post": "mine"})

    assert listed(own) == {"list-unsubscribe": "<https://own.example/x>"}
    assert listed(called) == {"list-unsubscribe": "<https://c.example>"}
    assert listed(posted).keys() == {"list-unsubscribe", "list-unsubscribe-post"}
    assert listed(posted)["list-unsubscribe-post"] == "mine"


def test_the_links_of_a_dated_message(notifier: Notifier) -> None:
    """They count from its date, so that a mail that is rendered again days later is the same."""
    identity = Identity("<a@b.example>", datetime(2030, 1, 1, tzinfo=UTC), "b")
    call = Call.read("weekly", to="a@b.example")
    message = notifier._composer.compose(notifier.catalog["weekly"], call, identity)
    token = (message.text or "").split()[0].rpartition("/")[2]

    assert datetime.fromtimestamp(Tokens.of([KEY]).read(token, "unsubscribe").expires, UTC) == datetime(
        2030, 4, 2, tzinfo=UTC
    )


def test_samples_lead_nowhere(tmp_path: Path) -> None:
    """They need no key, and their links are always the same: for the made-up recipient, and where all are samples."""
    notifier = notifier_of(tmp_path, YAML.replace(f"keys: {KEY}, ", ""))
    headers = {
        "list-unsubscribe": f"<{SAMPLE}/u/sample>",
        "list-unsubscribe-post": "List-Unsubscribe=One-Click",
    }
    messages = [
        notifier.render("weekly", to="recipient@example.com"),
        notifier.for_samples().render("weekly", to="ada@b.example"),
        notifier.rendering_few().render("weekly", to="ada@b.example"),
    ]

    assert [headers] * 3 == [listed(each) for each in messages]
    assert messages[1].text == f"{SAMPLE}/u/sample {SAMPLE}/p/sample\n"
    with pytest.raises(ConfigError, match="no key to sign links with: set NOTIFY_UNSUBSCRIBE_KEYS"):
        notifier.render("weekly", to="ada@b.example")


def test_nothing_is_said(tmp_path: Path) -> None:
    """Without `unsubscribe` there are no links, the names are empty, and a notifier for samples is the same."""
    notifier = notifier_of(tmp_path, "sender: a@b.example\ncategories: {digest: {}, tips: {}}")
    message = notifier.render("weekly", to="ada@b.example")

    assert (listed(message), (message.text or "").strip()) == ({}, "")
    assert notifier.for_samples() is notifier


def test_rendered_often(notifier: Notifier) -> None:
    """Direct rendering gives each recipient his own link."""
    people = [f"p{number}@b.example" for number in range(6)]
    texts = [notifier.render("weekly", to=person).text or "" for person in people]
    tokens = Tokens.of([KEY])
    found = [tokens.read(text.split()[0].rpartition("/")[2], "unsubscribe").recipient for text in texts]

    assert people == found


@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_the_component(tmp_path: Path, suffix: str) -> None:
    """Links in HTML and text; one without preferences; nothing without a URL."""
    source = (
        f'{{% import "notify/components.{suffix}" as ui %}}[{{{{ ui.unsubscribe("https://a.example/u", '
        f'"https://a.example/p") }}}}][{{{{ ui.unsubscribe("https://a.example/u", text="Leave") }}}}]'
        f"[{{{{ ui.unsubscribe(unsubscribe_url, preferences_url) }}}}]"
    )
    part = "html" if suffix == "html" else "text"
    notifier = notifier_of(tmp_path, parts=f"category: security\n{part}: '{source}'")
    message = notifier.render("parts", to="a@b.example")
    shown = re.sub(r"\s+", " ", (message.html if suffix == "html" else message.text) or "")

    assert shown.count("https://a.example/u") == 2
    assert shown.count("https://a.example/p") == 1
    assert "Leave" in shown
    assert "[]" in shown.replace(" ", "")
