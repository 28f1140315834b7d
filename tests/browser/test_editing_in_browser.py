"""Editing the data in a browser: the form, the YAML, problems at the fields, saving, and sending a test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify import Notifier

if TYPE_CHECKING:
    from browser.conftest import Window
    from playwright.sync_api import Route


def test_typing_renders(window: Window) -> None:
    """The frame follows what is typed, the URL has it, and who opens the URL sees the same."""
    page = window.open("/n/welcome/default")
    page.fill("[data-as-form] [data-name=name]", "Grace <script>alert(1)</script>")
    window.shows("Welcome, Grace <script>alert(1)</script>")
    window.until("location.search.includes('data=z')")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("iframe[data-fitted]")

    assert "Grace <script>" in other.frame_locator("[data-frame] iframe").locator("body").inner_text()
    assert "Grace <script>" in other.input_value("[data-as-form] [data-name=name]")


def test_a_wrong_value_keeps_the_last_good_mail(window: Window) -> None:
    """The problem stands at its field, and goes when the value is right again."""
    page = window.open("/n/welcome/default")
    page.fill("[data-as-form] [data-name=confirm_url]", "nonsense")
    field = page.locator(".field:has([data-name=confirm_url]) .problem")
    field.wait_for(state="visible")

    assert "expected an http or https URL, got 'nonsense'" == field.inner_text()
    assert "true" == page.get_attribute("[data-as-form] [data-name=confirm_url]", "aria-invalid")
    assert "Welcome, Ada" in window.mail()
    page.fill("[data-as-form] [data-name=confirm_url]", "https://acme.example/right")
    field.wait_for(state="hidden")
    window.until("location.search.includes('data=')")


def test_lists_and_nested_objects(window: Window) -> None:
    """Items are added and removed; dates and numbers have inputs of their kind."""
    page = window.open("/n/order_confirmation/one_item")
    page.click("[aria-label='Add to items']")
    item = page.locator("[data-list][data-name=items] > .items > .item").last
    item.locator("[data-name=name]").fill("Sugar bowl")
    item.locator("[data-name=quantity]").fill("2")
    item.locator("[data-name=price]").fill("12.50")
    window.shows("Sugar bowl")
    page.fill("[data-as-form] [data-name=placed]", "2030-12-31")
    window.shows("31 December 2030")
    item.locator("[data-remove]").click()
    window.until("location.search.includes('data=')")
    page.wait_for_timeout(600)

    assert "Sugar bowl" not in window.mail()
    assert "date" == page.get_attribute("[data-as-form] [data-name=placed]", "type")


def test_a_problem_in_an_item_stands_at_it(window: Window) -> None:
    """Also where the item is new."""
    page = window.open("/n/order_confirmation/one_item")
    page.click("[aria-label='Add to items']")
    item = page.locator("[data-list][data-name=items] > .items > .item").last
    item.locator("[data-name=name]").fill("Sugar bowl")
    item.locator("[data-name=quantity]").fill("many")
    problem = item.locator(".field:has(> [data-name=quantity]) .problem")
    problem.wait_for(state="visible")

    assert "a whole number" in problem.inner_text()
    assert "Sugar bowl" not in window.mail()


def test_yaml_beside_the_form(window: Window) -> None:
    """Both say the same; a fault of the YAML has its line."""
    page = window.open("/n/welcome/default")
    page.click("#edit-yaml")
    page.wait_for_selector("#yaml:visible")
    page.fill("#yaml", page.input_value("#yaml").replace("Ada", "Hopper"))
    window.shows("Welcome, Hopper")
    page.fill("#yaml", "name: Hopper\nconfirm_url: [")
    problem = page.locator("[data-problem]")
    problem.wait_for(state="visible")

    assert problem.inner_text().startswith("line ")
    assert "Welcome, Hopper" in window.mail()
    page.reload()
    page.wait_for_selector("#yaml:visible")
    page.click("#edit-form")
    page.wait_for_selector("[data-as-form] [data-name=name]")
    assert "Hopper" == page.input_value("[data-as-form] [data-name=name]")


def test_reset_goes_back_to_the_sample(window: Window) -> None:
    """Mail, form and URL."""
    page = window.open("/n/welcome/default")
    page.fill("[data-as-form] [data-name=name]", "Somebody")
    window.shows("Welcome, Somebody")
    page.click("#reset")
    window.shows("Welcome, Ada")

    assert "data=" not in page.url
    assert "Ada" == page.input_value("[data-as-form] [data-name=name]")


def test_saving_a_sample(window: Window) -> None:
    """The file has one more sample and is otherwise the same; the page shows it."""
    before = window.preview.read("notifications/password_reset.yaml")
    page = window.open("/n/password_reset/default")
    page.fill("[data-as-form] [data-name=name]", "Grace")
    window.shows("Grace")
    page.fill("#save-name", "grace")
    page.click("form.save button")
    window.until("location.pathname.endsWith('/password_reset/grace')")
    window.shows("Grace")
    after = window.preview.read("notifications/password_reset.yaml")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    sample = Notifier.load(window.preview.folder).catalog["password_reset"].samples["grace"]

    assert 1 == len(added)
    assert after.replace(f"{added[0]}\n", "") == before
    assert "Grace" == sample.params["name"]
    page.fill("#save-name", "grace")
    page.click("form.save button")
    page.wait_for_selector("form.save .verdict.bad")
    assert "grace" in page.inner_text("form.save .verdict")


def test_saving_at_once(window: Window) -> None:
    """What was typed just before is what is saved, and a reload on the way to the new sample does not lead back."""
    page = window.open("/n/password_reset/default")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile(r"/password_reset/hopper(\?|$)"), hold)
    page.fill("#save-name", "hopper")
    page.fill("[data-as-form] [data-name=name]", "Hopper")
    page.click("form.save button")
    while not held:
        page.wait_for_timeout(20)
    template = "templates/password_reset.html"
    source = window.preview.read(template)
    window.preview.write(template, source + "{# nothing #}\n")
    window.until("location.pathname.endsWith('/password_reset/hopper')")
    held[0].continue_()
    window.preview.write(template, source)
    sample = Notifier.load(window.preview.folder).catalog["password_reset"].samples["hopper"]
    window.shows("Hopper")

    assert "Hopper" == sample.params["name"]


def test_sending_a_test(window: Window) -> None:
    """Through the transport that is chosen, with the data that is shown; the receipt says where it went."""
    page = window.open("/n/welcome/default")
    page.fill("[data-as-form] [data-name=name]", "Receiver")
    window.shows("Welcome, Receiver")
    page.click("#panel-send")
    page.fill("#send-to", "me@example.com")
    page.click("form.send button")
    window.until("document.querySelector('.receipt')?.textContent.includes('accepted')")
    written = max((window.preview.folder / ".notify" / "mail").glob("*.eml")).read_text(encoding="utf-8")

    assert "file accepted it for me@example.com" in page.inner_text(".receipt")
    assert "Delivered-To: me@example.com" in written
    assert "Receiver" in written


def test_a_transport_that_delivers_needs_permission(window: Window) -> None:
    """The shop's SendGrid is not even configured here: the refusal is words, and nothing is sent."""
    page = window.open("/n/welcome/default?panel=send")
    page.fill("#send-to", "me@example.com")
    page.select_option("#send-through", "sendgrid")
    page.click("form.send button")
    page.wait_for_selector(".receipt.bad")

    assert "SENDGRID_API_KEY" in page.inner_text(".receipt")


def test_transports_are_verified(window: Window) -> None:
    """The file transport works; the page says so."""
    page = window.open("/transports")
    page.click("text=Verify file")
    page.wait_for_selector(".verdict.good")

    assert "It works." == page.inner_text(".verdict.good")
