"""The rule about what was to be translated, and was not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole
from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.definition import Definition, InPlace

_SHARE = 0.3
_WORDS = 3
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"\{#.*?#\}|\{[{%].*?[}%]\}|<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.DOTALL)
_QUOTED = re.compile(r'"([^"\n]*)"|\'([^\'\n]*)\'')


@rule(
    Whole,
    "i18n-untranslated",
    severity="warning",
    why="A translation in which a third of the words are still those of the source is a copy that nobody has finished.",
    example="subject: {en: Reset your password, fr: Reset your password}",
    cure="Translate it, or take the locale out.",
)
def untranslated(whole: Whole) -> Iterator[Problem]:
    """A translation is the same as its source."""
    default = whole.configuration.default_locale
    share = whole.configuration.check.limits.get("i18n-untranslated", _SHARE)
    for definition in whole.definitions:
        for what, lines in (("subject", definition.subject), ("preheader", definition.preheader)):
            source = lines.get(default) or lines.get("")
            for locale, line in lines.items():
                if source is not None and _differs(locale, default) and _same(source, line):
                    message = f"the {what} in {locale} is the same as in {default}"
                    yield Problem(line.location, message, "translate it")
        yield from _files(whole, definition, share)


def _same(source: InPlace, line: InPlace) -> bool:
    words = _LETTERS.findall(_CODE.sub(" ", source.source))
    return len(words) >= _WORDS and source.source.strip() == line.source.strip()


def _files(whole: Whole, definition: Definition, share: float) -> Iterator[Problem]:
    default = whole.configuration.default_locale
    by_part: dict[str, dict[str, Path]] = {}
    for each in whole.sources.of(definition):
        if each.path is not None:
            by_part.setdefault(each.part, {})[each.locale] = each.path
    for paths in by_part.values():
        source = paths.get(default) or paths.get("")
        for locale, path in paths.items() if source else ():
            if source is None or not _differs(locale, default):
                continue
            known = set(_strings(source))
            written = _strings(path)
            same = [line for text, line in written.items() if text in known]
            if same and len(same) / len(written) > share:
                place = Location(whole.shown(path), min(same))
                message = f"{len(same)} of {len(written)} texts in {locale} are the same as in {default}"
                yield Problem(place, message, "translate them")


def _strings(path: Path) -> dict[str, int]:
    """What a template says in words, several in a row, each with the first line where it does."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    found: dict[str, int] = {}
    start = 0
    for code in [*_CODE.finditer(text), None]:
        _note(found, text, start, code.start() if code else len(text))
        if code and code[0].startswith("{") and not code[0].startswith("{#"):
            for quoted in _QUOTED.finditer(code[0]):
                group = quoted.lastindex or 1
                _note(found, text, code.start() + quoted.start(group), code.start() + quoted.end(group))
        start = code.end() if code else start
    return found


def _note(found: dict[str, int], text: str, start: int, end: int) -> None:
    words = " ".join(text[start:end].split())
    if len(_LETTERS.findall(words)) >= _WORDS:
        begin = start + len(text[start:end]) - len(text[start:end].lstrip())
        found.setdefault(words, text.count("\n", 0, begin) + 1)


def _differs(locale: str, default: str) -> bool:
    """Whether a locale is another language than the source's."""
    return bool(locale) and locale.partition("-")[0] != default.partition("-")[0]


RULES: tuple[AnyRule, ...] = (untranslated,)
