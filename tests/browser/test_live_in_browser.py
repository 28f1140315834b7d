"""Live reload in a browser: what is saved is what is seen, and an error covers the last good mail until mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browser.conftest import Window
    from playwright.sync_api import Route

ORDER = "/n/order_confirmation/default"


def test_a_saved_template_is_shown_without_a_flash(window: Window) -> None:
    """The old frame stays until the new one is drawn; the page does not scroll, and is not loaded anew."""
    name = "templates/order_confirmation.html"
    source = window.preview.read(name)
    page = window.open(ORDER)
    page.evaluate("window.mark = 1; document.querySelector('[data-frame-scroll]').scrollTop = 160")
    page.evaluate(
        "const gone = () => !document.querySelector('[data-frame] iframe:not(.coming)');"
        "new MutationObserver(() => { if (gone()) window.flashed = 1 })"
        ".observe(document.querySelector('[data-frame]'), {childList: true, attributes: true, subtree: true})"
    )
    window.preview.write(name, source.replace("We have your order", "Saved: we have your order"))
    window.shows("Saved: we have")
    window.preview.write(name, source)
    window.shows("We have your order")

    assert (1, 160) == (
        page.evaluate("window.mark"),
        page.evaluate("document.querySelector('[data-frame-scroll]').scrollTop"),
    )
    assert page.evaluate("window.flashed === undefined")


def test_an_included_file_counts(window: Window) -> None:
    """The table's columns come from another file."""
    source = window.preview.read("templates/order_lines.txt")
    window.open(ORDER)
    window.preview.write("templates/order_lines.txt", source.replace('"Item"', '"Article"'))
    window.shows("Article")
    window.preview.write("templates/order_lines.txt", source)
    window.shows("Item")


def test_only_what_is_affected_is_drawn_again(window: Window) -> None:
    """The change of another notification's template leaves this page alone."""
    source = window.preview.read("templates/welcome.html")
    window.open(ORDER)
    count = len(window.requests)
    window.preview.write("templates/welcome.html", source + "{# nothing #}\n")
    window.page.wait_for_timeout(700)
    window.preview.write("templates/welcome.html", source)
    window.page.wait_for_timeout(700)

    assert [] == [url for url in window.requests[count:] if "/n/order_confirmation" in url]


def test_a_definition_and_the_configuration_count(window: Window) -> None:
    """A new subject, and another colour of the brand."""
    definition, configuration = "notifications/order_confirmation.yaml", "notify.yaml"
    words, settings = window.preview.read(definition), window.preview.read(configuration)
    window.open(ORDER)
    window.preview.write(definition, words.replace('"Your order', '"Your shiny order'))
    window.until("document.querySelector('.strip').innerText.includes('Your shiny order')")
    window.preview.write(configuration, settings.replace("#0f766e", "#b91c1c"))
    window.styled(".button-cell", "backgroundColor", "rgb(185, 28, 28)")
    window.preview.write(configuration, settings)
    window.preview.write(definition, words)
    window.until("document.querySelector('.strip').innerText.includes('Your order')")


def test_an_error_covers_the_last_good_mail(window: Window) -> None:
    """With place, excerpt, chain, names in scope, suggestion and a link to the editor; it goes when it is mended."""
    name = "templates/welcome.html"
    source = window.preview.read(name)
    page = window.open("/n/welcome/default")
    window.preview.write(name, source.replace('"Welcome, " ~ name', '"Welcome, " ~ nmae'))
    overlay = page.locator(".overlay[role=alert]")
    overlay.wait_for(state="visible")
    words = overlay.inner_text()
    link = overlay.locator("a.place").first.get_attribute("href") or ""

    assert "'nmae' is not defined" in words
    assert "did you mean 'name'?" in words
    assert "templates/welcome.html:4:" in words
    assert 5 == overlay.locator(".excerpt .line").count()
    assert "confirm_url: Url" in words
    assert "notify/base.html" in words
    assert link.startswith("vscode://file/")
    assert "Welcome, Ada" in window.mail()
    window.preview.write(name, source)
    overlay.wait_for(state="detached")
    window.shows("Welcome, Ada")


def test_a_broken_definition_keeps_what_it_said_before(window: Window) -> None:
    """The page says what is wrong with the file; others go on."""
    name = "notifications/invoice.yaml"
    source = window.preview.read(name)
    page = window.open("/n/invoice/default")
    window.preview.write(name, source.replace("subject:", "subjct:"))
    page.wait_for_selector(".overlay-mild")
    words = page.inner_text(".overlay-mild")
    window.preview.write(name, source)
    page.wait_for_selector(".overlay-mild", state="detached")

    assert "unknown key 'subjct'" in words
    assert "did you mean 'subject'?" in words
    assert "invoice.yaml" in words


def test_a_broken_configuration_is_told_on_every_page(window: Window) -> None:
    """In a line at the top, until it is mended; the last good one stays in use."""
    settings = window.preview.read("notify.yaml")
    page = window.open(ORDER)
    window.preview.write("notify.yaml", settings + "nonsense: 1\n")
    page.wait_for_selector("#trouble:visible")
    words = page.inner_text("#trouble")
    window.preview.write("notify.yaml", settings)
    page.wait_for_selector("#trouble", state="hidden")

    assert "unknown key 'nonsense'" in words
    assert "Thank you, Ada" in window.mail()


def test_a_new_notification_appears(window: Window) -> None:
    """In the list, without loading the page, and goes when its file goes."""
    page = window.open("/")
    path = window.preview.folder / "notifications" / "brand_new.yaml"
    path.write_text("subject: Hello\ntext: Hello\nparams: {}\nsamples: {default: {}}\n", encoding="utf-8")
    page.wait_for_selector("#tree-list [data-id=brand_new]")
    path.unlink()
    page.wait_for_selector("#tree-list [data-id=brand_new]", state="detached")


def test_what_is_overtaken_is_not_left_undone(window: Window) -> None:
    """The list is drawn again by whichever answer comes, if the one that it was asked for with is too late."""
    page = window.open("/")
    late: list[Route] = []

    def hold(route: Route) -> None:
        if late or "x-notify-part" in route.request.headers:
            route.continue_()
        else:
            late.append(route)

    page.route(f"{window.preview.url}/", hold)
    path = window.preview.folder / "notifications" / "brand_new.yaml"
    path.write_text("subject: Hello\ntext: Hello\nparams: {}\nsamples: {default: {}}\n", encoding="utf-8")
    page.wait_for_selector("#tree-list [data-id=brand_new]")

    assert 1 == len(late)
    late[0].continue_()


def test_what_somebody_types_is_not_taken_away(window: Window) -> None:
    """A reload while the form has the focus leaves the form as it is."""
    source = window.preview.read("templates/welcome.html")
    page = window.open("/n/welcome/default")
    page.fill("[data-as-form] [data-name=name]", "Typing")
    window.shows("Typing")
    page.focus("[data-as-form] [data-name=name]")
    page.keyboard.type(" on")
    window.preview.write("templates/welcome.html", source.replace("Good to have you", "Nice to have you"))
    window.shows("Nice to have you")
    window.shows("Typing on")
    value = page.input_value("[data-as-form] [data-name=name]")
    window.preview.write("templates/welcome.html", source)

    assert "Typing on" == value
