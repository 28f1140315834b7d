"""Rules about the pictures of mails."""

from __future__ import annotations

import struct
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from checks.mails import DEFINITION, mail_of, told

from notify.checks.rules import images
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for each in images.RULES}
SHOP = "https://acme.example"
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 600, 200) + bytes(9)
DATA = f"data:image/png;base64,{b64encode(PNG).decode()}"
ATTACHED = f"{DEFINITION}attachments:\n  - {{path: logo.png, cid: logo}}\n"
LONG = "word " * 90
DIMENSIONS, OCTETS, FORMAT, URI = "img-dimensions", "img-bytes", "img-format", "img-data-uri"
RELATIVE, CID, RATIO = "img-relative", "img-cid-missing", "img-text-ratio"

FIRING = [
    (DIMENSIONS, f"Hi\n<img src='{SHOP}/a.png'>", f"warning the image '{SHOP}/a.png' has no width"),
    (DIMENSIONS, f"Hi\n<img src='{SHOP}/a.svg' width='10'>", f"warning the image '{SHOP}/a.svg' has no height"),
    (DIMENSIONS, f"Hi\n<img src='{SHOP}/open' width='1'>", f"warning the image '{SHOP}/open' has no height"),
    (FORMAT, f"Hi\n<img src='{SHOP}/a.webp?x=1'>", f"warning the picture '{SHOP}/a.webp?x=1' is WEBP, which is not"),
    (
        FORMAT,
        "Hi\n<img src='data:image/svg+xml,%3Csvg/%3E'>",
        "warning the picture 'data:image/svg+xml,%3Csvg/%3E' is SVG",
    ),
    (FORMAT, f"<table><tr>\n<td background='{SHOP}/a.avif'>x</table>", f"warning the picture '{SHOP}/a.avif' is AVIF"),
    (URI, f"Hi\n<img src='{DATA}'>", "error the picture of <img> is a data: URL, which Gmail does not show"),
    (URI, f"Hi\n<p style='background: url({DATA})'>x</p>", "error the picture of <p> is a data: URL"),
    (RELATIVE, "Hi\n<img src='/static/a.png'>", "error the src of <img> is '/static/a.png': expected an absolute URL"),
    (RELATIVE, "Hi\n<img src='//acme.example/a.png'>", "error the src of <img> is '//acme.example/a.png'"),
    (RELATIVE, "Hi\n<img>", "error the src of <img> is '': expected an absolute URL"),
    (RELATIVE, "Hi\n<img src='file:///tmp/a.png'>", "error the src of <img> is 'file:///tmp/a.png'"),
    (RELATIVE, "<style>p { background: url('a.png') }</style>\n<p>x</p>", "error the style of <p> is 'a.png'"),
    (CID, "Hi\n<img src='cid:logo'>", "error no attachment has the cid of 'cid:logo'"),
    (
        RATIO,
        f"Sale!\n<img src='{SHOP}/a.png' width='600'>",
        "warning there are 5 characters of text beside a large image",
    ),
    (RATIO, f"<p></p>\n<img src='{SHOP}/a.png' width='20'>", "error the mail is images without any text"),
]
SILENT = [
    (DIMENSIONS, f"<img src='{SHOP}/a.png' width='10'><img src='{SHOP}/a.png' style='width: 100%'>"),
    (DIMENSIONS, f"<img src='{SHOP}/a.svg' width='10' height=20><div hidden><img src='{SHOP}/a.png'></div>"),
    (OCTETS, f"<img src='{DATA}'>"),
    (FORMAT, f"<img src='{SHOP}/a.png'><img src='{SHOP}/a.JPG'><img src='{DATA}'><img src='{SHOP}/a'>"),
    (URI, f"<img src='{SHOP}/a.png'><a href='data:x'>x</a>"),
    (RELATIVE, f"<img src='{SHOP}/a.png'><img src=' CID:x'><img src='{DATA}'>"),
    (CID, f"<img src='{SHOP}/a.png'>"),
    (RATIO, f"<p>{LONG}</p><img src='{SHOP}/a.png' width='600'>"),
    (RATIO, f"Hi<img src='{SHOP}/a.png' width='120'>"),
    (RATIO, "<p></p>"),
]


@pytest.mark.parametrize(("name", "html", "expected"), FIRING)
def test_finds(tmp_path: Path, name: str, html: str, expected: str) -> None:
    """A fault is told with the line of the template."""
    (found,) = told(RULES[name], mail_of(tmp_path, html))

    wanted = f"templates/x.html:2 {expected}"
    assert wanted == found[: len(wanted)]


@pytest.mark.parametrize(("name", "html"), SILENT)
def test_finds_nothing(tmp_path: Path, name: str, html: str) -> None:
    """What is right is left alone."""
    assert [] == told(RULES[name], mail_of(tmp_path, html))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG + bytes(300_000), "warning the picture 'cid:logo' has 300,033 octets, more than 200,000"),
        (PNG + bytes(2_000_000), "error the picture 'cid:logo' has 2,000,033 octets, more than 200,000"),
    ],
)
def test_a_large_file_is_found_where_it_is_shown(tmp_path: Path, content: bytes, expected: str) -> None:
    """Once, however often it is shown."""
    html = "Hi\n<img src='cid:logo'>\n<img src='cid:logo'>"
    mail = mail_of(tmp_path, html, definition=ATTACHED, files={"attachments/logo.png": content})

    assert [f"templates/x.html:2 {expected}"] == told(RULES[OCTETS], mail)


def test_an_attachment_that_is_shown_is_fine(tmp_path: Path) -> None:
    """Neither missing nor too much; its own width counts beside the text."""
    mail = mail_of(tmp_path, "<img src='cid:logo'>", definition=ATTACHED, files={"attachments/logo.png": PNG})

    assert [] == [each for rule in (CID, OCTETS, FORMAT, RELATIVE) for each in told(RULES[rule], mail)]
    assert (600.0, "png") == (mail.pictures[0].width(), mail.pictures[0].format)


def test_an_attachment_that_nothing_shows_is_found_in_the_definition(tmp_path: Path) -> None:
    """Where it is declared."""
    mail = mail_of(tmp_path, "<p>Hi</p>", definition=ATTACHED, files={"attachments/logo.png": PNG})

    assert ["notifications/x.yaml:6 error nothing in the HTML shows the attachment with the cid 'logo'"] == told(
        RULES[CID], mail
    )


def test_an_animated_png_is_told_from_its_content(tmp_path: Path) -> None:
    """Outlook and some phones show only its first picture."""
    files = {"attachments/logo.png": PNG + b"\x00\x00\x00\x08acTL"}
    mail = mail_of(tmp_path, "<img src='cid:logo'>", definition=ATTACHED, files=files)

    (found,) = told(RULES[FORMAT], mail)
    assert "the picture 'cid:logo' is APNG" in found


def test_only_the_clients_count_that_are_selected(tmp_path: Path) -> None:
    """Apple Mail knows WebP."""
    mail = mail_of(tmp_path, f"<img src='{SHOP}/a.webp'>", settings=CheckSettings(clients=("apple-mail",)))

    assert [] == told(RULES[FORMAT], mail)


@pytest.mark.parametrize(
    ("name", "html", "most"),
    [(OCTETS, f"<img src='{DATA}'>", 10), (RATIO, f"<p>{LONG}</p><img src='{SHOP}/a.png' width='600'>", 1000)],
)
def test_a_threshold_can_be_set(tmp_path: Path, name: str, html: str, most: float) -> None:
    """By the rule's id."""
    assert 1 == len(told(RULES[name], mail_of(tmp_path, html, settings=CheckSettings(limits={name: most}))))
