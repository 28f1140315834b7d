"""Which of several variants is for a locale, and what they are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from notify.locales import normal_locale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

T = TypeVar("T")

_ENDINGS = ("", ".j2", ".jinja")
_SUFFIX = re.compile(r"(?:\.(?:html|txt|md|mjml))?(?:\.(?:j2|jinja))?$")


def fallback(locale: str, default: str) -> list[str]:
    """The locales to try, nearest first: `pt-BR`, `pt`, then the default's, each with `-` and with `_`."""
    found: list[str] = []
    for each in (locale, default):
        # A locale becomes part of a file's name, and may come from a request.
        normal = normal_locale(each)
        parts = normal.split("-") if normal else []
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


def default_names(notification: str, suffix: str) -> list[str]:
    """The templates that are looked for where a definition names none: `billing/paid.html`, then with an ending."""
    return [f"{notification.replace('.', '/')}.{suffix}{ending}" for ending in _ENDINGS]


def variants(wanted: Iterable[str], existing: Iterable[str]) -> dict[str, str]:
    """The existing templates that `names` can find for the `wanted` ones, by locale; the empty string is for all."""
    existing = list(existing)
    found: list[tuple[str, bool, str]] = []
    for name in wanted:
        stem = _SUFFIX.sub("", name, count=1)
        rest = name[len(stem) :]
        for each in existing:
            if each == name:
                found.append(("", False, each))
            elif each.startswith(f"{stem}.") and each.endswith(rest):
                written = each[len(stem) + 1 : len(each) - len(rest)]
                locale = normal_locale(written)
                # `names` writes a locale with - throughout or with _ throughout, and tries - first.
                if locale is not None and written in {locale, locale.replace("-", "_")}:
                    found.append((locale, written != locale, each))
    first: dict[str, str] = {}
    for locale, _, name in sorted(found, key=lambda each: each[:2]):  # of equal ones, the first wanted
        first.setdefault(locale, name)
    return first
