"""Rules about the CSS of mails, but for what clients support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import mail_of, told

from notify.checks.rules import css_dark, css_inlining
from notify.configuration.checking import CheckSettings

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (css_dark, css_inlining) for each in module.RULES}
MEDIA, INLINED, META, DARK = "css-media-not-important", "css-not-inlined", "css-dark-meta", "css-dark-contrast"
PHONE = "@media (max-width: 600px)"
NIGHT = "@media (prefers-color-scheme: dark)"
BOX = "<p class=x style='color: #333; background: #fff'>Hi</p>"
BLACK = "background: #000 !important; color: #ccc !important"
SAID = '<!DOCTYPE html><html lang="en"><head><meta name="color-scheme" content="light dark">'

FIRING = [
    (
        MEDIA,
        f"<style>.x {{ width: 600px }} {PHONE} {{\n.x {{ width: 100% }} }}</style><p class=x>Hi</p>",
        "width: 100% in @media (max-width: 600px) is overridden by width: 600px of <p>, which is inlined",
    ),
    (
        MEDIA,
        f"<style>.x {{ padding: 9px }} {PHONE} {{ .y,\n.x {{\npadding-left: 0 }} }}</style><p class=x>Hi</p>",
        "padding-left: 0 in @media (max-width: 600px) is overridden by padding: 9px of <p>",
    ),
    (
        MEDIA,
        f"<style>{PHONE} {{\np {{ background: #000 }} }}</style><p style='background-color: #FFF'>Hi</p>",
        "background: #000 in @media (max-width: 600px) is overridden by background-color: #fff of <p>",
    ),
    (
        INLINED,
        "<style>.x { color: blue }</style><style data-css-inline=ignore>\n.x { color: red }</style><p class=x>Hi</p>",
        "the rule of .x is not inlined",
    ),
    (
        META,
        f"<style>\n{NIGHT} {{\np {{ color: #fff }} }}</style>",
        "there are rules for dark mode, and no meta tag says",
    ),
    (META, f"<style>.a {{ }}</style>\n{SAID}", "the mail says that it supports dark mode, and has no rules for it"),
    (META, "<style>\n:root { color-scheme: light dark }</style>", "the mail says that it supports dark mode, and has"),
    (
        DARK,
        "Hi\n<p style='color: #333'>there</p>",
        "the text has the color #333333, and nothing behind it has a backgr",
    ),
    (
        DARK,
        "<style>.x { background: #eee }</style>\n<p class=x>Hi</p>",
        "what is behind the text has the background-color #eeeeee, and the text has no color",
    ),
    (
        DARK,
        f"<style>{NIGHT} {{ .x {{ background: #000 !important }} }}</style>\n{BOX}",
        "in dark mode the text of <p>, #333333 on #000000, has a contrast of 1.6, less than 3",
    ),
]
SILENT = [
    (MEDIA, f"<style>.x {{ width: 600px }} {PHONE} {{ .x {{ width: 100% !important }} }}</style><p class=x>Hi</p>"),
    (MEDIA, f"<style>.x {{ border: 1px }} {PHONE} {{ .x {{ border-radius: 0 }} }}</style><p class=x>Hi</p>"),
    (MEDIA, f"<style>.x {{ width: 600px }} {PHONE} {{ .y {{ width: 100% }} }}</style><p class=x>Hi</p>"),
    (MEDIA, f"<style>.x {{ width: 100% }} {PHONE} {{ .x {{ width: 100% }} }}</style><p class=x>Hi</p>"),
    (INLINED, "<style>.x { color: red } .x:hover { color: blue } .y { color: red }</style><p class=x>Hi</p>"),
    (INLINED, f"<style>{PHONE} {{ .x {{ color: red }} }}</style><p class=x>Hi</p>"),
    (META, f"{SAID}<style>{NIGHT} {{ p {{ color: #fff }} }}</style>"),
    (META, f"<style>:root {{ color-scheme: light dark }} {NIGHT} {{ p {{ color: #fff }} }}</style>"),
    (META, f"{SAID.replace('light dark', 'light')}<p>Hi</p>"),
    (DARK, "<p style='color: #333; background: #fff'>Hi</p><p>there</p>"),
    (DARK, f"<style>{NIGHT} {{ .x {{ {BLACK} }} }}</style>{BOX.replace('background', 'background-color')}"),
    (DARK, "<p style='background: #fff'><a href='https://acme.example'>Hi</a></p>"),
    (DARK, "<p style='background: url(x)'>Hi</p><div style='background: #fff'><p style='color: #000'>Hi</p></div>"),
    (
        DARK,
        f"<style>{NIGHT} {{ .x {{ {BLACK} }} }}</style>{BOX}",
    ),
]


@pytest.mark.parametrize(("name", "html", "expected"), FIRING)
def test_finds(tmp_path: Path, name: str, html: str, expected: str) -> None:
    """A fault is told with the line of the template."""
    (found,) = told(RULES[name], mail_of(tmp_path, html))

    line = 3 if "padding-left" in html else 2
    wanted = f"templates/x.html:{line} warning {expected}"
    assert wanted == found[: len(wanted)]


@pytest.mark.parametrize(("name", "html"), SILENT)
def test_finds_nothing(tmp_path: Path, name: str, html: str) -> None:
    """What is right is left alone."""
    assert [] == told(RULES[name], mail_of(tmp_path, html))


def test_a_threshold_can_be_set(tmp_path: Path) -> None:
    """By the rule's id."""
    html = (
        f"<style>{NIGHT} {{ .x {{ background: #000 !important }} }}</style>"
        "<p class=x style='color: #777; background: #fff'>Hi</p>"
    )

    assert [] == told(RULES[DARK], mail_of(tmp_path, html))
    assert 1 == len(told(RULES[DARK], mail_of(tmp_path, html, settings=CheckSettings(limits={DARK: 7}))))
