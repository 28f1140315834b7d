"""Rules about mails in dark mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.colours import contrast
from notify.checks.reading.css import is_dark
from notify.checks.reading.sources import limit, style_sheets
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.looks import Look

_SCHEMES = frozenset({"color-scheme", "supported-color-schemes"})
_LEAST = 3.0


@rule(
    Mail,
    "css-dark-meta",
    severity="warning",
    why="Apple Mail follows rules for dark mode only in a mail that says it supports it; a mail that says so without "
    "such rules gets the client's own colours beside its own.",
    example="@media (prefers-color-scheme: dark) { .card { background-color: #111827 !important } }",
    cure='Write both: `<meta name="color-scheme" content="light dark">` (and `supported-color-schemes` for older '
    "clients), and the rules. A mail that is always light says `light`.",
)
def dark_meta(mail: Mail) -> Iterator[Problem]:
    """The mail has rules for dark mode and does not say so, or says so and has none."""
    rules = [
        start + around.start
        for start, sheet in style_sheets(mail)
        for each in sheet.rules
        for around in each.within
        if is_dark(around)
    ]
    said = [*_metas(mail), *_properties(mail)]
    if rules and not said:
        yield Problem(
            mail.at(rules[0]),
            "there are rules for dark mode, and no meta tag says that the mail supports it",
            'put <meta name="color-scheme" content="light dark"> into the head',
        )
    elif said and not rules and "light-dark(" not in mail.document:
        yield Problem(
            mail.at(said[0]),
            "the mail says that it supports dark mode, and has no rules for it",
            "write rules in @media (prefers-color-scheme: dark), or say light",
        )


def _metas(mail: Mail) -> Iterator[int]:
    for token in mail.tokens:
        name, content = (token.get("name") or "").lower(), (token.get("content") or "").lower()
        if token.kind == "start" and token.name == "meta" and name in _SCHEMES and "dark" in content:
            yield token.start


def _properties(mail: Mail) -> Iterator[int]:
    for start, sheet in style_sheets(mail):
        for found in sheet.rules:
            for each in found.declarations:
                if each.name in _SCHEMES and "dark" in each.value.lower() and not found.within:
                    yield start + each.start


@rule(
    Mail,
    "css-dark-contrast",
    severity="warning",
    why="In dark mode a client may change the colour of text, or of what is behind it, where the mail does not set it: "
    "what sets only one of them becomes dark on dark, or white on white.",
    example='<td style="background-color: #ffffff">Text without a colour</td>',
    cure="Set `color` and `background-color` together, in rules for dark mode too.",
)
def dark_contrast(mail: Mail) -> Iterator[Problem]:
    """Text cannot be told from what it stands on in dark mode, since only one of the two is set."""
    page = mail.page
    seen: set[str] = set()
    for element in page.shown:
        look = page.looks[element]
        if element.has_words and (message := _half(look)) and message not in seen:
            seen.add(message)
            place = look.color_by or look.background_by or element
            yield Problem(mail.at(place.offset), message, "set both")
    least = limit(mail, "css-dark-contrast", _LEAST)
    for element in page.shown if any(each.is_dark for each in page.rules) else ():
        look, light = page.dark_looks[element], page.looks[element]
        if not element.has_words or look.hidden or look.background is None or _same(look, light):
            continue
        color = look.color.over(look.background)
        ratio = contrast(color, look.background)
        if ratio < least:
            yield Problem(
                mail.at(element.offset),
                f"in dark mode the text of <{element.tag}>, {color} on {look.background}, has a contrast of "
                f"{int(ratio * 10) / 10:g}, less than {least:g}",
                "set both colours in the rules for dark mode",
            )


def _half(look: Look) -> str:
    """What is wrong where text has a colour and nothing behind it, or the reverse."""
    if look.background is None:
        return ""
    if look.color_by is not None and look.background_by is None:
        return f"the text has the color {look.color}, and nothing behind it has a background-color"
    if look.background_by is not None and look.color_by is None and not look.is_link:
        return f"what is behind the text has the background-color {look.background}, and the text has no color"
    return ""


def _same(one: Look, other: Look) -> bool:
    return (one.color, one.background) == (other.color, other.background)


RULES: tuple[AnyRule, ...] = (dark_meta, dark_contrast)
