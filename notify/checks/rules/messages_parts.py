"""Rules about the two bodies of a message, which have to say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.words import offsets_of
from notify.checks.rule import AnyRule, Problem, rule
from notify.definition import InPlace
from notify.markup.linkify import found_links
from notify.markup.links import links
from notify.rendering.plaintext import html_to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LEAST = 0.5
_NUMBER = re.compile(r"\d(?:[\d.,:/-]*\d)+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_URL = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
_FEW = 12
_LAYOUTS = frozenset({"notify/base.html", "notify/markdown.html"})


@rule(
    Mail,
    "msg-text-html-drift",
    severity="warning",
    why="Whoever reads the text part is told something else than the others, and filters distrust a mail whose parts "
    "differ (SpamAssassin's MPART_ALT_DIFF).",
    example="The HTML shows a total of 42.00 and a link to the order; the .txt template has neither.",
    cure="Bring the text up to date, or remove it, so that it is derived from the HTML.",
)
def text_html_drift(mail: Mail) -> Iterator[Problem]:
    """The text and the HTML say different things."""
    if not mail.html or not mail.text.strip() or mail.text_is_derived:
        return
    shown = html_to_text(mail.html)
    yield from _links(mail)
    text, html = _URL.sub(" ", mail.text), _URL.sub(" ", shown)
    written, printed = _numbers(text), _numbers(html)
    for number in sorted(printed - written):
        offset = next((each for each in offsets_of(mail, number) if _is_own(mail, each)), None)
        if offset is not None:
            message = f"the HTML has {number}, and the text has not"
            yield Problem(mail.at(offset), message, "write it into the text, or derive that")
    for number in sorted(written - printed):
        place = mail.at_plain(_offset(mail.text, number))
        yield Problem(place, f"the text has {number}, and the HTML has not", "bring the text up to date")
    yield from _words(mail, _of(text), _of(html))


def _links(mail: Mail) -> Iterator[Problem]:
    shown = {link.url for link in links(mail.html, None) if link.url.startswith(("http:", "https:"))}
    written = {url for _, _, url in found_links(mail.text) if not url.startswith("mailto:")}
    for url in sorted(url for url in shown - written if url not in mail.text):
        offset = _offset(mail.document, url.replace("&", "&amp;"), url)
        if _is_own(mail, offset):  # the text may do without what a layout has for all mails
            message = f"the HTML links to {url}, and the text does not"
            yield Problem(mail.at(offset), message, "write the link into the text")
    for url in sorted(_without(written, shown)):
        place = mail.at_plain(_offset(mail.text, url))
        yield Problem(place, f"the text has the link {url}, and the HTML has not", "bring the text up to date")


def _is_own(mail: Mail, offset: int) -> bool:
    """Whether the notification's own template prints what stands at an offset of the HTML, not its layout."""
    spot = mail.source.spot(offset) if mail.source else None
    own = {mail.whole.shown(source.path) for source in mail.whole.sources.of(mail.definition) if source.path}
    is_in_place = isinstance(mail.definition.html, InPlace)  # else it is the preheader that comes from the definition
    is_shipped = spot is not None and spot[0] in _LAYOUTS
    return not is_shipped and mail.at(offset).path in {*own, *([mail.definition.location.path] if is_in_place else [])}


def _without(urls: Iterable[str], others: Iterable[str]) -> set[str]:
    """Those that are not among the others, be it with or without a slash at the end."""
    known = {url.rstrip("/") for url in others}
    return {url for url in urls if url.rstrip("/") not in known}


def _words(mail: Mail, text: set[str], html: set[str]) -> Iterator[Problem]:
    least = mail.settings.limits.get("msg-text-html-drift", _LEAST)
    union = len(text | html)
    if union >= _FEW and len(text & html) / union < least:
        shared = f"{len(text & html) * 100 // union} %"
        message = f"the text and the HTML have {shared} of their words in common"
        yield Problem(mail.at_plain(0), message, "bring the text up to date, or remove it, so that it is derived")


def _numbers(text: str) -> set[str]:
    return {found.strip(".,:/-") for found in _NUMBER.findall(text)}


def _of(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _offset(text: str, *wanted: str) -> int:
    """Where the first of some words stands, as a whole where it does."""
    tries: list[Callable[[str], int]] = [
        lambda word: found.start() if (found := re.search(rf"(?<![\w.,]){re.escape(word)}(?!\w)", text)) else -1,
        text.find,
    ]
    offsets = (find(word) for word in wanted for find in tries)
    return next((offset for offset in offsets if offset >= 0), 0)


RULES: tuple[AnyRule, ...] = (text_html_drift,)
