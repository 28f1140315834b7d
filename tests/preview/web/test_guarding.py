"""Who may talk to the preview, and what every answer says about itself."""

from __future__ import annotations

import asyncio
import zlib
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, Any

import pytest
from preview.serving import Site, desk_of, query, served
from preview.shop import SECRET, shop

from notify.preview import LOOPBACK
from notify.preview.application import application
from notify.preview.web.guarding import PAGE_POLICY, TOKEN_HEADER, host_name, switched_off

if TYPE_CHECKING:
    from pathlib import Path

    from preview.serving import Preview
    from starlette.requests import Request

PAGES = [
    "/",
    "/checks",
    "/checks?severity=error",
    "/mailbox",
    "/transports",
    "/n/welcome/default",
    "/n/billing.receipt/german",
    "/n/hostile/default",
    "/n/plain/default",
    "/n/welcome/default/matrix",
    "/n/welcome/default/diff",
    "/n/welcome/default/diff?against=sample:other",
    *(f"/n/welcome/default?view={view}" for view in ("text", "source", "template", "headers", "mime", "inbox")),
    *(f"/n/welcome/default?panel={panel}" for panel in ("checks", "compat", "links", "size", "diff", "send")),
]
CHANGES = [
    ("POST", "/n/welcome/default/data"),
    ("POST", "/n/welcome/default/render"),
    ("POST", "/n/welcome/default/save"),
    ("POST", "/n/welcome/default/send"),
    ("POST", "/n/welcome/default/golden"),
    ("POST", "/transports/smtp/verify"),
    ("POST", "/mailbox/x/replay"),
    ("DELETE", "/mailbox"),
    ("DELETE", "/mailbox/x"),
    ("POST", "/nowhere"),
]


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "localhost.evil.example:{port}", "", ":{port}",
     "127.0.0.2:{port}", "0.0.0.0:{port}", "[::]:{port}", "::1", "localhost:{port}:80", "localhost@evil.example",
     "evil.example#localhost"],
)  # fmt: skip
def test_no_other_host(site: Site, host: str) -> None:
    """A name that somebody points to this machine is not answered to (DNS rebinding)."""
    answer = site.get("/api/", Host=host.format(port=site.port))

    assert 421 == answer.status
    assert "token" not in answer.text


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:{port}", "LOCALHOST:{port}", "127.0.0.1:{port}", "[::1]:{port}", "[::1]"]
)
def test_hosts_of_this_machine(site: Site, host: str) -> None:
    """Each name of this machine is answered to, with any port, in any case."""
    assert 200 == site.get("/", Host=host.format(port=site.port)).status


@pytest.mark.parametrize(
    ("host", "name"),
    [("a.example", "a.example"), ("A.Example:80", "a.example"), ("[::1]:80", "::1"), ("[::1]", "::1"), ("", "")],
)
def test_names_of_hosts(host: str, name: str) -> None:
    """A host is compared without its port, in lower case, an IPv6 address without brackets."""
    assert name == host_name(host)


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("api", ["", "/api"])
def test_no_change_without_the_token(site: Site, method: str, path: str, api: str) -> None:
    """Whatever changes something needs the token, whether there is such a thing or not."""
    wrong = [None, "", "x", site.token[:-1], "é", site.token + " x"]
    answers = [
        site.ask(method, api + path, {}, {TOKEN_HEADER: token and token.encode().decode("latin-1")}) for token in wrong
    ]

    assert [403] * len(wrong) == [answer.status for answer in answers]


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "", "http://127.0.0.1:{port}.e"],
)
def test_no_change_from_another_site(site: Site, method: str, path: str, origin: str) -> None:
    """Even who knows the token changes nothing from the page of another site."""
    headers = {TOKEN_HEADER: site.token, "Origin": origin.format(port=site.port)}

    assert 403 == site.ask(method, path, {}, headers).status


def test_changes_from_the_preview_itself(site: Site) -> None:
    """The preview's own pages, and programs that say no origin, may change things."""
    own = {TOKEN_HEADER: site.token, "Origin": f"http://127.0.0.1:{site.port}"}

    assert (
        200 == site.ask("POST", "/n/welcome/default/data", {"yaml": "{name: A, link: 'https://a.example'}"}, own).status
    )
    assert 200 == site.post("/n/welcome/default/data", {"yaml": "{name: A, link: 'https://a.example'}"}).status


@pytest.mark.parametrize("path", [*PAGES, "/n/welcome/default/render.html", "/static/preview.js", "/none", "/n/none/x"])
def test_what_every_answer_says(site: Site, path: str) -> None:
    """Nothing may be read by another site, framed by one, guessed a type of, or told where a reader comes from."""
    for prefix in ("", "/api"):
        answer = site.get(prefix + path, Origin="https://evil.example", Accept="text/html")

        assert [] == [name for name in answer.headers if name.lower().startswith("access-control-")]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
        assert "no-referrer" == answer.headers["Referrer-Policy"]
        assert "same-origin" == answer.headers["Cross-Origin-Resource-Policy"]
        assert "frame-ancestors" in answer.headers["Content-Security-Policy"]
        assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]


def test_no_preflight_passes(site: Site) -> None:
    """A browser that asks on behalf of another site is refused."""
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    answer = site.ask("OPTIONS", "/n/welcome/default/send", None, headers)

    assert 403 == answer.status


@pytest.mark.parametrize("path", PAGES)
def test_pages_run_scripts_of_their_own_only(site: Site, path: str) -> None:
    """A page is HTML with the policy, and hostile samples put neither scripts nor handlers into it."""
    answer = site.get(path)

    assert 200 == answer.status
    assert "text/html; charset=utf-8" == answer.headers["Content-Type"]
    assert PAGE_POLICY == answer.headers["Content-Security-Policy"]
    assert 1 == answer.text.count("<script")
    assert "onerror=alert" not in answer.text.replace("&lt;img src=x onerror=alert", "")
    assert SECRET not in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_twin(site: Site, path: str) -> None:
    """The same page is JSON for who accepts that, and below /api."""
    accepted, below = site.get(path, Accept="application/json"), site.get(f"/api{path}")
    browser = site.get(path, Accept="text/html,application/json;q=0.9")

    assert "application/json" == accepted.headers["Content-Type"] == below.headers["Content-Type"]
    assert isinstance(accepted.json, dict)
    assert accepted.json.keys() == below.json.keys()
    assert "text/html; charset=utf-8" == browser.headers["Content-Type"]
    assert SECRET not in below.text


@pytest.mark.parametrize(
    "path",
    ["/n/welcome/default/render.html", "/n/hostile/default/render.html", "/n/plain/default/render.html",
     "/n/hostile/default/render.html?remote=on&images=off&scheme=invert", "/n/hostile/default/render.html?measured"],
)  # fmt: skip
def test_frames_never_run_scripts(site: Site, path: str) -> None:
    """A mail's own document is in a sandbox that never allows scripts."""
    directives = site.get(path).headers["Content-Security-Policy"].split("; ")
    sandbox = [each for each in directives if each.startswith("sandbox")]

    assert 1 == len(sandbox)
    assert "allow-scripts" not in sandbox[0]
    assert ("allow-same-origin" in sandbox[0]) == path.endswith("measured")
    assert "script-src 'none'" in directives
    assert "form-action 'none'" in directives
    assert "frame-ancestors 'self'" in directives


def test_the_same_origin_is_for_frames_only(site: Site) -> None:
    """A document that is opened alone is of no origin, whatever its URL says."""
    alone = site.get("/n/welcome/default/render.html?measured", Sec_Fetch_Dest="document")
    framed = site.get("/n/welcome/default/render.html?measured", Sec_Fetch_Dest="iframe")

    assert "allow-same-origin" not in alone.headers["Content-Security-Policy"]
    assert "allow-same-origin" in framed.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/n/..%2F..%2Fnotify.yaml",
        "/n/../notify.yaml",
        "/n/..%2F..%2Fetc%2Fpasswd/default",
        "/n/welcome/..%2F..%2Fnotify.yaml",
        "/n/welcome/..",
        "/n/welcome%00/default",
        "/n/welcome/default%00",
        "/n/welcome/default/part/..%2F..%2Fnotify.yaml",
        "/n/welcome/default/part/-1",
        "/n/welcome/default/part/9.9.9",
        "/n/welcome/default/part/%00",
        "/static/../application.py",
        "/static/..%2Fapplication.py",
        "/static/%2e%2e/application.py",
        "/static//etc/passwd",
        "/static/%00",
        "/mailbox/..%2F..%2Fnotify.yaml",
        "/mailbox/..",
        "/mailbox/%00/render.eml",
        "/mailbox/.notify%2Fmail/render.eml",
    ],
)
def test_no_path_leads_out(site: Site, path: str) -> None:
    """What names no known thing is not found or refused, and shows nothing of a file."""
    answer = site.get(path)

    assert answer.status in {404, 422}
    assert SECRET not in answer.text
    assert "root:" not in answer.text
    assert "import annotations" not in answer.text


@pytest.mark.parametrize("against", ["git:--output=/tmp/x", "git:../../x", "git:HEAD:notify.yaml", "git:\0", "git:a b",
                                     "sample:../x", "sample:", "git:", "x", "golden:../../notify.yaml"])  # fmt: skip
def test_nothing_odd_to_compare_with(site: Site, against: str) -> None:
    """What cannot be compared with is said on the page, and no command or file gets another meaning."""
    answer = site.get("/api/n/welcome/default/diff" + query(against=against))

    assert 200 == answer.status
    assert answer.json["error"]
    assert SECRET not in answer.text


@pytest.mark.parametrize("locale", ["../../../../etc/passwd", "/x/../../y", "..", "de\0", "<script>", "x" * 3000])
def test_locales_name_no_file(shared: Preview, locale: str) -> None:
    """What is no locale is as if it were not there, also where it would become part of a file's name."""
    site = shared.site
    shown = site.get("/n/welcome/default/diff" + query(locale=locale)).text
    document = site.get("/api/n/welcome/default" + query(locale=locale)).json

    assert "golden/welcome/default.en.eml" in shown
    assert "en" == document["locale"]
    assert locale not in shown


def token(data: bytes) -> str:
    """A token of edited params that somebody made up."""
    return "z" + urlsafe_b64encode(zlib.compress(data, 9)).decode().strip("=")


@pytest.mark.parametrize(
    ("pairs", "status"),
    [
        ({"w": "9" * 5000}, 200),
        ({"w": "-1"}, 200),
        ({"w": "²"}, 200),
        ({"view": "../x", "panel": "x", "scheme": "x", "images": "x", "remote": "x"}, 200),
        ({"data": "zgarbage"}, 422),
        ({"data": "z" * 5000}, 422),
        ({"data": "h" + "0" * 32}, 422),
        ({"data": "é"}, 422),
        ({"data": token(b'{"a":"' + b" " * 1_000_000 + b'"}')}, 422),
        ({"data": token(b"[" * 200_000)}, 422),
        ({"data": token(b'{"a":NaN}')}, 422),
        ({"data": token(b"[1]")}, 422),
        ({"theme": "../../x"}, 200),
    ],
)
def test_odd_queries(site: Site, pairs: dict[str, str], status: int) -> None:
    """Whatever a URL says, the answer is a page."""
    answer = site.get("/n/welcome/default" + query(**pairs))

    assert status == answer.status
    assert "text/html; charset=utf-8" == answer.headers["Content-Type"]


def test_a_guard_decides(tmp_path: Path) -> None:
    """A guard, whether a coroutine or not, sees the request and says who may pass; then any host will do."""
    seen: list[str] = []

    def plain(request: Request) -> bool:
        seen.append(request.headers["x-user"])
        return request.headers["x-user"] == "staff"

    async def later(request: Request) -> bool:
        return plain(request)

    desk = desk_of(shop(tmp_path), local=False)
    statuses = []
    for guard in (plain, later):
        with served(application(desk, hosts=None, guard=guard)) as port:
            site = Site(port, token=desk.token)
            for user in ("staff", "visitor"):
                statuses += [
                    site.get("/", Host="notify.acme.example", X_User=user).status,
                    site.ask("DELETE", "/mailbox", None, {TOKEN_HEADER: desk.token, "X-User": user}).status,
                    site.ask("DELETE", "/mailbox", None, {"X-User": user}).status,
                ]
    desk.close()

    assert [200, 200, 403, 403, 403, 403] * 2 == statuses
    assert {"staff", "visitor"} == set(seen)


def test_switched_off() -> None:
    """Where it is off, every request gets the same 404."""
    with served(switched_off("production")) as port:
        site = Site(port)
        answers = [
            site.get("/"),
            site.get("/api/"),
            site.ask("POST", "/n/a/b/send", {}),
            site.get("/static/preview.js"),
        ]

    assert [404] * 4 == [answer.status for answer in answers]
    assert 1 == len({answer.body for answer in answers})
    assert "production" in answers[0].text


def test_sockets_lead_nowhere(tmp_path: Path) -> None:
    """What is no request finds no page: a socket is closed before it was open."""
    desk = desk_of(shop(tmp_path))
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/events", "headers": [(b"host", b"evil.example")], "subprotocols": []}
    asyncio.run(application(desk, hosts=LOOPBACK)(scope, receive, send))  # type: ignore[arg-type]
    desk.close()

    assert ["websocket.close"] == [message["type"] for message in sent]
