"""Which of several variants is for a locale."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

T = TypeVar("T")

_LOCALE = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_SUFFIX = re.compile(r"(?:\.(?:html|txt|md|mjml))?(?:\.(?:j2|jinja))?$")


def fallback(locale: str, default: str) -> list[str]:
    """The locales to try, nearest first: `pt-BR`, `pt`, then the default's, each with `-` and with `_`."""
    found: list[str] = []
    for each in (locale, default):
        # A locale becomes part of a file's name, and may come from a request.
        parts = re.split("[-_]", each) if _LOCALE.fullmatch(each) else []
        for length in range(len(parts), 0, -1):
            found += ["-".join(parts[:length]), "_".join(parts[:length])]
    return list(dict.fromkeys(found))


def chosen(variants: Mapping[str, T], locale: str, default: str) -> T | None:
    """The variant for a locale: the nearest, else the one for all (under the empty string), else the first."""
    for each in (*fallback(locale, default), ""):
        if each in variants:
            return variants[each]
    return next(iter(variants.values()), None)


def names(name: str, locale: str, default: str) -> Iterator[str]:
    """The names that a template may have for a locale, nearest first: `welcome.fr.html`, then `welcome.html`."""
    stem = _SUFFIX.sub("", name, count=1)
    for each in fallback(locale, default):
        yield f"{stem}.{each}{name[len(stem) :]}"
    yield name
