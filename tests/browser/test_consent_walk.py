"""From a digest in the preview's mailbox, by its link and the page behind it, to the next one that is not sent."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from browser.conftest import Preview, Window
from patience import PATIENCE

from notify import Notifier
from notify.consent.application import consent_app
from notify.outbox.operating import get
from notify.testing import Certificates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

YAML = """\
sender: Acme <hello@acme.example>
unsubscribe: {url: "https://localhost:PORT/mail", keys: a-key-of-tests-that-is-no-secret-at-all}
feedback: {}
categories: {digest: {unsubscribe: required, title: Weekly digest}}
globals: {brand: {name: Acme, url: "https://acme.example", color: "#0f766e"}}
environments: {development: {transport: file}}
"""
DIGEST = """\
category: digest
params: {articles: "list[str]"}
digest: {window: 1s, by: recipient}
subject: "{{ articles | length }} new articles"
html: |
  {% extends "notify/base.html" %}
  {% import "notify/components.html" as ui %}
  {% block content %}{{ ui.list(articles) }}{% endblock %}
  {% block footer %}{{ ui.unsubscribe(unsubscribe_url, preferences_url) }}{% endblock %}
samples:
  default: {articles: [How a teapot pours]}
"""


@pytest.fixture(scope="module")
def listening() -> Iterator[socket.socket]:
    """Where the pages to unsubscribe are served."""
    with closing(socket.create_server(("127.0.0.1", 0))) as created:
        yield created


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory, listening: socket.socket) -> Iterator[Preview]:
    """`notify preview` of a project with a digest."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "notifications").mkdir()
    (folder / "notifications" / "weekly.yaml").write_text(DIGEST)
    (folder / "notify.yaml").write_text(YAML.replace("PORT", str(listening.getsockname()[1])))
    command = [sys.executable, "-m", "notify", "preview", "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    url = re.search(r"http://\S+", line)
    assert url is not None, line
    yield Preview(folder, url[0].rstrip("/"), 0)
    process.terminate()
    process.communicate(timeout=PATIENCE)


@pytest.fixture
def notifier(preview: Preview) -> Iterator[Notifier]:
    """The application."""
    with Notifier.load(preview.folder) as loaded:
        yield loaded


@pytest.fixture
def _pages(notifier: Notifier, preview: Preview, listening: socket.socket) -> Iterator[None]:
    """The pages behind the links, served as an operator would: by uvicorn, with TLS."""
    chain = preview.folder / "chain.pem"
    Certificates(preview.folder).write_chain(chain)
    config = uvicorn.Config(
        consent_app(notifier),
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        ssl_certfile=chain,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that takes the certificate of the tests; no page may complain, and there are no cookies."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, ignore_https_errors=True)
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("weberror", lambda error: complaints.append(str(error.error)))
    yield opened
    cookies = opened.cookies()
    opened.close()

    assert [] == complaints
    assert [] == cookies


def notify(folder: Path, *words: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "notify", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout


def digest(notifier: Notifier, folder: Path, *articles: str) -> list[str]:
    """Put articles into the outbox, one a call, and have a worker send what is due; the states of the jobs."""
    jobs = [
        notifier.enqueue("weekly", to="Ada <ada@example.com>", params={"articles": [article]}).id
        for article in articles
    ]
    time.sleep(1.1)
    notify(folder, "worker", "--once")
    found = [get(notifier.outbox.database, job) for job in jobs]
    return [job.state for job in found if job is not None]


@pytest.mark.usefixtures("_pages")
def test_from_the_digest_to_no_more_digests(context: BrowserContext, preview: Preview, notifier: Notifier) -> None:
    """The mail, its link, the page, the button; then the next digest is suppressed, with the reason in the log."""
    assert digest(notifier, preview.folder, "How a teapot pours", "Twelve kinds of blue") == ["sent", "sent"]

    window = Window(context.new_page(), preview)
    page = window.open("/mailbox")
    page.click(".mail-row >> text=2 new articles")
    page.wait_for_selector("main[data-page=mail] >> text=2 new articles")
    window.shows("Twelve kinds of blue")
    with context.expect_page() as opening:
        page.frame_locator("[data-frame] iframe:not(.coming)").get_by_role("link", name="Unsubscribe").click()
    behind = opening.value
    behind.wait_for_load_state()

    assert behind.url.startswith("https://localhost:")
    assert behind.locator("h1").inner_text() == "Unsubscribe"
    assert notifier.preferences.of("ada@example.com") == ()

    behind.get_by_role("button", name="Unsubscribe").click()
    behind.wait_for_selector("h1 >> text=You are unsubscribed")
    chosen = notifier.preferences.of("ada@example.com")

    assert [("category:digest", False)] == [(str(each.scope), each.wanted) for each in chosen]

    states = digest(notifier, preview.folder, "The spring market", "A brass strainer")
    receipt = notifier.send("weekly", to="ada@example.com", params={"articles": ["At once"]})

    assert states == ["cancelled", "cancelled"]
    assert receipt.accepted == ()
    assert "unsubscribed from category:digest" in str(receipt.rejected["ada@example.com"])

    page = window.open("/mailbox")
    page.wait_for_selector(".mail-row")

    assert page.locator(".mail-row").count() == 1

    page = window.open("/log?status=suppressed")
    page.wait_for_selector("[data-list] tr")
    rows = page.locator("[data-list] tr").all_inner_texts()

    assert len(rows) >= 2
    assert all("suppressed" in row and "unsubscribed from category:digest" in row for row in rows)

    page.click("[data-list] tr:first-child a")
    page.wait_for_selector("main[data-page=logged] >> text=unsubscribed from category:digest")
    logged: list[dict[str, Any]] = json.loads(notify(preview.folder, "log", "--status", "suppressed", "--json"))

    assert len(logged) == len(rows)
    assert all("by the unsubscribe link" in each["reason"] for each in logged)
