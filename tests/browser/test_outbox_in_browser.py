"""The outbox in a browser: the way there, its list, a job, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify import Notifier
from notify.outbox.operating import Filter, get, retry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.conftest import Preview, Window


@pytest.fixture
def outbox(preview: Preview) -> Iterator[Notifier]:
    """A notifier whose outbox holds nothing but what the test puts in."""
    with Notifier.load(preview.folder) as notifier:
        notifier.outbox.migrate()
        yield notifier
        notifier.outbox.cancel(states=("queued",))
        notifier.outbox.purge(0, states=("sent", "failed", "dead", "cancelled"))


def put(notifier: Notifier, to: str = "grace@example.com") -> int:
    """An order's confirmation, due in an hour."""
    sample = notifier.catalog["order_confirmation"].samples["default"]
    return notifier.enqueue("order_confirmation", to=to, params=sample.params, delay=3600).id


def test_the_way_there_and_back(window: Window, outbox: Notifier) -> None:
    """By keys: to the outbox, down its list, into a job, and back."""
    first, second = put(outbox), put(outbox)
    page = window.open("/mailbox")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_selector("main[data-page=outbox]")
    current = page.get_attribute("[data-page-link=outbox]", "aria-current")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"main[data-page=job] >> text=Job {first}")
    page.keyboard.press("Escape")
    page.wait_for_selector("main[data-page=outbox]")

    assert "page" == current
    assert [f"/outbox/{second}", f"/outbox/{first}"] == [
        link.get_attribute("href") for link in page.query_selector_all("[data-list] a")
    ]


def test_searching_and_states(window: Window, outbox: Notifier) -> None:
    """What is searched stays searched from state to state."""
    put(outbox)
    put(outbox, "zoe@acme.example")
    page = window.open("/outbox")
    page.keyboard.press("/")
    page.keyboard.type("*@acme.example")
    page.keyboard.press("Enter")
    window.until("document.querySelectorAll('[data-list] tr').length === 1")
    page.click("#state-queued")
    page.wait_for_selector("#state-queued[aria-current]")
    found = page.inner_text("[data-list]")
    page.click("#state-dead")
    page.wait_for_selector("text=No job is like that.")

    assert "zoe@acme.example" in found


def test_taking_back_and_sending_again(window: Window, outbox: Notifier) -> None:
    """Each leaves the other to be done; what was done meanwhile elsewhere is told."""
    job = put(outbox)
    page = window.open(f"/outbox/{job}")
    window.shows("A-1001")
    page.click("text=Take back")
    page.wait_for_selector("h1 >> text=cancelled")
    page.click("text=Send again")
    page.wait_for_selector("h1 >> text=queued")
    outbox.outbox.cancel(job)
    window.refuses = True
    page.click("text=Take back")
    page.wait_for_selector("[data-answer] >> text=it is cancelled, and stays so")
    stays = get(outbox.outbox.database, job)

    assert stays is not None
    assert ["cancelled", "retried", "cancelled"] == [entry["event"] for entry in stays.history]
    assert (1, 0) == retry(outbox.outbox.database, Filter(ids=(job,)))


@pytest.mark.parametrize("width", [1300, 375])
def test_long_addresses(window: Window, outbox: Notifier, width: int) -> None:
    """However long an address is, each row has the rest of it in the window."""
    put(outbox, f"{'long.' * 12}name@{'sub.' * 20}example")
    page = window.page
    page.set_viewport_size({"width": width, "height": 900})
    window.open("/outbox")
    table = "document.querySelector('.table-scroll')"

    assert page.evaluate(f"{table}.scrollWidth <= {table}.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["list", "queued", "cancelled"])
def test_nothing_serious(window: Window, outbox: Notifier, what: str, scheme: str) -> None:
    """axe-core finds no label, contrast, role or heading amiss."""
    from axe_playwright_python.sync_playwright import Axe

    job = put(outbox)
    if what == "cancelled":
        outbox.outbox.cancel(job)
    page = window.page
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    window.open("/outbox" if what == "list" else f"/outbox/{job}")
    page.wait_for_timeout(150)
    found = Axe().run(page, context={"exclude": [["iframe"]]}, options={"iframes": False}).response["violations"]

    assert [] == [
        f"{each['id']}: {node['html'][:160]} {node['failureSummary']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
