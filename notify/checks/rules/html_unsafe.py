"""Rules about HTML that mail clients take out, or never load."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.sources import style_sheets
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.markup.tokens import Token

_FORBIDDEN = frozenset({
    "applet", "base", "embed", "form", "frame", "frameset", "iframe", "object", "script",
})  # fmt: skip
_DATA = re.compile(r"application/(?:ld\+)?json", re.IGNORECASE)
_HANDLER = re.compile(
    r"on(?:abort|animation\w+|blur|change|click|contextmenu|copy|cut|dblclick|drag\w*|drop|error|focus\w*|hashchange|input"
    r"|invalid|key\w+|load\w*|message|mouse\w+|page\w+|paste|pointer\w+|reset|resize|scroll|select|submit|toggle|touch\w+"
    r"|transition\w+|unload|wheel)"
)


@rule(
    Mail,
    "html-forbidden",
    severity="error",
    why="Mail clients take out active content, and filters count it as a mark of malware or phishing.",
    example='<form action="https://acme.example/vote">',
    cure="Link to a page that does it. Data for programs in `<script type=application/ld+json>` is fine.",
)
def forbidden(mail: Mail) -> Iterator[Problem]:
    """The HTML holds scripts, forms, frames, plugins or event handlers."""
    for token in mail.tokens:
        if token.kind != "start":
            continue
        if token.name in _FORBIDDEN and not _is_data(token):
            yield Problem(
                mail.at(token.start),
                f"<{token.name}> is taken out by mail clients, or the mail with it",
                "link to a page",
            )
        for attribute in token.attributes:
            if _HANDLER.fullmatch(attribute.name):
                yield Problem(
                    mail.at(attribute.start),
                    f"the event handler {attribute.name} of <{token.name}> is taken out by mail clients",
                    "remove it",
                )
            elif attribute.value.strip().lower().startswith("javascript:"):
                yield Problem(
                    mail.at(attribute.start),
                    f"the script in {attribute.name} of <{token.name}> is taken out by mail clients",
                    "link to a page",
                )


def _is_data(token: Token) -> bool:
    return token.name == "script" and _DATA.fullmatch((token.get("type") or "").strip()) is not None


@rule(
    Mail,
    "html-external-css",
    severity="warning",
    why="Most mail clients load no style sheets: what they say is missing there.",
    example='<link rel="stylesheet" href="https://acme.example/mail.css">',
    cure="Put the CSS into a `<style>` element of the layout; it is inlined when the mail is rendered.",
)
def external_css(mail: Mail) -> Iterator[Problem]:
    """The HTML links to a style sheet."""
    for token in mail.tokens:
        if token.kind == "start" and token.name == "link" and "stylesheet" in (token.get("rel") or "").lower().split():
            yield Problem(
                mail.at(token.start),
                f"the style sheet {token.get('href') or ''!r} is not loaded by most mail clients",
                "put the CSS into a <style> element",
            )


@rule(
    Mail,
    "html-css-import",
    severity="warning",
    why="Most mail clients load no style sheets: what an imported one says is missing there.",
    example="<style>@import url(https://acme.example/mail.css);</style>",
    cure="Put the CSS into the `<style>` element itself.",
)
def css_import(mail: Mail) -> Iterator[Problem]:
    """A style sheet imports another."""
    for start, sheet in style_sheets(mail):
        for found in sheet.at_rules:
            if found.name == "import":
                yield Problem(
                    mail.at(start + found.start),
                    f"@import {found.prelude} is not loaded by most mail clients",
                    "put the CSS here",
                )


RULES: tuple[AnyRule, ...] = (forbidden, external_css, css_import)
