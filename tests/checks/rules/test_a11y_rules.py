"""Rules about reading a mail without seeing all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import mail_of, told

from notify.checks.rules import a11y_images, a11y_sight, a11y_words
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (a11y_images, a11y_sight, a11y_words) for each in module.RULES}
ALT, FILENAME, LONG = "a11y-alt-missing", "a11y-alt-filename", "a11y-alt-long"
LINK, HEADING, JUSTIFY, CAPS = "a11y-link-text", "a11y-heading-order", "a11y-justify", "a11y-all-caps-block"
CONTRAST, SIZE, TAP = "a11y-contrast", "a11y-font-size", "a11y-tap-target"
SHOP = "https://acme.example"
LOGO = f"{SHOP}/logo.png"
GREY = "the text of <p>, #999999 on #ffffff, has a contrast of 2.8, less than 4.5"
BUTTON = f"<a href='{SHOP}' style='display: inline-block; background: #1d4ed8; color: white; padding: %s'>Track it</a>"

FIRING = [
    (ALT, f"Hi\n<img src='{LOGO}'>", f"warning the image '{LOGO}' has no alt"),
    (
        ALT,
        f"<a href='{SHOP}'>\n<img src='{LOGO}'></a>",
        f"error the image '{LOGO}' is a link, and has no alt that says",
    ),
    (ALT, f"<a href='{SHOP}'>\n<img src='{LOGO}' alt=''></a>", f"error the image '{LOGO}' is a link, and has no alt"),
    (ALT, f"<a href='{SHOP}'>Home\n<img src='{LOGO}'></a>", f"warning the image '{LOGO}' has no alt"),
    (FILENAME, f"Hi\n<img src='{LOGO}' alt='logo.png'>", "info the alt 'logo.png' is the name of a file"),
    (FILENAME, f"Hi\n<img src='{LOGO}' alt='Big-Logo.JPEG'>", "info the alt 'Big-Logo.JPEG' is the name of a file"),
    (LONG, f"Hi\n<img src='{LOGO}' alt='{'x' * 126}'>", f"info the alt of '{LOGO}' has 126 characters, more than 125"),
    (LINK, f"Hi\n<a href='{SHOP}'>Click here!</a>", "warning the link text 'Click here!' does not say where it leads"),
    (LINK, f"Hi\n<a href='{SHOP}'>» HIER klicken</a>", "warning the link text '» HIER klicken' does not say where"),
    (LINK, f"Hi\n<a href='{SHOP}'> </a>", "error a link has no text"),
    (LINK, f"<a href='{SHOP}'>Logo</a>\n<a href='{SHOP}'>Acme</a>", "warning this link leads where the one before it"),
    (HEADING, "<h1>Hi</h1>\n<h3>there</h3>", "info <h3> has no <h2> before it"),
    (HEADING, "<h1>Hi</h1><h2>you</h2>\n<h4>there</h4>", "info <h4> follows <h2>"),
    (JUSTIFY, "<style>.x { text-align: justify; }</style>\n<p class=x>Hi</p>", "info the text of <p> is justified"),
    (JUSTIFY, "Hi\n<p align=Justify>Hi</p>", "info the text of <p> is justified"),
    (CAPS, f"Hi\n<p>{'READ THIS ' * 6}</p>", "info 48 letters of <p> are capitals, more than 40"),
    (CAPS, f"Hi\n<p style='text-transform: uppercase'>{'read this ' * 6}</p>", "info 48 letters of <p> are capitals"),
    (CONTRAST, "Hi\n<p style='color: #999'>there</p>", f"warning {GREY}"),
    (CONTRAST, "<style>p { color: #999 }</style>\n<p>there</p>", f"warning {GREY}"),
    (CONTRAST, "<div style='color: #999'>\n<p>there</p></div>", f"warning {GREY}"),
    (
        CONTRAST,
        "<table bgcolor='000080'><tr><td>\n<a href=x>there</a></table>",
        "warning the text of <a>, #0000ee on #000080",
    ),
    (CONTRAST, "Hi\n<p style='color: rgba(0, 0, 0, .4)'>there</p>", f"warning {GREY}"),
    (
        CONTRAST,
        "<div style='background: #000'>\n<p style='background: rgba(0,0,0,.9)'>a</p>",
        "warning the text of <p>, #000",
    ),
    (
        CONTRAST,
        "Hi\n<h1 style='color: #aaa'>there</h1>",
        "warning the text of <h1>, #aaaaaa on #ffffff, has a contrast of 2.3",
    ),
    (
        SIZE,
        "Hello to you all\n<p style='font-size: 8pt'>Hi</p>",
        "warning the text of <p> has 10.7 pixels, less than 11",
    ),
    (
        SIZE,
        "<p>Hi</p>\n<p style='font: 13px/1 Arial'>Hi there</p>",
        "warning most of the text is smaller than 14 pixels",
    ),
    (SIZE, "<div style='font-size: 12px'>\n<p style='font-size: .8em'>a</p>", "warning the text of <p> has 9.6 pixels"),
    (TAP, f"Hi\n{BUTTON % '4px 8px'}", "info the button is 27.2 pixels high, less than 44"),
]
SILENT = [
    (ALT, f"<img src='{LOGO}' alt=''><a href='{SHOP}'><img src='{LOGO}' alt=''> Acme</a>"),
    (ALT, f"<a href='{SHOP}'><img src='{LOGO}' alt='Acme'></a><img role=presentation src='{LOGO}'>"),
    (ALT, f"<div style='display: none'><img src='{LOGO}'></div>"),
    (FILENAME, f"<img src='{LOGO}' alt='Acme'><img src='{LOGO}' alt=''>"),
    (LONG, f"<img src='{LOGO}' alt='{'x' * 125}'>"),
    (LINK, f"<a href='{SHOP}'>Track your order</a> <a href='{SHOP}/x'>Help</a><a name='here'></a>"),
    (LINK, f"<a href='{SHOP}'><img src='{LOGO}' alt='Acme'></a><a href='{SHOP}/x' aria-label='Help'></a>"),
    (LINK, f"<a href='{SHOP}'>Acme</a> and <a href='{SHOP}'>Acme</a>"),
    (HEADING, "<h2>Hi</h2><h3>there</h3><h1>you</h1><h2>all</h2>"),
    (HEADING, "<p>Hello</p>"),
    (JUSTIFY, "<p style='text-align: center'>Hi</p>"),
    (CAPS, "<p>HELLO TO ALL OF YOU</p><p>" + "Read this " * 9 + "</p>"),
    (CONTRAST, "<p style='color: #767676'>there</p><h1 style='color: #949494'>there</h1><p style='color: #fff'>·</p>"),
    (CONTRAST, "<div style='background: #000 url(x)'><p style='color: #fff'>there</p></div>"),
    (CONTRAST, "<div style='background: black'><p style='color: #fff'>there</p></div>"),
    (
        CONTRAST,
        "<div style='color: #fff; display: none'>there</div><div style='color: #fff; font-size: 1px'>there</div>",
    ),
    (CONTRAST, "<font color='yellow'><p style='background-color: navy'>there</p></font>"),
    (SIZE, "<p>Hello to you all</p><p style='font-size: 12px'>Hi there</p>"),
    (SIZE, "<p style='font-size: 1px'>Hello to you all</p><p style='font: bold 1.5rem/2 Arial'>Hi there</p>"),
    (TAP, f"{BUTTON % '13px 28px'}<a href='{SHOP}'>plain</a>"),
    (TAP, f"<table><tr><td style='background: navy; padding: 4px'><a href='{SHOP}'>Acme</a></table>"),
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


def test_a_long_mail_wants_a_heading(tmp_path: Path) -> None:
    """Of more than 600 characters."""
    found = told(RULES[HEADING], mail_of(tmp_path, f"<p>{'word ' * 200}</p>"))

    assert ["templates/x.html:1 info the mail is long and has no heading"] == found


@pytest.mark.parametrize(
    ("name", "html", "most"),
    [
        (LONG, f"<img src='{LOGO}' alt='{'x' * 130}'>", 130),
        (CONTRAST, "<p style='color: #999'>there</p>", 2.5),
        (SIZE, "<p style='font-size: 13px'>there</p>", 13),
        (TAP, BUTTON % "4px", 20),
        (CAPS, f"<p>{'READ THIS ' * 6}</p>", 48),
        (HEADING, f"<p>{'word ' * 200}</p>", 2000),
    ],
)
def test_a_threshold_can_be_set(tmp_path: Path, name: str, html: str, most: float) -> None:
    """By the rule's id."""
    assert [] != told(RULES[name], mail_of(tmp_path, html))
    assert [] == told(RULES[name], mail_of(tmp_path, html, settings=CheckSettings(limits={name: most})))
