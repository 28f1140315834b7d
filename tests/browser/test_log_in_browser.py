"""The log in a browser: the way there, its list, an entry, and from there to the outbox and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from log.logged import a_record, an_event

from notify import Notifier
from notify.feedback import Kind
from notify.log import Status, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.conftest import Preview, Window


@pytest.fixture
def job(preview: Preview) -> Iterator[int]:
    """A job whose mail bounced, in a log that holds nothing but that and a mail that was sent."""
    with Notifier.load(preview.folder) as notifier:
        notifier.outbox.migrate()
        sample = notifier.catalog["order_confirmation"].samples["default"]
        job = notifier.enqueue("order_confirmation", to="ada@example.com", params=sample.params, delay=3600)
        records = [
            a_record(Status.SENT, message_id=job.message_id, job=job.id, notification="order_confirmation"),
            a_record(Status.SENT, message_id=job.message_id, person="bob@example.com", job=job.id),
            *(
                a_record(status, message_id=f"<{status}@acme.example>", person=f"{status}@example.com", reason="Why.")
                for status in Status
            ),
        ]
        with notifier.outbox.database.writing() as connection:
            note(connection, records)
        told = [(1, Kind.QUEUED), (2, Kind.DEFERRED), (3, Kind.BOUNCED)]
        notifier.log.sink.record(
            [an_event(each, kind, message_id=job.message_id, reason="550 no such user") for each, kind in told]
        )
        yield job.id
        notifier.outbox.cancel(states=("queued",))
        notifier.outbox.purge(0, states=("sent", "failed", "dead", "cancelled"))
        notifier.log.purge(0)


def test_the_way_there_and_back(window: Window, job: int) -> None:
    """By keys to the log, by its status into an entry, to its job, and by its Message-ID back to its entries."""
    page = window.open("/mailbox")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_selector("main[data-page=log]")
    current = page.get_attribute("[data-page-link=log]", "aria-current")
    page.click("#status-bounced")
    page.wait_for_selector("#status-bounced[aria-current]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-page=logged] >> text=550 no such user")
    page.click(f"text=Job {job}")
    page.wait_for_selector(f"main[data-page=job] >> text=Job {job}")
    page.click("text=What became of it")
    page.wait_for_selector("main[data-page=log]")
    window.until("document.querySelectorAll('[data-list] tr').length === 2")
    page.click("[data-list] a")
    page.wait_for_selector("main[data-page=logged]")
    page.keyboard.press("Escape")
    page.wait_for_selector("main[data-page=log]")

    assert "page" == current


def test_searching(window: Window, job: int) -> None:
    """An address leads to its entries."""
    page = window.open("/log")
    page.keyboard.press("/")
    page.keyboard.type("bob@*")
    page.keyboard.press("Enter")
    window.until("document.querySelectorAll('[data-list] tr').length === 1")

    assert "bob@example.com" in page.inner_text("[data-list]"), job


@pytest.mark.parametrize("width", [1300, 375])
def test_long_words(window: Window, preview: Preview, job: int, width: int) -> None:
    """However long an address and a reason are, each row has the rest of it in the window, and stays low."""
    record = a_record(Status.FAILED, person=f"{'long.' * 12}name@{'sub.' * 20}example", reason="No. " * 120)
    with Notifier.load(preview.folder) as notifier, notifier.outbox.database.writing() as connection:
        note(connection, [record])
    page = window.page
    page.set_viewport_size({"width": width, "height": 900})
    window.open("/log?status=failed")
    table = "document.querySelector('.table-scroll')"

    assert page.evaluate(f"{table}.scrollWidth <= {table}.clientWidth"), job
    assert page.evaluate("document.querySelector('[data-list] tr').clientHeight") < 150


@pytest.mark.parametrize("width", [1300, 375])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["list", "entry"])
def test_nothing_serious(window: Window, job: int, what: str, scheme: str, width: int) -> None:
    """axe-core finds no label, contrast, role or heading amiss, and nothing is wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    page = window.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    window.open("/log" if what == "list" else "/log?status=bounced")
    if what == "entry":
        page.click("[data-list] tr:last-child a")
        page.wait_for_selector("main[data-page=logged]")
    page.wait_for_timeout(150)
    found = Axe().run(page, options={"iframes": False}).response["violations"]

    assert [] == [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ], job
    assert page.evaluate("document.documentElement.scrollWidth") <= width
