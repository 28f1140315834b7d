"""The pages over HTTP, as mail programs, browsers and scanners call them."""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from consent.making import KEY, Answer, Site, notifier_of, path_of, serving
from hypothesis import given
from hypothesis import strategies as st
from patience import PATIENCE

from notify.consent import ALL, Choice, MemoryPreferences, Scope, Tokens
from notify.consent.application import consent_app
from notify.consent.asgi import ConsentApp
from notify.consent.choosing import changed
from notify.consent.forms import fields
from notify.consent.offers import Offers
from notify.consent.pages import Pages
from notify.consent.texts import ENGLISH, Texts
from notify.errors import ConfigError, OutboxError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify import Notifier

TOKENS = Tokens.of([KEY])
ADA = "ada@example.com"
DIGEST = Scope.category("digest")


@dataclass(frozen=True, slots=True)
class Stage:
    """Served pages, and what they keep."""

    notifier: Notifier
    store: MemoryPreferences
    site: Site

    def links(self, name: str = "weekly", to: str = ADA) -> list[str]:
        """The paths of a mail's two links."""
        return [path_of(url) for url in (self.notifier.render(name, to=to).text or "").split()]

    def said(self, to: str = ADA) -> list[tuple[str, bool]]:
        """What somebody chose, in order."""
        return [(str(each.scope), each.wanted) for each in self.store.of(to)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Notifier:
    """The project's notifier."""
    return notifier_of(tmp_path_factory.mktemp("consent"))


@pytest.fixture
def stage(project: Notifier) -> Iterator[Stage]:
    """The project's pages on a real server, with an empty store."""
    store = MemoryPreferences()
    with serving(consent_app(project, store)) as site:
        yield Stage(project, store, site)


def title(answer: Answer) -> str:
    """What a page calls itself in large."""
    found = re.search(r"<h1>(.*?)</h1>", answer.text)

    assert found is not None, answer.text
    return found[1]


def boxes(answer: Answer) -> dict[str, bool]:
    """The boxes of the preference page, and whether they are checked."""
    found = re.findall(r'type="checkbox" name="wanted" value="([^"]+)"( checked)?', answer.text)
    return {name: bool(checked) for name, checked in found}


def test_one_click(stage: Stage) -> None:
    """RFC 8058: the header's URI is posted with the header's pair, as multipart or not, without cookies."""
    message = stage.notifier.render("weekly", to="Ada@Example.com")
    headers = dict(message.headers)
    (uri,) = re.findall(r"<(https:[^>]+)>", headers["List-Unsubscribe"])
    first = stage.site.one_click(path_of(uri))
    second = stage.site.form(path_of(uri), headers["List-Unsubscribe-Post"])
    category = stage.notifier.configuration.category("digest")

    assert (200, 200) == (first.status, second.status)
    assert first.headers["set-cookie"] is None
    assert "&#34;" not in first.text
    assert title(first) == "You are unsubscribed"
    assert stage.said() == [("category:digest", False)]
    assert not stage.store.allows(ADA, category, "weekly")


def test_get_changes_nothing(stage: Stage) -> None:
    """Scanners follow links, and look at heads; the page asks, and its button is the one-click."""
    leave, preferences = stage.links()
    got = [stage.site.ask(method, path) for path in (leave, preferences) for method in ("GET", "HEAD")]

    assert [200] * 4 == [each.status for each in got]
    assert ["", ""] == [got[1].text, got[3].text]
    assert got[0].headers["content-length"] == got[1].headers["content-length"]
    assert "Weekly digest" in got[0].text
    assert '<input type="hidden" name="List-Unsubscribe" value="One-Click">' in got[0].text
    assert stage.said() == []


def test_the_headers_of_every_page(stage: Stage) -> None:
    """Nothing is loaded, kept, indexed or passed on, and no cookie is set."""
    leave, preferences = stage.links()
    for answer in (
        stage.site.ask("GET", leave),
        stage.site.ask("GET", preferences),
        stage.site.one_click(leave),
        stage.site.ask("GET", "/nothing"),
    ):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy
        assert [None, "no-store", "no-referrer", "nosniff"] == [
            answer.headers[name]
            for name in ("set-cookie", "cache-control", "referrer-policy", "x-content-type-options")
        ]
        assert "noindex" in answer.headers["x-robots-tag"]
        assert not re.search(r"<script|<img|src=|@import|url\(", answer.text)


def test_the_same_answer_for_the_unknown(stage: Stage) -> None:
    """Nobody learns whether an address is known, or has unsubscribed before."""
    stage.store.unsubscribe(ADA, DIGEST)
    answers = []
    for person in (ADA, "bob@example.com"):
        path = stage.links(to=person)[0]
        for answer in (stage.site.ask("GET", path), stage.site.one_click(path)):
            body = answer.text.replace(person, "PERSON")
            answers.append((answer.status, re.sub(r"/p/[\w-]+", "/p/", body)))

    assert answers[:2] == answers[2:]


@pytest.mark.parametrize("form", ["", "List-Unsubscribe=1", "list-unsubscribe=One-Click", "a=b", "%ff=%ff", "x" * 2000])
def test_a_post_without_the_pair_changes_nothing(stage: Stage, form: str) -> None:
    """It is 400 (RFC 8058, section 3.2)."""
    answer = stage.site.form(stage.links()[0], form)

    assert (answer.status, title(answer), stage.said()) == (400, "That did not work", [])


def test_links_that_are_not_believed(stage: Stage) -> None:
    """Forged, expired, of another page: 400, the same page, and nothing is changed, whatever the method."""
    leave, preferences = stage.links()
    token, other = leave.rpartition("/")[2], preferences.rpartition("/")[2]
    old = TOKENS.issue("unsubscribe", ADA, DIGEST, now=0)
    forged = Tokens.of(["f" * 32]).issue("unsubscribe", ADA, DIGEST)
    answers = [
        call(path)
        for wrong in (old, forged, other, token[:-1], token + "A", "sample", "x" * 3000)
        for path in [f"/mail/u/{wrong}"]
        for call in (lambda path: stage.site.ask("GET", path), stage.site.one_click)
    ]

    assert {(400, "This link does not work")} == {(each.status, title(each)) for each in answers}
    assert len({each.text for each in answers}) == 1
    assert stage.said() == []


def test_other_calls(stage: Stage) -> None:
    """Paths, methods, content types and sizes that there are not."""
    leave = stage.links()[0]
    site = stage.site
    put = site.ask("PUT", leave, b"List-Unsubscribe=One-Click")

    assert (put.status, put.headers["allow"]) == (405, "GET, HEAD, POST")
    assert [404] * 4 == [site.ask("GET", path).status for path in ("/", "/u/", leave + "/more", "/x" + leave[6:7])]
    assert site.ask("POST", leave, b"{}", content_type="application/json").status == 415
    assert site.form(leave, "x" * 70_000).status == 413
    assert site.ask("POST", leave, content_length="9" * 30).status in {400, 413}
    assert site.ask("POST", leave, content_type="multipart/form-data").status == 400
    assert stage.said() == []


def test_a_body_in_pieces_that_is_too_large(stage: Stage) -> None:
    """Its length need not be said to be noticed."""
    pieces: Any = iter([b"2710\r\n" + b"x" * 10_000 + b"\r\n"] * 10 + [b"0\r\n\r\n"])
    status = 413
    with suppress(BrokenPipeError, ConnectionResetError):
        status = stage.site.ask("POST", stage.links()[0], pieces, transfer_encoding="chunked").status

    assert (status, stage.said()) == (413, [])


def test_a_mail_that_may_be_left_alone(stage: Stage) -> None:
    """Of a category that allows to leave, the notification is left; the page calls it by name."""
    leave, preferences = stage.links("shop.order_paid")
    answer = stage.site.one_click(leave)
    shown = stage.site.ask("GET", preferences)

    assert "“Shop order paid” is not sent to ada@example.com any more." in answer.text
    assert stage.said() == [("notification:shop.order_paid", False)]
    assert boxes(shown) == {
        "category:transactional": True,
        "category:digest": True,
        "category:tips": False,
        "notification:shop.order_paid": False,
    }


def test_the_preference_page(stage: Stage) -> None:
    """Each category that has notifications, as it is; what has to arrive is fixed; the brand is escaped."""
    answer = stage.site.ask("GET", stage.links()[1])

    assert boxes(answer) == {"category:transactional": True, "category:digest": True, "category:tips": False}
    fixed = '<div class="fixed"><span><strong><bdi>Security</bdi></strong><span class="small">Always sent'
    assert fixed in answer.text
    assert "Acme &amp; Co" in answer.text
    assert "What is new." in answer.text
    assert "unused" not in answer.text.lower()


def test_choices_are_saved(stage: Stage) -> None:
    """What was changed is kept, by the name of the page; sent again, it changes nothing; forged names are nothing."""
    path = stage.links()[1]
    form = (
        "action=save&on=category:transactional&on=category:digest&off=category:tips&off=category:security&off=all"
        "&off=category:nothing&on=x&wanted=category:transactional&wanted=category:tips&wanted=all"
    )
    first = stage.site.form(path, form)
    before = stage.store.of(ADA)
    second = stage.site.form(path, form)

    assert boxes(first) == boxes(second)
    assert boxes(first) == {"category:transactional": True, "category:digest": False, "category:tips": True}
    assert "Your preferences are saved." in first.text
    assert stage.said() == [("category:digest", False), ("category:tips", True)]
    assert before == stage.store.of(ADA)
    assert {each.source for each in before} == {"the preference page"}


def test_leaving_all_and_coming_back(stage: Stage) -> None:
    """All boxes are empty then; one that is checked later counts."""
    path = stage.links()[1]
    left = stage.site.form(path, "action=leave&on=category:digest&wanted=category:digest")
    back = stage.site.form(path, "action=save&off=category:digest&off=category:tips&wanted=category:digest")

    assert not any(boxes(left).values())
    assert boxes(back) == {"category:transactional": False, "category:digest": True, "category:tips": False}
    assert stage.said() == [("all", False), ("category:digest", True)]
    assert stage.site.form(path, "action=other").status == 400
    assert stage.site.form(path, "").status == 400


def test_an_old_page_says_only_what_was_changed_on_it(stage: Stage) -> None:
    """Whoever unsubscribes while the page is open is not subscribed again by its other boxes."""
    leave, path = stage.links()
    stage.site.one_click(leave)
    form = "action=save&on=category:digest&off=category:tips&wanted=category:digest&wanted=category:tips"
    answer = stage.site.form(path, form)

    assert boxes(answer)["category:digest"] is False
    assert boxes(answer)["category:tips"] is True


def test_a_category_and_its_notification(project: Notifier) -> None:
    """What stays checked below a category that is left was said to stay."""
    offers = Offers.of(project.configuration, project.catalog)
    form = {
        "on": ["notification:shop.order_paid", "category:transactional"],
        "wanted": ["notification:shop.order_paid"],
        "action": ["save"],
    }

    assert list(changed(form, offers)) == [
        (Scope.category("transactional"), False),
        (Scope.notification("shop.order_paid"), True),
    ]


class Broken(MemoryPreferences):
    """A store whose database is gone."""

    def of(self, recipient: Any) -> tuple[Choice, ...]:
        """Fail."""
        raise OutboxError(f"the database is gone, looking for {recipient}")

    def unsubscribe(self, recipient: Any, scope: Scope, *, source: str = "") -> None:
        """Fail."""
        raise RuntimeError(f"{recipient} {scope} {source}")


def test_a_store_that_fails(project: Notifier, caplog: pytest.LogCaptureFixture) -> None:
    """Mail programs are to come again; neither the page nor the log shows the address."""
    leave, preferences = Stage(project, MemoryPreferences(), Site(0)).links()
    with serving(consent_app(project, Broken())) as site:
        answers = [site.one_click(leave), site.ask("GET", preferences)]

    assert [(503, "60")] * 2 == [(each.status, each.headers["retry-after"]) for each in answers]
    assert title(answers[0]) == "That did not work just now"
    assert ADA not in caplog.text + answers[0].text + answers[1].text


@pytest.mark.parametrize("timeout", [30.0, 0.05])
def test_a_body_that_never_ends(project: Notifier, timeout: float, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever goes away in the middle, or lets wait, has changed nothing."""
    caplog.set_level("INFO", "notify.consent")
    store = MemoryPreferences()
    offers, pages = Offers.of(project.configuration, project.catalog), Pages()
    path = f"/u/{TOKENS.issue('unsubscribe', ADA, DIGEST)}"
    with serving(ConsentApp(TOKENS, store, offers, pages, timeout=timeout)) as site:
        with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as caller:
            caller.sendall(f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 26\r\n\r\nList-Unsubscribe=".encode())
            answer = caller.recv(12) if timeout < 1 else b""
        status = site.ask("GET", path).status

    assert answer == (b"HTTP/1.1 408" if timeout < 1 else b"")
    assert (status, store.of(ADA)) == (200, ())


def test_a_server_that_tells_of_its_life(project: Notifier) -> None:
    """The application alone on a server is told when it begins and ends; a websocket is closed."""
    said: list[str] = []
    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(told)

    async def send(message: Any) -> None:
        said.append(message["type"])

    async def live() -> None:
        app = consent_app(project, MemoryPreferences())
        await app({"type": "lifespan"}, receive, send)
        await app({"type": "websocket"}, receive, send)

    asyncio.run(live())

    assert said == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


def test_logs_say_why_without_whom(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """The reason of a refusal is for the log only."""
    caplog.set_level("INFO", "notify.consent")
    leave = stage.links()[0]
    stage.site.one_click(leave)
    stage.site.ask("GET", "/u/" + TOKENS.issue("unsubscribe", ADA, ALL, now=0))

    assert [
        "somebody unsubscribed from category:digest",
        "a link to unsubscribe is not believed: it has expired",
    ] == [record.message for record in caplog.records if record.name == "notify.consent"]


def test_the_link_to_the_preferences_ends_with_the_link_that_led_there(stage: Stage) -> None:
    """An old mail does not become a new one."""
    tokens = Tokens.of([KEY], 1)
    leave = tokens.issue("unsubscribe", ADA, DIGEST)
    answer = stage.site.ask("GET", f"/u/{leave}")
    found = re.search(r'href="\.\./p/([\w-]+)"', answer.text)

    assert found is not None
    assert TOKENS.read(found[1], "preferences").expires == TOKENS.read(leave, "unsubscribe").expires


@pytest.mark.parametrize("text", ["{", "{adress}", "{0}"])
def test_words_that_cannot_be_filled(text: str) -> None:
    """They are found at the start, not by whoever unsubscribes."""
    with pytest.raises(ValueError, match="texts of fr: unsubscribe_ask: expected no braces but"):
        Texts({"fr": {"unsubscribe_ask": text}})


def test_languages(project: Notifier) -> None:
    """The browser's language, if there are words of it; what they lack is in English."""
    texts = {"fr": {"unsubscribe_title": "Se désabonner"}, "ar": {}}
    with serving(consent_app(project, MemoryPreferences(), texts=texts)) as site:
        path = Stage(project, MemoryPreferences(), site).links()[0]
        french = site.ask("GET", path, accept_language="de, fr-CA;q=0.8, en;q=0.2")
        arabic = site.ask("GET", path, accept_language="ar")
        other = site.ask("GET", path, accept_language="pl;q=x, *, en;q=0")

    assert ("Se désabonner", "fr") == (title(french), french.headers["content-language"])
    assert "Mails that have to reach you" in french.text
    assert '<html lang="ar" dir="rtl">' in arabic.text
    assert title(other) == "Unsubscribe"
    with pytest.raises(ConfigError, match="texts of fr: there is no 'titel'"):
        consent_app(project, MemoryPreferences(), texts={"fr": {"titel": "x"}})


@given(st.text(max_size=60))
def test_any_language_is_answered(accepted: str) -> None:
    """What is not understood is passed over."""
    assert Texts().best(accepted)[1] == ENGLISH


@given(st.sampled_from(["", "multipart/form-data; boundary=x", "text/plain", "multipart/form-data"]), st.binary())
def test_any_body_is_read(content_type: str, body: bytes) -> None:
    """Or is none; nothing is raised."""
    found = fields(content_type, body)

    assert (found is None) == (content_type == "text/plain")


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"--{n:x}\nContent-Type:multipart/a;boundary={n + 1:x}\n\n" for n in range(1300)),
        "--0\nContent-Disposition: form-data; name*\n\nOne-Click\n--0--\n",
        "--0\nContent-Disposition: form-data; name*=\0''\0\n\nOne-Click\n--0--\n",
        f"--0\nContent-Disposition: form-data{';' * 60_000}\n\nOne-Click\n--0--\n",
        '--0\nContent-Disposition: form-data; name="List-Unsubscribe"\n\nOne-Click\n',
        '--0\n\nContent-Disposition: form-data; name="List-Unsubscribe"\n\nOne-Click\n--0--\n',
        '--0--\n--0\nContent-Disposition: form-data; name="List-Unsubscribe"\n\nOne-Click\n--0--\n',
    ],
    ids=["parts in parts", "no value", "no charset", "semicolons", "not whole", "no head", "behind the end"],
)
def test_parts_that_are_broken(stage: Stage, body: str) -> None:
    """They are answered as any other, and change nothing."""
    answer = stage.site.ask("POST", stage.links()[0], body.encode(), content_type="multipart/form-data; boundary=0")

    assert (answer.status, title(answer), stage.said()) == (400, "That did not work", [])


def test_pages_of_ones_own(tmp_path: Path) -> None:
    """A template of the application stands in for one that ships; a colour that is none is not taken."""
    notifier = notifier_of(tmp_path)
    own = tmp_path / "templates" / "notify" / "pages" / "unsubscribed.html"
    own.parent.mkdir(parents=True)
    own.write_text("<h1>{{ text.unsubscribed_title }}, {{ brand.name }}</h1>", encoding="utf-8")
    notifier = notifier_of(tmp_path, (tmp_path / "notify.yaml").read_text().replace('"#0f766e"', '"red}</style>"'))
    with serving(consent_app(notifier, MemoryPreferences())) as site:
        stage = Stage(notifier, MemoryPreferences(), site)
        answer, asked = site.one_click(stage.links()[0]), site.ask("GET", stage.links()[0])

    assert title(answer) == "You are unsubscribed, Acme &amp; Co"
    assert "--color: #1d4ed8;" in asked.text


def test_what_is_missing(tmp_path: Path) -> None:
    """The application says what to do."""
    plain = notifier_of(tmp_path, "sender: a@b.example\ncategories: {digest: {}, tips: {}}")
    with pytest.raises(ConfigError, match="nothing says where people unsubscribe"):
        consent_app(plain, MemoryPreferences())


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'),
        (
            'Multipart/Form-Data; charset=utf-8; boundary="x y"',
            b"--x y\nCONTENT-DISPOSITION:form-data;name=a\n\nb\n--x y--",
        ),
        (
            "multipart/form-data;boundary=x",
            b"before\r\n--x \r\nA: b\r\nContent-Disposition: form-data; name=a; filename=c\r\n\r\nb\r\n--x--\r\nbehind",
        ),
    ],
    ids=["as browsers do", "as few do", "with more"],
)
def test_parts_are_read(content_type: str, body: bytes) -> None:
    """In any way that RFC 7578 lets them be written."""
    assert fields(content_type, body) == {"a": ["b"]}


def test_parts_of_the_same_name() -> None:
    """All are there, in order, with their line breaks; what is not UTF-8 is shown as such."""
    part = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n"
    body = part + b"1\r\n\r\n2\r\n" + part + b"\r\n" + part + b"\xff\r\n--x--"

    assert fields("multipart/form-data; boundary=x", body) == {"a": ["1\r\n\r\n2", "", "\ufffd"]}
