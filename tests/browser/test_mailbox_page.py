"""The mailbox in a browser: mail arrives by itself, is searched, looked at, sent again and deleted."""

from __future__ import annotations

import json
import smtplib
import threading
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

if TYPE_CHECKING:
    from browser.conftest import Preview, Window


def put(preview: Preview, subject: str, *, html: str = "<p>Hello", to: str = "grace@example.com") -> None:
    """A mail of some program, to the sink."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Program <program@acme.example>", to, subject
    message["X-Tags"] = "reports"
    message.set_content("Hello, see https://acme.example/report")
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="report.pdf")
    with smtplib.SMTP("127.0.0.1", preview.smtp, timeout=5) as client:
        client.send_message(message)


@pytest.fixture(autouse=True)
def _empty(preview: Preview) -> None:
    """Each test begins with an empty mailbox."""
    for path in (preview.folder / ".notify" / "mail").glob("*.eml"):
        path.unlink()


def test_mail_of_any_program_arrives_by_itself(window: Window) -> None:
    """Without a reload; the page of another part shows a mark."""
    page = window.open("/mailbox")
    put(window.preview, "The first report")
    page.wait_for_selector(".mail-row >> text=The first report")
    page.click("[data-page-link=transports]")
    page.wait_for_selector("main[data-page=transports]")
    put(window.preview, "The second report")
    page.wait_for_selector("[data-new-mail]:visible")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_selector(".mail-row >> text=The second report")

    assert 2 == page.locator(".mail-row").count()


def test_a_new_mail_opens_if_wanted(window: Window) -> None:
    """The box says so."""
    page = window.open("/mailbox")
    put(window.preview, "Before")
    page.wait_for_selector(".mail-row >> text=Before")
    page.check("[data-auto-open]")
    put(window.preview, "Look at me")
    page.wait_for_selector("main[data-page=mail] >> text=Look at me")


def test_long_links(window: Window) -> None:
    """The words of a link are broken where they are too long, such as a link to unsubscribe in a text part."""
    url = f"https://acme.example/u/{'Aw3' * 40}"
    put(window.preview, "Digest", html=f"<!DOCTYPE html><html><body><p><a href='{url}'>{url}</a></p></body></html>")
    page = window.open("/mailbox")
    page.click(".mail-row >> text=Digest")
    page.wait_for_selector("main[data-page=mail]")
    drawer = "document.querySelector('.drawer-body')"

    assert url in page.inner_text(".drawer-body")
    assert page.evaluate(f"{drawer}.scrollWidth <= {drawer}.clientWidth")


def test_the_same_views_as_of_a_notification(window: Window) -> None:
    """HTML, text, source, headers, MIME and inbox; files are listed."""
    put(window.preview, "A report", html="<!DOCTYPE html><html><body><h1>Figures</h1></body></html>")
    page = window.open("/mailbox")
    page.click(".mail-row >> text=A report")
    page.wait_for_selector("main[data-page=mail]")
    window.shows("Figures")
    for key, words in [
        ("2", "acme.example/report"),
        ("3", "Figures"),
        ("5", "X-Tags"),
        ("6", "application/pdf"),
        ("7", "phone"),
    ]:
        page.keyboard.press(key)
        page.wait_for_selector(f".stage >> text={words}")
    assert "report.pdf" in page.inner_text(".drawer")
    put(window.preview, "A newer one")
    page.reload()
    page.keyboard.press("k")
    page.wait_for_selector("h1 >> text=A newer one")
    page.keyboard.press("j")
    page.wait_for_selector("h1 >> text=A report")
    page.keyboard.press("Escape")
    page.wait_for_selector("main[data-page=mailbox]")


def test_searching_and_deleting(window: Window) -> None:
    """By operators; what is found can be deleted as a whole, or one by one with a key."""
    for subject, to in [
        ("Report one", "ada@example.com"),
        ("Report two", "grace@example.com"),
        ("Other", "ada@example.com"),
    ]:
        put(window.preview, subject, to=to)
    page = window.open("/mailbox")
    page.keyboard.press("/")
    page.keyboard.type("to:ada subject:report has:attachment tag:reports")
    page.keyboard.press("Enter")
    window.until("document.querySelectorAll('.mail-row').length === 1")
    page.click("text=Delete these")
    page.wait_for_selector("text=No mail is like that.")
    page.goto(f"{window.preview.url}/mailbox")
    page.wait_for_selector("html[data-listening]", state="attached")
    page.keyboard.press("j")
    page.keyboard.press("x")
    window.until("document.querySelectorAll('.mail-row').length === 1")
    page.click("text=Delete all")
    page.wait_for_selector("main .empty")


def test_replay(window: Window) -> None:
    """A captured mail goes once more, to somebody else."""
    put(window.preview, "Again, please")
    page = window.open("/mailbox")
    page.click(".mail-row >> text=Again, please")
    page.click("summary:has-text('Replay')")
    page.fill("#replay-to", "other@example.com")
    page.click("text=Send again")
    window.until("document.querySelector('.receipt')?.textContent.includes('accepted')")

    assert "other@example.com" in page.inner_text(".receipt")


def test_a_test_can_wait_for_a_mail(window: Window) -> None:
    """The request is answered as soon as the mail comes."""
    found: list[dict[str, Any]] = []

    def wait() -> None:
        url = f"{window.preview.url}/api/mailbox/wait?q=subject:awaited&timeout=10"
        with urlopen(url) as answer:  # noqa: S310 - our own server
            found.append(json.load(answer))

    waiting = threading.Thread(target=wait)
    waiting.start()
    window.open("/mailbox")
    put(window.preview, "The awaited one")
    waiting.join(10)

    assert "The awaited one" == found[0]["subject"]
    assert "https://acme.example/report" in [link["url"] for link in found[0]["mail"]["links"]]
