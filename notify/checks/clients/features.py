"""Which features of caniemail.com a mail is asked about, and by what they are found.

A feature is found by marks: `gap:` a property, `display:flex` a property with a value, `clamp()` a function, `~rem` a
unit, `::before` a pseudo-element or pseudo-class, `<video>` an element, `[hidden]` an attribute.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from notify.checks.clients.support import clients

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.checks.clients.support import Feature

BREAKING = frozenset({"css-background-image", "css-display-flex", "css-display-grid", "css-position", "html-svg"})
"""Where one of these is ignored, the mail falls apart or a part of it is missing."""

_GRACEFUL = """
amp bimi
css-accent-color css-animation css-at-font-face css-at-keyframes css-at-media css-at-media-device-pixel-ratio
css-at-media-hover css-at-media-orientation css-at-media-prefers-color-scheme css-at-media-prefers-reduced-motion
css-at-supports css-backdrop-filter css-border-radius css-border-radius-logical css-border-spacing css-box-shadow
css-caption-side css-color-scheme css-comments css-cursor css-empty-cells css-font-kerning css-font-size-adjust
css-font-stretch css-hyphenate-character css-hyphenate-limit-chars css-hyphens css-important css-inert-attribute
css-max-height css-orphans css-outline css-outline-offset css-overflow css-overflow-wrap css-resize css-scroll-snap
css-sytem-ui css-tab-size css-table-layout css-text-align-last css-text-decoration-color css-text-decoration-line
css-text-decoration-skip-ink css-text-decoration-style css-text-decoration-thickness css-text-emphasis
css-text-emphasis-position css-text-justify css-text-overflow css-text-shadow css-text-underline-offset
css-text-underline-position css-text-wrap css-transition css-user-select css-white-space css-white-space-collapse
css-widows css-word-break css-word-spacing css-word-wrap
css-pseudo-class-active css-pseudo-class-default css-pseudo-class-focus css-pseudo-class-focus-visible
css-pseudo-class-focus-within css-pseudo-class-hover css-pseudo-class-link css-pseudo-class-target
css-pseudo-class-visited css-pseudo-element-marker css-pseudo-element-placeholder
css-selector-adjacent-sibling css-selector-attribute css-selector-chaining css-selector-child css-selector-class
css-selector-descendant css-selector-general-sibling css-selector-grouping css-selector-id css-selector-type
css-selector-universal
html-abbr html-acronym html-aria-describedby html-aria-hidden html-aria-label html-aria-labelledby html-aria-live
html-bdi html-body html-comments html-dir html-doctype html-lang html-loading-attribute html-meta-color-scheme
html-picture html-role html-rp html-rt html-ruby html-semantics html-srcset html-style html-target html-wbr
"""
"""What is only less fine, or less convenient, where it is ignored: nobody would do without it for that."""

_COMPANIONS = """
css-align-items css-background-blend-mode css-background-clip css-background-origin css-background-position
css-background-repeat css-background-size css-clear css-display css-flex-direction css-flex-wrap css-gap
css-grid-template css-justify-content css-left-right-top-bottom css-z-index
"""
"""What does nothing without another feature, which is told of."""

_ELSEWHERE = """
css-at-import css-display-none css-height html-anchor-links html-base html-form html-link html-object
image-apng image-avif image-base64 image-bmp image-gif image-hdr image-heif image-ico image-jpg image-mp4 image-png
image-svg image-tiff image-webp
"""
"""What a rule of its own is about, or what clients do in another way that comes to the same."""

_BY_HAND: Mapping[str, tuple[str, ...]] = {
    "css-block-inline-size": ("block-size:",),
    "css-border-inline-block": ("border-block:", "border-inline:"),
    "css-border-inline-block-individual": (
        "border-block-start:", "border-block-end:", "border-inline-start:", "border-inline-end:",
    ),
    "css-border-inline-block-longhand": (
        "border-block-color:", "border-block-style:", "border-block-width:",
        "border-inline-color:", "border-inline-style:", "border-inline-width:",
    ),
    "css-column-layout-properties": ("columns:", "column-width:", "column-rule:", "column-span:"),
    "css-inline-size": ("inline-size:",),
    "css-intrinsic-size": ("=fit-content", "=max-content", "=min-content"),
    "css-margin-block-start-end": ("margin-block-end:", "margin-block-start:"),
    "css-margin-inline-block": ("margin-block:", "margin-inline:"),
    "css-margin-inline-start-end": ("margin-inline-end:", "margin-inline-start:"),
    "css-modern-color": ("lab()", "lch()", "oklab()", "oklch()"),
    "css-nesting": (),
    "css-padding-block-start-end": ("padding-block-end:", "padding-block-start:"),
    "css-padding-inline-block": ("padding-block:", "padding-inline:"),
    "css-padding-inline-start-end": ("padding-inline-end:", "padding-inline-start:"),
    "css-position": ("position:absolute", "position:fixed", "position:sticky"),
    "css-pseudo-class-lang": (":lang",),
    "css-pseudo-class-nth-of-type": (":nth-of-type",),
    "css-rgb": (),
    "css-unit-calc": ("calc()",),
    "css-unit-initial": ("=initial",),
    "css-unit-percent": (),
    "css-variables": ("var()",),
    "css-visibility": ("visibility:hidden",),
    "html-address": ("<address>",),
    "html-button-reset": ("<button type=reset>",),
    "html-button-submit": ("<button>", "<button type=submit>"),
    "html-h1-h6": (),
    "html-image-maps": ("<map>",),
    "html-lists": (),
    "html-mailto-links": (),
    "html-svg": ("<svg>",),
}  # fmt: skip
_FORMS = (
    (r"<([a-z-]+(?: type=\"[a-z]+\")?)> element", r"<\1>"),
    (r"([a-z-]+) attribute", r"[\1]"),
    (r"([a-z]+) unit", r"~\1"),
    (r"(::?[a-z-]+)(?:\(\))?", r"\1"),
    (r"([a-z-]+\(\)(?:, [a-z-]+\(\))*)", r"\1"),
    (r"([a-z-]+): ?([a-z]+)", r"\1:\2"),
    (r"([a-z-]+)(?: CSS)?(?: property| shorthand)?", r"\1:"),
)
"""Titles of features, and the marks that they become."""


@cache
def asked() -> Mapping[str, Feature]:
    """The features that a mail is asked about, by slug: some client lacks them, and they matter."""
    left_out = {*_GRACEFUL.split(), *_COMPANIONS.split(), *_ELSEWHERE.split()}
    return {
        slug: feature
        for slug, feature in clients().features.items()
        if slug not in left_out and "n" in feature.support and marks_of(feature)
    }


@cache
def marked() -> Mapping[str, tuple[str, ...]]:
    """The slugs of those features by each of their marks."""
    found: dict[str, tuple[str, ...]] = {}
    for slug, feature in asked().items():
        for mark in marks_of(feature):
            found[mark] = (*found.get(mark, ()), slug)
    return found


def marks_of(feature: Feature) -> tuple[str, ...]:
    """What a feature is found by; nothing if its title does not tell."""
    if feature.slug in _BY_HAND:
        return _BY_HAND[feature.slug]
    return next((tuple(mark.split(", ")) for pattern, form in _FORMS if (mark := _mark(pattern, form, feature))), ())


def _mark(pattern: str, form: str, feature: Feature) -> str:
    found = re.fullmatch(pattern, feature.title)
    return found.expand(form).replace('"', "") if found else ""
