"""Rules about links, headings and text as those meet them who cannot see the whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.sources import limit
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.page import Element

_VAGUE = frozenset({
    "click", "click here", "click this link", "continue reading", "details", "find out more", "here", "learn more",
    "link", "more", "more info", "read more", "see more", "tap here", "this", "this link", "view more",
    "hier", "hier klicken", "klicken sie hier", "klick hier", "mehr", "mehr erfahren", "mehr lesen", "weiterlesen",
    "cliquez ici", "cliquer ici", "en savoir plus", "ici", "lire la suite", "plus", "voir plus",
    "aquí", "haz clic aquí", "haga clic aquí", "leer más", "más", "más información", "pulsa aquí", "ver más",
    "clicca qui", "leggi di più", "qui", "scopri di più", "altro",
    "hier klikken", "klik hier", "lees meer", "lees verder", "meer", "meer info",
    "aqui", "clique aqui", "leia mais", "mais", "saiba mais", "ver mais",
    "kliknij tutaj", "tutaj", "więcej", "czytaj więcej",
    "اضغط هنا", "هنا", "المزيد", "اقرأ المزيد",
    "לחץ כאן", "כאן", "קרא עוד",
    "нажмите здесь", "здесь", "подробнее", "читать далее",
    "ここ", "ここをクリック", "こちら", "詳細", "点击这里", "這裡", "这里", "更多", "여기", "여기를 클릭", "자세히",
})  # fmt: skip
"""Words that say nothing of where a link leads, in some languages."""
_ENDS = re.compile(r"^[\W_]+|[\W_]+$")
_HEADING = re.compile(r"h([1-6])")
_LONG_TEXT = 600
"""A text of so many characters wants a heading."""
_MOST_CAPITALS = 40


@rule(
    Mail,
    "a11y-link-text",
    severity="warning",
    why="Screen readers list the links of a mail without the text around them: ten times 'here' tell nothing, and an "
    "empty one is read as its URL (WCAG 2.4.4).",
    example='<a href="https://acme.example/orders">Click here</a>',
    cure="Say where the link leads: Track your order. Make one link of an image and the words beside it.",
)
def link_text(mail: Mail) -> Iterator[Problem]:
    """The text of a link is empty or says nothing, or two links side by side are one."""
    before: Element | None = None
    for link in mail.page.shown:
        if link.tag != "a" or "href" not in link.attributes:
            continue
        words = link.name
        if not words and all(each.tag != "img" for each in link.inside()):
            yield Problem(mail.at(link.offset), "a link has no text", "say where it leads", "error")
        elif _ENDS.sub("", words).lower() in _VAGUE:
            yield Problem(mail.at(link.offset), f"the link text {words!r} does not say where it leads", "say it")
        if before is not None and _next(before) is link and before.attributes["href"] == link.attributes["href"]:
            yield Problem(mail.at(link.offset), "this link leads where the one before it leads", "make them one link")
        before = link


def _next(link: Element) -> Element | None:
    """The element beside a link with nothing between."""
    siblings = [
        each for each in (link.parent.children if link.parent else []) if not isinstance(each, str) or each.strip()
    ]
    place = siblings.index(link) + 1
    found = siblings[place] if place < len(siblings) else None
    return None if isinstance(found, str) else found


@rule(
    Mail,
    "a11y-heading-order",
    severity="info",
    why="Those who use a screen reader jump from heading to heading; a level that is left out looks like a part that "
    "is missing (WCAG 1.3.1).",
    example="<h1>Your order</h1><h3>Items</h3>",
    cure="Use the levels in their order, and a class for the size.",
)
def heading_order(mail: Mail) -> Iterator[Problem]:
    """Headings leave out a level, or a long mail has none."""
    level, is_any = 1, False
    for element in mail.page.shown:
        found = _HEADING.fullmatch(element.tag)
        if found is None:
            continue
        own, is_any = int(found[1]), True
        if own > level + 1:
            yield Problem(
                mail.at(element.offset),
                f"<h{own}> follows <h{level}>" if level > 1 else f"<h{own}> has no <h2> before it",
                f"write <h{level + 1}>",
            )
        level = own
    if not is_any:
        worded = [each for each in mail.page.shown if each.has_words]
        length = sum(len(each.strip()) for element in worded for each in element.own)
        if length > limit(mail, "a11y-heading-order", _LONG_TEXT):
            yield Problem(mail.at(worded[0].offset), "the mail is long and has no heading", "begin it with an <h1>")


@rule(
    Mail,
    "a11y-justify",
    severity="info",
    why="Justified text has gaps of all sizes on a narrow screen, which is hard to read for many (WCAG 1.4.8).",
    example='<p style="text-align: justify">',
    cure="Align text to the side where it begins.",
)
def justify(mail: Mail) -> Iterator[Problem]:
    """Text is justified."""
    for element in mail.page.shown:
        if "justify" in (element.style.get("text-align"), element.attributes.get("align", "").lower()):
            yield Problem(mail.at(element.offset), f"the text of <{element.tag}> is justified", "align it to the left")


@rule(
    Mail,
    "a11y-all-caps-block",
    severity="info",
    why="Words in capitals have no shape to recognise, are read letter by letter by some screen readers, and look like "
    "shouting.",
    example="<p>PLEASE READ THESE TERMS CAREFULLY BEFORE YOU GO ON</p>",
    cure="Write sentences; set off what matters with `<strong>`.",
)
def all_caps(mail: Mail) -> Iterator[Problem]:
    """A text of more than 40 letters is in capitals."""
    most = limit(mail, "a11y-all-caps-block", _MOST_CAPITALS)
    looks = mail.page.looks
    for element in mail.page.shown:
        for text in element.own if element.has_words else ():
            letters = [letter for letter in text if letter.lower() != letter.upper()]
            is_upper = looks[element].upper or all(letter.isupper() for letter in letters)
            if len(letters) > most and is_upper:
                message = f"{len(letters)} letters of <{element.tag}> are capitals, more than {most:g}"
                yield Problem(mail.at(element.offset), message, "write sentences")


RULES: tuple[AnyRule, ...] = (link_text, heading_order, justify, all_caps)
