"""Dark mode that the mail brings along, decided by the server instead of by the reader's browser.

A browser takes `prefers-color-scheme` from its own settings. So that a mail looks the same everywhere, also in a
screenshot or a file, each such feature is replaced by one that is always true or never. Number of bits per colour will
do for both: unlike widths it is no property that `@supports` could mean, and unlike an unknown feature it stays right
under `not` (Media Queries Level 4, section 3).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.markup.tokens import Token

Plain = Literal["light", "dark"]

_FEATURE = "prefers-color-scheme"
_TRUE, _FALSE = "(min-color:0)", "(min-color:999)"
_COMMENT = r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_GAP = rf"(?:[\t\n\f\r ]|{_COMMENT})*+"
_PIECE = re.compile(
    rf"""{_COMMENT}
    | "(?:[^"\\\n\r\f]|\\(?:\r\n|.)?)*+"?
    | '(?:[^'\\\n\r\f]|\\(?:\r\n|.)?)*+'?
    | (?<![\w-])url\([\t\n\f\r ]*+(?!["'])(?:[^)\\]|\\.)*+\)?
    | \({_GAP}{_FEATURE}{_GAP}(?::{_GAP}(?P<value>dark|light){_GAP})?\)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""What may hold the feature's name without being one, and the feature (CSS Syntax Level 3, section 4.3)."""

_META = frozenset({"color-scheme", "supported-color-schemes"})
_DARK = re.compile(r"\bdark\b", re.IGNORECASE)
_ROOT = re.compile(r"(?:^|,)\s*(?::root|html|body)\s*(?:,|$)", re.IGNORECASE)
_DECLARED = re.compile(r"(?:^|;)\s*(?:color-scheme|supported-color-schemes)\s*:([^;]*)", re.IGNORECASE)


def settled(css: str, scheme: Plain) -> str:
    """A style sheet or a media query with each `(prefers-color-scheme)` settled; all else is as it was."""
    if _FEATURE not in css.lower():
        return css

    def settle(found: re.Match[str]) -> str:
        if not found[0].startswith("("):
            return found[0]
        return _TRUE if found["value"] is None or found["value"].lower() == scheme else _FALSE

    return _PIECE.sub(settle, css)


def supports_dark(html: str, parts: Sequence[Token]) -> bool:
    """Whether the mail says that it can be shown dark: in a `meta` element, or for the root or the body in CSS."""
    return any(_says_dark(html, part) for part in parts)


def canvas(scheme: Plain) -> str:
    """CSS that settles the colours of the canvas, of controls, and of `light-dark()`."""
    return f"html:not(#n),body:not(#n){{color-scheme:{scheme}!important}}"


def _says_dark(html: str, part: Token) -> bool:
    if part.kind == "raw":
        return part.name == "style" and _css_says_dark(html[part.start : part.end])
    if part.name == "meta":
        named = (part.get("name") or "").strip().lower()
        return named in _META and bool(_DARK.search(part.get("content") or ""))
    return part.name in {"html", "body"} and _declares_dark(part.get("style") or "")


def _css_says_dark(css: str) -> bool:
    if "color-scheme" not in css.lower():
        return False
    for rule in re.sub(_COMMENT, " ", css).split("}"):
        before, _, declarations = rule.rpartition("{")
        if "color-scheme" in declarations.lower() and _declares_dark(declarations):
            selector = re.split("[{;]", before)[-1]
            if _ROOT.search(selector):
                return True
    return False


def _declares_dark(declarations: str) -> bool:
    return any(_DARK.search(found[1]) for found in _DECLARED.finditer(declarations))
