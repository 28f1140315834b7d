"""The preview inside another application: below a prefix, guarded, switched off, and behind WSGI."""

from __future__ import annotations

import re
import sys
import threading
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from a2wsgi import ASGIMiddleware
from preview.serving import Site, query, served
from preview.shop import FILES, shop
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

import notify.preview
from notify import Catalog, Notifier
from notify.configuration import Configuration
from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp

PREFIX = "/intern/_notify"


@pytest.fixture
def notifier(tmp_path: Path) -> Iterator[Notifier]:
    """The notifier of an application."""
    with Notifier(configuration=Configuration.load(shop(tmp_path))) as notifier:
        yield notifier


def mounted(app: ASGIApp) -> Starlette:
    """An application with the preview below a prefix."""
    home = Route("/", lambda _: PlainTextResponse("home"))
    return Starlette(routes=[Mount("/intern", Starlette(routes=[Mount("/_notify", app)])), home])


def crawl(site: Site) -> dict[str, int]:
    """The status of everything that pages link to, from the first on; only what is below the prefix is followed."""
    found: dict[str, int] = {}
    wanted = [f"{site.prefix}/"]
    while wanted and len(found) < 150:
        path = wanted.pop()
        if path in found or not path.startswith(site.prefix):
            found.setdefault(path, 0)
            continue
        answer = Site(site.port).get(path)
        found[path] = answer.status
        if answer.headers.get_content_type() == "text/html" and "render.html" not in path:
            links = re.findall(r'(?:href|src|data-src|data-url|<option value)="([^"]*)"', answer.text)
            wanted += [unescape(link).partition("#")[0] for link in links if link.startswith(("/", "."))]
    return found


def test_every_link_carries_the_prefix(notifier: Notifier) -> None:
    """Nothing that a page links to lies outside of the prefix, and everything is there."""
    with served(mounted(notify.preview.app(notifier))) as port:
        site = Site(port, PREFIX)
        found = crawl(site)
        redirect = site.get("/n/welcome").headers["Location"]
        api = site.get("/api/n/welcome").headers["Location"]
        token = site.api("/")["token"]
        changed = Site(port, PREFIX, token).post("/n/welcome/default/data", {"yaml": "{name: E, link: 'https://e.e'}"})
        root = site.get("/").text
        home = Site(port).get("/").text

    outside = [path for path in found if not path.startswith(PREFIX)]
    # What only takes posts answers 405, a picture needs Chromium, and plain text has no document for a frame.
    wrong = {path for path, status in found.items() if status >= 400 and status != 405 and "render.png" not in path}
    assert len(found) >= 100
    assert [] == outside
    assert [] == [path for path in wrong if "/n/plain/default/render.html" not in path]
    assert (f"{PREFIX}/n/welcome/default", f"{PREFIX}/api/n/welcome/default") == (redirect, api)
    assert 200 == changed.status
    assert f'<meta name="notify-root" content="{PREFIX}">' in root
    assert "home" == home


def test_it_follows_the_files(notifier: Notifier, tmp_path: Path) -> None:
    """In development a mounted preview shows definitions as their files are now, to this machine only."""
    with served(mounted(notify.preview.app(notifier))) as port:
        site = Site(port, PREFIX)
        (tmp_path / "notifications/fresh.yaml").write_text("subject: Fresh\ntext: |\n  x\n")
        fresh = site.get("/n/fresh/-")
        foreign = site.get("/", Host="acme.example")

    assert 200 == fresh.status
    assert 421 == foreign.status


def test_definitions_of_the_application_s_own(tmp_path: Path) -> None:
    """A catalog that was not read from the configuration's folders is shown as it is."""
    shop(tmp_path)
    catalog = Catalog([Notifier(configuration=Configuration.load(tmp_path)).catalog["plain"]])
    notifier = Notifier(configuration=Configuration.load(tmp_path), catalog=catalog)
    with served(notify.preview.app(notifier)) as port:
        listed = Site(port).api("/")["notifications"]

    assert ["plain"] == [each["id"] for each in listed]


def test_without_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An application without files of its own has an empty preview."""
    monkeypatch.chdir(tmp_path)
    notifier = Notifier(catalog=Catalog())

    assert not notify.preview.follows_files(notifier)
    with served(notify.preview.app(notifier)) as port:
        assert [] == Site(port).api("/")["notifications"]


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_off_in_production(tmp_path: Path, environment: str) -> None:
    """Without a guard every request gets 404 in any environment that is not for development."""
    folder = shop(
        tmp_path, **{"notify.yaml": FILES["notify.yaml"].replace("  test:", "  staging: {transport: file}\n  test:")}
    )
    notifier = Notifier(configuration=Configuration.load(folder), environment=environment)
    with served(mounted(notify.preview.app(notifier))) as port:
        site = Site(port, PREFIX)
        answers = [site.get(path) for path in ("/", "/api/", "/events", "/n/welcome/default", "/static/preview.js")]

    assert [404] * 5 == [answer.status for answer in answers]
    assert f"The preview is off in the environment {environment}" in answers[0].text


def test_guarded_in_production(tmp_path: Path) -> None:
    """With a guard it answers wherever that lets it, under any host name, and writes no files."""

    async def guard(request: Request) -> bool:
        return request.cookies.get("session") == "staff"

    notifier = Notifier(configuration=Configuration.load(shop(tmp_path)), environment="production")
    with served(mounted(notify.preview.app(notifier, guard=guard))) as port:
        site = Site(port, PREFIX)
        out = site.get("/", Host="acme.example")
        into = site.get("/", Host="acme.example", Cookie="session=staff")
        token = site.get("/api/", Cookie="session=staff").json["token"]
        headers: dict[str, str | None] = {"X-Notify-Token": token, "Cookie": "session=staff"}
        save = site.ask("POST", "/n/welcome/default/save", {"name": "x"}, headers)
        git = site.get("/api/n/welcome/default/diff?against=git:HEAD", Cookie="session=staff").json
        send = site.ask("POST", "/n/welcome/default/send", {"to": "eve@evil.example"}, headers)
        (tmp_path / "notifications/fresh.yaml").write_text("subject: Fresh\ntext: |\n  x\n")
        fresh = site.get("/n/fresh/-", Cookie="session=staff")

    assert (403, 200) == (out.status, into.status)
    assert 422 == save.status
    assert "compare with golden" in git["error"]
    assert (422, True) == (send.status, "may not get test mails" in send.json["error"])
    assert 404 == fresh.status


def test_behind_wsgi(notifier: Notifier) -> None:
    """Through a2wsgi a WSGI server serves it below a prefix, without a stream of events."""
    app: Any = ASGIMiddleware(notify.preview.app(notifier, live=False))  # type: ignore[arg-type]

    def below(environ: Any, start_response: Any) -> Any:
        if not environ["PATH_INFO"].startswith("/_notify/"):
            start_response("404 Not Found", [])
            return [b""]
        inside = {**environ, "SCRIPT_NAME": "/_notify", "PATH_INFO": environ["PATH_INFO"].removeprefix("/_notify")}
        return app(inside, start_response)

    with wsgi(below) as port:
        site = Site(port, "/_notify")
        page, frame = site.get("/n/welcome/default"), site.get("/n/welcome/default/render.html")
        token = site.api("/")["token"]
        data = Site(port, "/_notify", token).post("/n/welcome/default/data", {"yaml": "{name: E, link: 'https://e.e'}"})
        refused = site.post("/n/welcome/default/data", {"yaml": "a: 1"})
        shown = site.get("/n/welcome/default" + query(data=data.json["token"]))
        events, script = site.get("/events"), site.get("/static/preview.js")

    assert (200, 200, 200, 403) == (page.status, frame.status, data.status, refused.status)
    assert "Welcome to Shop, E" in shown.text
    assert {"/_notify"} == {link[:8] for link in re.findall(r'(?:href|src)="(/[^"]*)"', page.text)}
    assert (404, 200) == (events.status, script.status)


class Quiet(WSGIRequestHandler):
    """A handler that logs nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def wsgi(app: Any) -> Iterator[int]:
    """Serve a WSGI application by the standard library; its port."""
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_without_the_extra(notifier: Notifier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a library is missing, the error says what to install."""
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(ConfigError, match=r"watchfiles is missing\): pip install 'notify-framework\[preview\]'"):
        notify.preview.app(notifier)
