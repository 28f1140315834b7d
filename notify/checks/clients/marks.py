"""What a mail uses of HTML and CSS, as the marks that features are found by."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from notify.checks.reading.colours import background
from notify.checks.reading.css import declarations, effective, sheet
from notify.markup.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from notify.checks.reading.css import Declaration, StyleRule
    from notify.checks.reading.page import Page

_OPAQUE = re.compile(r"""url\([^)]*\)|"[^"]*"|'[^']*'""")
_FUNCTION = re.compile(r"([a-z-]+)\(")
_UNIT = re.compile(r"\d(ch|r?em|vh|vmax|vmin|vw)(?![\w-])")
_WORD = re.compile(r"[a-z-]+")
_PSEUDO = re.compile(r"::?[a-z-]+")
_ELEMENT = re.compile(r"::[a-z-]+|:(?:after|before|first-letter|first-line)\b", re.IGNORECASE)
_STATE = frozenset({
    ":active", ":default", ":focus", ":focus-visible", ":focus-within", ":hover", ":link", ":target", ":visited",
})  # fmt: skip
"""What says how a mail answers to the reader, not how it looks."""
_OLD = {":after": "::after", ":before": "::before", ":first-letter": "::first-letter", ":first-line": "::first-line"}
_TYPED = frozenset({"button", "input"})
_IMAGES = frozenset({"background", "background-image"})


@lru_cache(maxsize=4)
def marks_sent(page: Page) -> Mapping[str, None]:
    """The marks of a mail as it is sent, in their order.

    What is only for some clients, or for a state, is left out: a mail can do without it. So is what is said of hidden
    elements, and what has another value before it, or a colour beneath it, for clients that do not know it.
    """
    found: dict[str, None] = {}
    for element in page.elements:
        for mark, _ in _of_tag(element.tag, element.attributes):
            found.setdefault(mark)
    for rule in page.rules:
        if not rule.within and any(page.matching(_ELEMENT.sub("", selector)) for selector in rule.selectors):
            for mark, _ in _of_rule(rule):
                found.setdefault(mark)
    return found


@lru_cache(maxsize=4)
def marks_written(document: str) -> Mapping[str, Sequence[int]]:
    """The marks of a document as the templates print it, each with the offsets where it stands."""
    found: dict[str, list[int]] = {}
    for token in tokens(document):
        if token.kind == "start":
            attributes = {attribute.name: attribute.value for attribute in reversed(token.attributes)}
            places = {attribute.name: attribute.start for attribute in reversed(token.attributes)}
            for mark, name in _of_tag(token.name, attributes):
                found.setdefault(mark, []).append(places.get(name, token.start))
        elif token.kind == "raw" and token.name == "style":
            for rule in sheet(document[token.start : token.end]).rules:
                for mark, place in () if rule.within else _of_rule(rule):
                    found.setdefault(mark, []).append(token.start + place)
    return found


def _of_tag(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The marks of a tag, each with the name of the attribute that it is in."""
    css = attributes.get("style", "")
    style = _of_style(css, has_colour="bgcolor" in attributes) if css else ()
    if style is None:
        return
    yield f"<{tag}>", ""
    if tag in _TYPED:
        yield f"<{tag} type={attributes.get('type', 'text').lower()}>", "type"
    yield from ((f"[{name}]", name) for name in attributes)
    yield from ((mark, "style") for mark in style)


@lru_cache(maxsize=4096)
def _of_style(css: str, *, has_colour: bool) -> tuple[str, ...] | None:
    """The marks of a `style` attribute; None if it hides the element."""
    found = declarations(css)
    return None if _is_hidden(found) else tuple(mark for mark, _ in _of_declarations(found, has_colour=has_colour))


def _of_rule(rule: StyleRule) -> Iterator[tuple[str, int]]:
    """The marks of a rule, each with its place in the style sheet."""
    pseudo = {_OLD.get(name, name) for selector in rule.selectors for name in _PSEUDO.findall(selector.lower())}
    if pseudo & _STATE and len(rule.selectors) == 1:
        return
    yield from ((name, rule.start) for name in pseudo)
    yield from _of_declarations(rule.declarations, has_colour=False)


def _of_declarations(found: Sequence[Declaration], *, has_colour: bool) -> Iterator[tuple[str, int]]:
    if _is_hidden(found):
        return
    seen: set[str] = set()
    has_colour = has_colour or any(
        each.name in {"background", "background-color"} and background(each.value.lower())[0] for each in found
    )
    for each in found:
        is_enhancement = each.name in seen or (each.name in _IMAGES and has_colour)
        seen.add(each.name)
        if not is_enhancement and not each.name.startswith("mso-"):
            yield from ((mark, each.start) for mark in _of_declaration(each))


def _of_declaration(declaration: Declaration) -> Iterator[str]:
    name, value = declaration.name, declaration.value.lower()
    yield f"{name}:"
    yield f"{name}:{value.replace(' ', '').removeprefix('inline-')}"
    if name == "background" and background(value)[1]:
        yield "background-image:"
    plain = _OPAQUE.sub(" ", value)
    yield from (f"{function}()" for function in _FUNCTION.findall(plain))
    yield from (f"~{unit}" for unit in _UNIT.findall(plain))
    yield from (f"={word}" for word in _WORD.findall(plain))


def _is_hidden(found: Sequence[Declaration]) -> bool:
    style = effective(found)
    return style.get("display") == "none" or style.get("mso-hide") == "all"
