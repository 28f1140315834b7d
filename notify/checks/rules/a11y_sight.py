"""Rules about what is hard to see, or to touch."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.colours import contrast
from notify.checks.reading.lengths import pixels, sides
from notify.checks.reading.sources import limit
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.looks import Look
    from notify.checks.reading.page import Element

_LEAST_CONTRAST, _LEAST_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD = 24.0, 18.66
_LEAST_BODY, _LEAST_ANY = 14, 11
_MOST = 2 / 3
"""From which share of its letters on it is most of a text; a footer of small print is less."""
_LEAST_HEIGHT = 44
_BLOCK = frozenset({"block", "inline-block"})


@rule(
    Mail,
    "a11y-contrast",
    severity="warning",
    why="Grey on grey cannot be read in the sun, or by people who see less than others (WCAG 1.4.3).",
    example='<p style="color: #999999; background-color: #ffffff">',
    cure="Choose a darker or lighter colour: the ratio is at least 4.5, and 3 for text of 24 px, or 18.66 px in bold.",
)
def contrast_of_text(mail: Mail) -> Iterator[Problem]:
    """Text can hardly be told from what it stands on."""
    least = limit(mail, "a11y-contrast", _LEAST_CONTRAST)
    for element, look in _worded(mail):
        if look.background is None:
            continue
        color = look.color.over(look.background)
        ratio = contrast(color, look.background)
        wanted = min(least, _LEAST_LARGE) if _is_large(look) else least
        if ratio < wanted:
            yield Problem(
                mail.at(element.offset),
                f"the text of <{element.tag}>, {color} on {look.background}, has a contrast of {_down(ratio)}, "
                f"less than {wanted:g}",
                "choose a darker or a lighter colour",
            )


def _down(ratio: float) -> str:
    """Cut off rather than rounded, so that 4.48 does not read as 4.5."""
    return f"{int(ratio * 10) / 10:g}"


def _is_large(look: Look) -> bool:
    return look.size >= (_LARGE_BOLD if look.bold else _LARGE)


def _worded(mail: Mail) -> Iterator[tuple[Element, Look]]:
    """The elements that show letters or digits of their own."""
    return ((each, mail.page.looks[each]) for each in mail.page.shown if each.has_words)


@rule(
    Mail,
    "a11y-font-size",
    severity="warning",
    why="Small text is hard to read, and phones enlarge it by themselves, which breaks the layout.",
    example='<p style="font-size: 10px">',
    cure="Use at least 14 px for the text of a mail, better 16, and 11 for the smallest print.",
)
def font_size(mail: Mail) -> Iterator[Problem]:
    """Most of the text is smaller than 14 pixels, or some smaller than 11."""
    least = limit(mail, "a11y-font-size", _LEAST_BODY)
    letters: Counter[bool] = Counter()
    first: tuple[Element, float] | None = None
    for element, look in _worded(mail):
        letters[look.size < least] += sum(len(each.strip()) for each in element.own)
        if look.size < min(least, _LEAST_ANY):
            yield Problem(
                mail.at(element.offset),
                f"the text of <{element.tag}> has {look.size:.3g} pixels, less than {_LEAST_ANY}",
                "make it larger",
            )
        elif look.size < least:
            first = first or (element, look.size)
    if first is not None and letters[True] > letters.total() * _MOST:
        yield Problem(
            mail.at(first[0].offset),
            f"most of the text is smaller than {least:g} pixels, here {first[1]:.3g}",
            "make it larger",
        )


@rule(
    Mail,
    "a11y-tap-target",
    severity="info",
    why="A finger misses what is lower than 44 pixels, the least that Apple's guidelines and WCAG 2.5.5 ask for.",
    example='<a href="https://acme.example" style="padding: 4px 8px; background-color: #1d4ed8">',
    cure="Give the link itself a padding of 12 px or more, not the cell around it.",
)
def tap_target(mail: Mail) -> Iterator[Problem]:
    """A button is lower than 44 pixels."""
    least = limit(mail, "a11y-tap-target", _LEAST_HEIGHT)
    for link in mail.page.shown:
        if link.tag != "a" or "href" not in link.attributes:
            continue
        look = mail.page.looks[link]
        padding = sides(link.style, "padding", look.size)
        is_filled = look.background_by is link or look.background_by is link.parent
        if not (is_filled and link.words and (any(padding.values()) or link.style.get("display") in _BLOCK)):
            continue
        inner = max(look.line, pixels(link.style.get("height", ""), look.size) or 0)
        height = inner + padding["top"] + padding["bottom"]
        if height < least:
            yield Problem(
                mail.at(link.offset),
                f"the button is {height:.3g} pixels high, less than {least:g}",
                "give it more padding",
            )


RULES: tuple[AnyRule, ...] = (contrast_of_text, font_size, tap_target)
