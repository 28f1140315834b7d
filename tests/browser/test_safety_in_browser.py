"""A mail in a browser can do nothing but be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.conftest import Window

HOSTILE = """<!DOCTYPE html><html><head>
<meta http-equiv="refresh" content="0;url=https://evil.example/">
<base href="https://evil.example/">
<script>document.title = "owned"; parent.owned = 1; top.location = "https://evil.example/"</script>
<link rel="stylesheet" href="https://evil.example/style.css">
<style>@import "https://evil.example/more.css"; body { background: url(https://evil.example/pixel.png) }</style>
</head><body onload="parent.postMessage('owned', '*')">
<h1>Hello</h1>
<img src="https://evil.example/track.png" onerror="parent.owned = 2" alt="tracked">
<img src=x onerror="top.owned = 3">
<iframe src="https://evil.example/frame"></iframe>
<object data="https://evil.example/object"></object>
<form action="/n/welcome/default/send" method="post"><input name="to" autofocus><button id="go">Go</button></form>
<a id="top" href="/" target="_top">to the top</a>
<a id="script" href="javascript:parent.owned=4">run</a>
<svg onload="parent.owned = 5"><script>parent.owned = 6</script></svg>
</body></html>"""


@pytest.fixture
def hostile(window: Window) -> Iterator[Window]:
    """The workbench with a notification whose HTML does all it can."""
    folder = window.preview.folder
    window.refuses = True
    (folder / "templates" / "hostile.html").write_text(HOSTILE, encoding="utf-8")
    text = "subject: Hello\nparams: {}\nsamples: {default: {}}\n"
    (folder / "notifications" / "hostile.yaml").write_text(text, encoding="utf-8")
    window.open("/n/hostile/default")
    window.shows("Hello")
    yield window
    (folder / "notifications" / "hostile.yaml").unlink()


def test_nothing_runs_and_nothing_is_asked_for(hostile: Window) -> None:
    """No script, no redirect, no request to anybody, no word to the page around it."""
    page = hostile.page
    page.evaluate("window.heard = []; addEventListener('message', event => heard.push(event.data))")
    page.reload()
    page.wait_for_selector("iframe[data-fitted]")
    page.wait_for_timeout(500)

    assert page.url.endswith("/n/hostile/default")
    assert page.evaluate("window.owned === undefined")
    assert page.evaluate("document.title.includes('hostile')")
    assert any("/n/hostile/default/render.html" in frame.url for frame in page.frames)
    assert [] == [url for url in hostile.requests if "evil" in url]


def test_remote_images_are_loaded_when_asked_for_only(hostile: Window) -> None:
    """Then the picture is asked for, and still no script or style sheet runs."""
    page = hostile.page
    page.context.route("https://evil.example/**", lambda route: route.abort())
    page.click("#remote")
    hostile.until("document.querySelector('[data-frame]').dataset.src.includes('remote=on')")
    page.wait_for_timeout(300)
    asked = [url for url in hostile.requests if "evil" in url]
    hostile.requests[:] = [url for url in hostile.requests if "evil" not in url]

    assert any(url.endswith("track.png") for url in asked)
    assert page.evaluate("window.owned === undefined")
    assert not any(url.endswith(("frame", "object")) for url in asked)


def test_links_and_forms_stay_inside(hostile: Window) -> None:
    """A link to the top opens a window of its own; a form sends nothing."""
    page = hostile.page
    frame = page.frame_locator("[data-frame] iframe:not(.coming)")
    with page.context.expect_page() as opened:
        frame.locator("#top").click()
    opened.value.close()
    frame.locator("#go").click()
    page.wait_for_timeout(300)

    assert page.url.endswith("/n/hostile/default")
    assert [] == [url for url in hostile.requests if url.endswith("/send")]


def test_the_frame_is_a_stranger_to_the_page(hostile: Window) -> None:
    """Sandboxed without scripts and without the same origin, by its attribute and by its own header."""
    page = hostile.page
    frames = page.locator("iframe")
    sandbox = frames.first.get_attribute("sandbox") or ""
    answer = page.request.get(hostile.preview.url + "/n/hostile/default/render.html")
    policy = answer.headers["content-security-policy"]

    assert 1 == frames.count()
    assert "allow-scripts" not in sandbox
    assert "allow-same-origin" not in sandbox
    assert page.evaluate("document.querySelector('iframe').contentDocument === null")
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy or "script-src 'none'" in policy


def test_the_frame_that_is_measured_is_gone(hostile: Window) -> None:
    """The height is taken from a frame that runs no scripts, and lives for a moment."""
    page = hostile.page
    page.evaluate(
        "window.seen = [];"
        "const look = node => { if (node.className === 'measure') seen.push(node.getAttribute('sandbox')) };"
        "new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(look)))"
        ".observe(document.body, {childList: true})"
    )
    page.click("#width-375")
    hostile.until("window.seen.length > 0")
    hostile.until("!document.querySelector('iframe.measure')")

    assert {"allow-same-origin"} == set(page.evaluate("window.seen"))
