"""Rules about languages: the direction of a script, and how values are written."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.words import texts, values
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.markup.tokens import Token

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "ug", "ur", "yi"})
"""Languages that are written from right to left."""
_COMMA = frozenset({
    "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "id", "is",
    "it", "ka", "kk", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv",
    "tr", "uk", "vi",
})  # fmt: skip
"""Languages that write 1,5 for one and a half (CLDR, symbols-numberSystem-latn)."""
_POINT_REGIONS = frozenset({
    "de-CH", "de-LI", "es-DO", "es-GT", "es-HN", "es-MX", "es-NI", "es-PA", "es-PR", "es-SV", "es-US", "it-CH",
})  # fmt: skip
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
_ISOLATES = "\u2066\u2067\u2068"
_DATE = re.compile(r"(?<![\w/.-])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?![\w/-])")
_DECIMAL = re.compile(r"(?<![\w.,:/-])\d+\.\d{1,2}(?![\w.,:/-]|\s?(?:KB|MB|GB))")
_GLUED = re.compile(r"(?<!\w)(?:(?:CHF|EUR|GBP|USD)\d[\d.,]*|\d[\d.,]*(?:CHF|EUR|GBP|USD))(?!\w)")


@rule(
    Mail,
    "i18n-mixed-direction",
    severity="warning",
    why="Without a direction, clients put the full stops and numbers of Arabic or Hebrew on the wrong side; a value in "
    "the other script drags its neighbours along (Unicode Standard Annex 9).",
    example='<html lang="ar">   # without dir="rtl"',
    cure='Write <html dir="rtl" lang="ar">, or extend notify/base.html, which does; put values that may be in the '
    "other script into <bdi>.",
)
def mixed_direction(mail: Mail) -> Iterator[Problem]:
    """The direction of a script is not said, or a value in the other one is not set apart."""
    if not mail.html:
        return
    direction = "rtl" if _language(mail.locale) in RIGHT_TO_LEFT else "ltr"
    if direction == "rtl":
        yield from _frame(mail)
    yield from _values(mail, direction)


def _frame(mail: Mail) -> Iterator[Problem]:
    around = [each for each in mail.tokens if each.kind == "start" and each.name in {"html", "body", "table", "div"}]
    place = mail.at(around[0].start if around else 0)
    if not any((each.get("dir") or "").lower() == "rtl" for each in around):
        message = f"the mail in {mail.locale} does not say that it goes from right to left"
        yield Problem(place, message, 'write dir="rtl"')
    said = next((lang for each in around if (lang := each.get("lang"))), None)
    if said and _language(said) not in RIGHT_TO_LEFT:
        yield Problem(place, f"the mail in {mail.locale} says that it is in {said}", f'write lang="{mail.locale}"')


def _values(mail: Mail, direction: str) -> Iterator[Problem]:
    """Values of the sample whose ends would jump to the other side of what is around them."""
    odd = [value for value in dict.fromkeys(values(mail.params)) if _jumps(value, direction)]
    if not odd:
        return
    for start, text in texts(mail):
        shown = unescape(text)
        for value in odd:
            offset = shown.find(value)
            if offset < 0 or (offset and shown[offset - 1] in _ISOLATES) or _is_isolated(mail.tokens, start):
                continue
            message = f"the value {value!r} runs the other way than the text around it, and its ends move"
            yield Problem(mail.at(start + offset), message, "put it into <bdi>...</bdi>")


def _jumps(value: str, direction: str) -> bool:
    """Whether a value of the other direction begins or ends with something that has none."""
    classes = [unicodedata.bidirectional(letter) for letter in value.strip()]
    strong = {_STRONG[each] for each in classes if each in _STRONG}
    if not strong or direction in strong:
        return False
    first, last = classes[0], classes[-1]
    return first not in _STRONG or (last not in _STRONG and last not in {"NSM", "EN", "AN"})


def _is_isolated(tokens: Sequence[Token], start: int) -> bool:
    """Whether the element right around a text is a <bdi>, or says a direction."""
    depth = 0
    for token in reversed([each for each in tokens if each.start < start]):
        if token.kind == "end":
            depth += 1
        elif token.kind == "start" and token.name not in _VOID and depth:
            depth -= 1
        elif token.kind == "start" and token.name not in _VOID:
            return token.name == "bdi" or token.get("dir") is not None
    return False


@rule(
    Mail,
    "i18n-format",
    severity="info",
    why="2026-03-02, 1234.5 and EUR12 are how programs write; readers of other languages misread them.",
    example="<p>{{ due }} : {{ amount }}</p>   # in a French template",
    cure="Format dates, numbers and amounts for the locale, or hand in texts that are.",
)
def format_of_values(mail: Mail) -> Iterator[Problem]:
    """A translated mail shows dates or numbers as programs write them."""
    default = mail.whole.configuration.default_locale
    if _language(mail.locale) == _language(default):
        return
    given = {value for value in values(mail.params) if not _is_bare(value)}
    patterns = {"the date": _DATE, "the amount": _GLUED}
    if _language(mail.locale) in _COMMA and mail.locale not in _POINT_REGIONS:
        patterns["the number"] = _DECIMAL
    for start, text in texts(mail):
        for what, pattern in patterns.items():
            for found in pattern.finditer(text):
                if not any(found[0] in value for value in given):
                    message = f"{what} {found[0]} is not written as in {mail.locale}"
                    yield Problem(mail.at(start + found.start()), message, "format it for the locale")


def _is_bare(value: str) -> bool:
    """Whether a value is a date or a number, which the template has to format, and not words with one in it."""
    return _DATE.fullmatch(value) is not None or _DECIMAL.fullmatch(value) is not None


def _language(locale: str) -> str:
    return re.split("[-_]", locale, maxsplit=1)[0].lower()


RULES: tuple[AnyRule, ...] = (mixed_direction, format_of_values)
