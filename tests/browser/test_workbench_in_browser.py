"""The workbench in a browser: every view, widths, colours, images, samples, locales, and the keys."""

from __future__ import annotations

import email
import json
from email import policy
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from notify import Notifier

if TYPE_CHECKING:
    from browser.conftest import Window

ORDER = "/n/order_confirmation/default"


def test_the_index_leads_to_every_notification(window: Window) -> None:
    """Seven rows with their standing, each a link to the first sample."""
    page = window.open("/")
    window.until("document.querySelectorAll('main .dot-good').length === 7")
    page.click("main >> text=order_confirmation")
    window.until("location.pathname === '/n/order_confirmation/default'")
    window.shows("Thank you, Ada")

    assert "Your order A-1001" in page.inner_text(".strip")


def test_the_filter_finds_by_name_and_description(window: Window) -> None:
    """It narrows the list and the table, and says how many are left."""
    page = window.open("/")
    page.keyboard.press("/")
    page.keyboard.type("PDF")

    assert ["invoice"] == page.locator("#tree-list li:visible .name").all_inner_texts()
    assert 1 == page.locator("main tbody tr:visible").count()
    assert "1 of 7" == page.inner_text("[data-count]")
    page.fill("#filter", "nothing like it")
    assert page.is_visible("#filter-empty")


@pytest.mark.parametrize(
    ("view", "selector", "words"),
    [
        ("text", ".text-view", "Deliver to"),
        ("source", ".code", "<!DOCTYPE html>"),
        ("template", ".files", "notifications/order_confirmation.yaml"),
        ("headers", ".scroll", "X-Entity-Ref-ID"),
        ("mime", ".mime", "multipart/alternative"),
        ("inbox", ".inboxes", "In a list on a phone"),
    ],
)
def test_every_view_opens(window: Window, view: str, selector: str, words: str) -> None:
    """By its tab, without leaving the page, and with the view in the URL."""
    page = window.open(ORDER)
    page.click(f"#view-{view}")
    page.wait_for_selector(f".stage {selector}")

    assert words in page.inner_text(f".stage {selector}")
    assert f"view={view}" in page.url


def test_links_of_the_text_can_be_clicked(window: Window) -> None:
    """They open elsewhere, and tell nobody where they come from."""
    link = window.open(f"{ORDER}?view=text").locator(".text-view a").first

    assert ("_blank", "noopener noreferrer") == (link.get_attribute("target"), link.get_attribute("rel"))
    assert (link.get_attribute("href") or "").startswith("https://acme.example")


def test_the_mails_own_dark_mode(window: Window) -> None:
    """Its media query decides, whatever the browser prefers; the light one is light."""
    window.open(ORDER)
    light = window.style(".card", "backgroundColor")
    window.page.click("#scheme-dark")
    window.until("document.querySelector('[data-frame]').dataset.src.includes('scheme=dark')")

    assert ("rgb(255, 255, 255)", "rgb(26, 29, 35)") == (light, window.style(".card", "backgroundColor"))


def test_forced_inversion_says_that_it_is_one(window: Window) -> None:
    """It is a filter over the light mail, and labelled."""
    page = window.open(f"{ORDER}?scheme=invert")

    assert "invert(1)" in window.style("html", "filter")
    assert "an approximation" in page.inner_text(".bar")


def test_widths(window: Window) -> None:
    """A phone, 600 pixels, any number, and dragging; the mail's narrow layout shows by its computed style."""
    page = window.open(ORDER)
    wide = window.style(".card", "padding")
    page.click("#width-375")
    window.until("document.querySelector('[data-frame] iframe:not(.coming)').clientWidth === 375")
    window.until("!document.querySelector('iframe.coming')")
    narrow = window.style(".card", "padding")
    page.fill("#pixels", "512")
    page.keyboard.press("Enter")
    window.until("document.querySelector('[data-frame] iframe:not(.coming)').clientWidth === 512")
    handle = page.locator("[data-handle]").bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + 5, handle["y"] + 60)
    page.mouse.down()
    page.mouse.move(handle["x"] + 55, handle["y"] + 60, steps=5)
    page.mouse.up()
    window.until("Math.abs(document.querySelector('[data-frame] iframe:not(.coming)').clientWidth - 612) < 14")
    window.until("location.search.includes('w=6')")

    assert ("40px 40px 20px", "28px 20px 8px") == (wide, narrow)


def test_images_and_inline_pictures(window: Window) -> None:
    """A `cid:` picture is shown; with images off its alt text is."""
    page = window.open("/n/invoice/default")
    frame = page.frame_locator("[data-frame] iframe:not(.coming)")
    drawn = frame.locator("img").first.evaluate("image => image.complete && image.naturalWidth > 0")
    page.click("#images")
    window.until("document.querySelector('[data-frame]').dataset.src.includes('images=off')")
    gone = frame.locator("img").first.evaluate("image => image.naturalWidth")

    assert (True, 0) == (drawn, gone)
    assert "Acme Shop" == frame.locator("img").first.get_attribute("alt")


def test_samples_and_locales(window: Window) -> None:
    """Each has its own mail; the locale stays when the view changes."""
    page = window.open("/n/welcome/default")
    page.select_option("#locale", label="ar")
    window.shows("مرحبًا")
    page.click("#view-text")
    page.wait_for_selector(".text-view")
    page.click("#view-html")
    window.shows("مرحبًا")
    page.click("#sample-long_name")
    window.shows("Wolfeschlegelsteinhausenbergerdorff")

    assert "locale=ar" in page.url


def test_downloads_are_the_mail_as_it_is_sent(window: Window) -> None:
    """The .eml is read back by another parser, in the locale that was looked at."""
    page = window.open("/n/welcome/default?locale=fr")
    page.click("text=Save and copy")
    with page.expect_download() as download:
        page.click("text=Mail (.eml)")
    read = email.message_from_bytes(download.value.path().read_bytes(), policy=policy.default)

    assert "Bienvenue chez Acme Shop, Ada" == read["Subject"]
    assert "multipart/alternative" == read.get_content_type()


def test_copying(window: Window) -> None:
    """`c` and `C` put the parts onto the clipboard."""
    page = window.open("/n/welcome/default")
    page.keyboard.press("C")
    text = window.until("document.getElementById('said').textContent === 'Copied.' && navigator.clipboard.readText()")
    page.keyboard.press("c")
    page.wait_for_timeout(300)

    assert text.startswith("Acme Shop <https://acme.example>")
    assert page.evaluate("navigator.clipboard.readText()").startswith("<!DOCTYPE html>")


def test_keys(window: Window) -> None:
    """What the sheet promises."""
    page = window.open(ORDER)
    for keys, expected in [
        ("2", "view=text"), ("3", "view=source"), ("4", "view=template"), ("5", "view=headers"), ("6", "view=mime"),
        ("7", "view=inbox"), ("1", "/n/order_confirmation/default"), ("d", "scheme=dark"), ("d", "scheme=invert"),
        ("d", "/n/order_confirmation/default"), ("m", "w=375"), ("w", "/n/order_confirmation/default"),
        ("i", "images=off"), ("i", "/n/order_confirmation/default"), ("]", "/one_item"), ("[", "/default"),
        ("j", "/n/order_shipped/default"), ("k", "/n/order_confirmation/default"), ("gm", "/mailbox"),
        ("gc", "/checks"), ("gt", "/transports"), ("gn", "/"),
    ]:  # fmt: skip
        for key in keys:
            page.keyboard.press(key)
        window.until(f"(location.pathname + location.search).endsWith({json.dumps(expected)})")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")


def test_keys_of_locales_and_of_the_list(window: Window) -> None:
    """`l` and `L` go through the locales, `s` hides the list, `e` goes to the data, `Esc` leaves it."""
    page = window.open("/n/welcome/default")
    page.keyboard.press("l")
    window.until("location.search.includes('locale=en')")
    page.keyboard.press("l")
    window.until("location.search.includes('locale=ar')")
    page.keyboard.press("L")
    window.until("location.search.includes('locale=en')")
    page.keyboard.press("s")
    assert not page.is_visible("#tree")
    page.keyboard.press("s")
    page.keyboard.press("e")
    assert "param/name" in (page.evaluate("document.activeElement.id") or "")
    page.keyboard.type("d")
    assert "scheme" not in page.url
    page.keyboard.press("Escape")
    assert "" == page.evaluate("document.activeElement.id")


def test_back_and_forward(window: Window) -> None:
    """The history has a place for each state."""
    page = window.open(ORDER)
    page.click("#view-text")
    page.wait_for_selector(".text-view")
    page.click("#sample-one_item")
    window.until("location.pathname.endsWith('one_item')")
    page.go_back()
    window.until("location.pathname.endsWith('default')")
    page.go_back()
    page.wait_for_selector("iframe")

    assert page.url.endswith(ORDER)


def test_the_matrix_has_a_frame_for_each_sample_and_locale(window: Window) -> None:
    """Lazily drawn, without scripts, each a link to the workbench."""
    page = window.open("/n/welcome/default/matrix")
    frames = page.locator(".matrix iframe")

    assert 12 == frames.count()
    assert {"lazy"} == set(frames.evaluate_all("all => all.map(frame => frame.loading)"))
    assert {""} == set(frames.evaluate_all("all => all.map(frame => frame.getAttribute('sandbox'))"))
    page.click("[aria-label='arabic in ar']")
    window.shows("ليلى")


def test_a_difference_is_readable(window: Window) -> None:
    """The other sample's words are removed, this one's added, words that differ are marked."""
    page = window.open("/n/order_confirmation/default/diff?against=sample:one_item")

    assert page.locator("tr.removed:has-text('Gift card')").count() > 0
    assert page.locator("tr.added:has-text('Teapot')").count() > 0
    assert page.locator("tr mark").count() > 0


def test_a_phone_has_it_all(window: Window) -> None:
    """At 390 pixels nothing is wider than the screen, and every part can be reached."""
    window.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", ORDER, "/mailbox", "/transports", "/checks"):
        page = window.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    window.open(ORDER).locator("[data-editor]").scroll_into_view_if_needed()
    assert window.page.is_visible("[data-editor]")


def test_programs_get_the_same_as_json(window: Window) -> None:
    """The mail, its parts and its links."""
    with urlopen(f"{window.preview.url}/api/n/order_confirmation/default") as answer:  # noqa: S310 - our own server
        found = json.load(answer)

    assert "Your order A-1001" == found["mail"]["subject"]
    assert "https://acme.example/orders/A-1001" in [link["url"] for link in found["mail"]["links"]]


def test_the_whole_shop_previews(window: Window) -> None:
    """Every sample of every notification in its own locale, without an error, a complaint or a request elsewhere."""
    catalog = Notifier.load(window.preview.folder).catalog
    for name in catalog:
        for sample in catalog[name].samples:
            page = window.open(f"/n/{name}/{sample}")
            assert 0 == page.locator(".overlay").count(), (name, sample)
            assert "" != window.mail().strip(), (name, sample)
            assert "nothing found" == page.inner_text("[data-state]"), (name, sample)


def test_a_theme_changes_the_globals(window: Window) -> None:
    """It is chosen, kept in the URL, and goes to the frame."""
    page = window.open("/n/welcome/default")
    page.keyboard.press("t")
    window.shows("Harbour Tea Rooms")

    assert "theme=partner" in page.url
    assert "rgb(157, 23, 77)" == window.style(".button-cell", "backgroundColor")


def test_findings_lead_to_the_editor(window: Window) -> None:
    """A notification without a sample says so, with a link to its file."""
    path = window.preview.folder / "notifications" / "bare.yaml"
    path.write_text("subject: Hello {{ name }}\ntext: Hello\nparams: {name: str}\n", encoding="utf-8")
    page = window.open("/n/bare/-?panel=checks")
    link = page.locator(".finding a.place").first.get_attribute("href") or ""
    page.click("#panel-data")
    page.fill("[data-as-form] [data-name=name]", "Somebody")
    page.wait_for_selector(".strip >> text=Hello Somebody")
    path.unlink()

    assert link.startswith("vscode://file/")
    assert "notifications/bare.yaml" in link
