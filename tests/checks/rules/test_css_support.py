"""What mail clients do not support, by the data of caniemail.com."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import mail_of, told

from notify.checks.rules.css_support import RULES
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

    from notify.checks.mail import Mail

OUTLOOK = "is not supported by Outlook (Windows)"


def all_told(mail: Mail) -> dict[str, str]:
    """What all the rules find, by the slug."""
    return {rule.id.partition(":")[2]: each for rule in RULES for each in told(rule, mail)}


@pytest.mark.parametrize(
    ("html", "slug", "expected"),
    [
        ("Hi\n<div style='display: flex'>x</div>", "css-display-flex", f"error display:flex {OUTLOOK}"),
        ("Hi\n<div style='display: inline-grid'>x</div>", "css-display-grid", f"error display:grid {OUTLOOK}"),
        (
            "Hi\n<p style='position: absolute'>x</p>",
            "css-position",
            "error position is not supported by Gmail (Android",
        ),
        (
            "Hi\n<p style='background-image: url(https://acme.example/a.png)'>x</p>",
            "css-background-image",
            f"error background-image {OUTLOOK}",
        ),
        (
            "<style>.x { color: red }\n.y { width: calc(1px + 2px) }</style><p class=y>x",
            "css-unit-calc",
            "warning CSS calc() f",
        ),
        (
            "<style>\n.x::before { content: 'x' }</style><p class=x>x</p>",
            "css-pseudo-element-before",
            "warning ::before is",
        ),
        (
            "<style>\n.x:before { content: 'x' }</style><p class=x>x</p>",
            "css-pseudo-element-before",
            "warning ::before is",
        ),
        ("Hi\n<p style='color: rgba(0, 0, 0, .9)'>x</p>", "css-rgba", f"info rgba() {OUTLOOK}"),
        (
            "Hi\n<p style='margin: 1rem'>x</p>",
            "css-unit-rem",
            "warning rem unit is not supported by Outlook (Windows), Yah",
        ),
        ("Hi\n<video></video>", "html-video", "warning <video> element is not supported by"),
        ("Hi\n<p hidden>x</p>", "html-hidden", "warning hidden attribute is not supported by"),
        ("Hi\n<svg></svg>", "html-svg", "error Embedded <svg> image is not supported by"),
    ],
)
def test_finds(tmp_path: Path, html: str, slug: str, expected: str) -> None:
    """What a client lacks is told with the line where the templates use it, and nothing else is."""
    found = all_told(mail_of(tmp_path, html))

    wanted = f"templates/x.html:2 {expected}"
    assert [slug] == list(found)
    assert wanted == found[slug][: len(wanted)]


@pytest.mark.parametrize(
    "html",
    [
        "<p style='border-radius: 4px; box-shadow: 0 0 2px #000; overflow-wrap: anywhere'>x</p>",
        "<style>@media (width > 600px) { .x { display: flex } } .x:hover { position: fixed }</style><p class=x>x</p>",
        "<style>.x::before { content: 'x' } .x:not(.y) { display: flex }</style><p>x</p>",
        "<p style='display: none; visibility: hidden; position: absolute'>x</p>",
        "<p style='background: #123 url(https://acme.example/a.png)'>x</p>",
        "<table><tr><td bgcolor='#112233' style='background: linear-gradient(red, blue)'>x</table>",
        "<style>:root { --x: 1px } .x { margin: var(--x) }</style><p class=x>x</p>",
        "<p style='background: #fff; content: \"calc(1rem)\"'>x</p><!--[if mso]><v:rect></v:rect><![endif]-->",
    ],
)
def test_finds_nothing_that_can_be_done_without(tmp_path: Path, html: str) -> None:
    """What has something before it or beneath it, is for a state or some clients only, hidden, or a mere ornament."""
    assert {} == all_told(mail_of(tmp_path, html))


def test_an_error_is_told_at_each_place(tmp_path: Path) -> None:
    """What is less than that only at the first, since one look tells it all."""
    one = "<p style='display: flex; margin: 1rem'>x</p>\n"
    mail = mail_of(tmp_path, f"{one}<b>y</b>\n{one}")

    found = {rule.id: [each.split()[0] for each in told(rule, mail)] for rule in RULES}
    assert ["templates/x.html:1", "templates/x.html:3"] == found["css-unsupported:css-display-flex"]
    assert ["templates/x.html:1"] == found["css-unsupported:css-unit-rem"]


def test_what_only_the_inlining_brings_is_told_of_the_template(tmp_path: Path) -> None:
    """A variable may hold what the templates show nowhere."""
    html = "<style>:root { --x: flex } .x { display: var(--x) }</style>\n<p class=x>x</p>"

    found = all_told(mail_of(tmp_path, html))
    assert f"notifications/x.yaml:1 error display:flex {OUTLOOK}" == found["css-display-flex"]


def test_only_the_clients_count_that_are_selected(tmp_path: Path) -> None:
    """Apple Mail knows flexible boxes; where Outlook is the only client, all clients lack them."""
    html = "<p style='display: flex; color: rgba(0, 0, 0, 1)'>x</p>"
    apple = all_told(mail_of(tmp_path, html, settings=CheckSettings(clients=("apple-mail",))))
    outlook = all_told(mail_of(tmp_path, html, settings=CheckSettings(clients=("outlook.windows",))))

    assert {} == apple
    assert f"templates/x.html:1 warning rgba() {OUTLOOK}" == outlook["css-rgba"]


@pytest.mark.parametrize("name", ["css-unsupported", "css-unsupported:css-rgba"])
def test_the_share_that_makes_a_warning_can_be_set(tmp_path: Path, name: str) -> None:
    """In percent, for all features or for one."""
    mail = mail_of(tmp_path, "<p style='color: rgba(0, 0, 0, 1)'>x</p>", settings=CheckSettings(limits={name: 5}))

    assert f"templates/x.html:1 warning rgba() {OUTLOOK}" == all_told(mail)["css-rgba"]


def test_the_hint_names_the_page_and_the_age_of_the_test(tmp_path: Path) -> None:
    """And what the page notes about those clients."""
    mail = mail_of(tmp_path, "<p style='color: rgba(0, 0, 0, 1)'>x</p>")
    (rule,) = [each for each in RULES if each.id == "css-unsupported:css-rgba"]

    (problem,) = rule.check(mail)
    assert "See https://www.caniemail.com/features/css-rgba/, tested 2021-05" == problem.hint
