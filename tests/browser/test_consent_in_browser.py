"""The pages on which people unsubscribe, in a real browser: what they look like to people, machines and the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from consent.making import notifier_of, path_of, serving

from notify.consent import MemoryPreferences
from notify.consent.application import consent_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@dataclass(frozen=True, slots=True)
class Stage:
    """A mail's two links on a running server, and what is kept."""

    leave: str
    preferences: str
    store: MemoryPreferences

    def said(self) -> list[tuple[str, bool]]:
        """What Ada chose."""
        return [(str(each.scope), each.wanted) for each in self.store.of("ada@example.com")]


@pytest.fixture
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The pages of a project."""
    notifier, store = notifier_of(tmp_path_factory.mktemp("pages")), MemoryPreferences()
    with serving(consent_app(notifier, store)) as site:
        links = (notifier.render("weekly", to="ada@example.com").text or "").split()
        leave, preferences = (f"http://127.0.0.1:{site.port}{path_of(url)}" for url in links)
        yield Stage(leave, preferences, store)


@pytest.fixture(params=["light", "dark", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in light, in dark, and of a phone; nothing may complain, or ask anybody else."""
    width = 375 if request.param == "phone" else 1024
    context = browser.new_context(
        viewport={"width": width, "height": 760}, color_scheme="dark" if request.param == "dark" else "light"
    )
    opened = context.new_page()
    complaints: list[str] = []
    requests: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda asked: requests.append(asked.url))
    yield opened
    cookies = context.cookies()
    context.close()

    assert [] == complaints
    assert [] == [url for url in requests if not url.startswith(("http://127.0.0.1:", "data:"))]
    assert [] == cookies


def violations(page: Page) -> list[str]:
    """What axe-core finds, of any weight."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def test_a_walk(page: Page, stage: Stage) -> None:
    """The page, the button, the preferences, a box, and back; each page is accessible and fits its window."""

    def look(title: str) -> None:
        assert page.locator("h1").inner_text() == title
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.goto(stage.leave)
    look("Unsubscribe")
    assert stage.said() == []
    page.get_by_role("button", name="Unsubscribe").click()
    look("You are unsubscribed")
    assert stage.said() == [("category:digest", False)]
    page.get_by_role("link", name="See all your mail preferences").click()
    look("Your mail preferences")
    assert page.get_by_label("Weekly digest").is_checked() is False
    page.get_by_label("Tips").check()
    page.get_by_role("button", name="Save").click()
    look("Your mail preferences")
    assert page.get_by_role("status").inner_text() == "Your preferences are saved."
    assert stage.said() == [("category:digest", False), ("category:tips", True)]
    page.get_by_role("button", name="Unsubscribe from everything").click()
    look("Your mail preferences")
    assert page.locator("input:checked").count() == 0
    assert stage.said()[-1] == ("all", False)


def test_by_keyboard(page: Page, stage: Stage) -> None:
    """The box and the button are reached by Tab, and shown; Enter in a form saves."""
    page.goto(stage.preferences)
    digest = page.get_by_label("Weekly digest")
    for _ in range(10):
        page.keyboard.press("Tab")
        if digest.evaluate("box => box === document.activeElement"):
            break
    assert digest.evaluate("box => getComputedStyle(box).outlineStyle") == "solid"
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()

    assert stage.said() == [("category:digest", False)]


def test_the_style_is_let_in(page: Page, stage: Stage) -> None:
    """The policy knows the style sheet by its digest; the button has the brand's colour."""
    page.goto(stage.leave)
    color = page.get_by_role("button").evaluate("button => getComputedStyle(button).backgroundColor")

    assert color == "rgb(15, 118, 110)"
