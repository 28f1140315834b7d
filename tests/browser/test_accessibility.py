"""axe-core finds nothing serious on any page, light or dark, wide or narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from browser.conftest import Preview, Window
    from playwright.sync_api import Browser

PATHS = [
    "/",
    "/checks",
    "/mailbox",
    "/transports",
    "/n/order_confirmation/default",
    "/n/order_confirmation/default?scheme=dark&w=375",
    "/n/order_confirmation/default?view=source&panel=links",
    "/n/order_confirmation/default?view=template&panel=checks",
    "/n/invoice/default?view=headers&panel=size",
    "/n/invoice/default?view=mime&panel=send",
    "/n/invoice/default?view=inbox&panel=diff",
    "/n/welcome/default?view=text&panel=compat",
    "/n/welcome/default/matrix",
    "/n/order_confirmation/default/diff?against=sample:one_item",
    "/n/nothing/default",
]


@pytest.mark.parametrize("chrome", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_serious(window: Window, preview: Preview, path: str, chrome: str) -> None:
    """Labels, contrast, roles, order of headings; what the frames show is the mail's own business."""
    from axe_playwright_python.sync_playwright import Axe

    page = window.page
    page.emulate_media(color_scheme="dark" if chrome == "dark" else "light", reduced_motion="reduce")
    if path == "/n/nothing/default":
        page.goto(preview.url + path)
        window.complaints.clear()
    else:
        window.open(path)
    page.wait_for_timeout(150)
    options = {"iframes": False, "resultTypes": ["violations"]}
    found = Axe().run(page, context={"exclude": [["iframe"]]}, options=options).response["violations"]
    serious = [
        f"{each['impact']} {each['id']}: {node['target']} {node['html'][:160]} {node['failureSummary']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]

    assert [] == serious


def test_nothing_shifts(browser: Browser, preview: Preview) -> None:
    """What is drawn stays where it is while the page is completed."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => {"
        " for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;"
        "}).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(f"{preview.url}/n/order_confirmation/default")
    page.wait_for_selector("iframe[data-fitted]")
    page.wait_for_timeout(500)
    shift = page.evaluate("window.shift")
    context.close()

    assert shift < 0.02
