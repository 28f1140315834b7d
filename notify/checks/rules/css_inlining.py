"""Rules about what becomes of style sheets when they are inlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.sources import style_sheets
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.css import Declaration, StyleRule
    from notify.errors import Location

_APART = frozenset({"border-collapse", "border-image", "border-radius", "border-spacing"})
"""Properties that a shorthand of their name does not set."""


@rule(
    Mail,
    "css-media-not-important",
    severity="warning",
    why="When CSS is inlined, the ordinary rules move into style attributes, which win over any style sheet: a rule in "
    "@media changes nothing unless it is important.",
    example=".box { width: 600px } @media (max-width: 600px) { .box { width: 100% } }",
    cure="Write `!important` after every value in `@media`: `width: 100% !important`.",
)
def media_not_important(mail: Mail) -> Iterator[Problem]:
    """A rule in @media is overridden by a style that was inlined."""
    for start, sheet in style_sheets(mail):
        for found in sheet.rules:
            if any(each.name == "media" for each in found.within):
                for declaration, over in _overridden(mail, found):
                    yield Problem(
                        mail.at(start + declaration.start),
                        f"{declaration} in @media {found.within[-1].prelude} is overridden by {over}, which is inlined",
                        "write !important after it",
                    )


def _overridden(mail: Mail, found: StyleRule) -> Iterator[tuple[Declaration, str]]:
    ordinary = [each for each in found.declarations if not each.important]
    elements = [each for selector in found.selectors for each in mail.page.matching(selector)] if ordinary else []
    for declaration in ordinary:
        for element in elements:
            same = next((name for name in element.style if _is_about(name, declaration.name)), None)
            if same is not None and element.style[same] != declaration.value.lower():
                yield declaration, f"{same}: {element.style[same]} of <{element.tag}>"
                break


def _is_about(one: str, other: str) -> bool:
    """Whether the one property sets what the other sets, or a part of it."""
    if one == other:
        return True
    return not {one, other} & _APART and (one.startswith(f"{other}-") or other.startswith(f"{one}-"))


@rule(
    Mail,
    "css-not-inlined",
    severity="warning",
    why="Some clients drop every `<style>` element, such as Gmail for accounts of other providers: what is only there "
    "is missing then.",
    example='<style data-css-inline="ignore">.lead { font-size: 18px }</style>',
    cure="Let notify inline the CSS, or write it into style attributes.",
)
def not_inlined(mail: Mail) -> Iterator[Problem]:
    """A rule that counts for elements of the mail was not inlined."""
    for found in mail.page.rules:
        if found.within or not found.declarations:
            continue
        for selector in found.selectors:
            if ":" not in selector and mail.page.matching(selector):
                yield Problem(
                    _place(mail, found),
                    f"the rule of {selector} is not inlined",
                    "remove what keeps it from being inlined",
                )
                break


def _place(mail: Mail, found: StyleRule) -> Location:
    for start, sheet in style_sheets(mail):
        for each in sheet.rules:
            if each.selectors == found.selectors and _says(each) == _says(found) and not each.within:
                return mail.at(start + each.start)
    return mail.at_html


def _says(found: StyleRule) -> list[str]:
    return list(map(str, found.declarations))


RULES: tuple[AnyRule, ...] = (media_not_important, not_inlined)
