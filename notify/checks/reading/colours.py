"""Colours of CSS, and the contrast of two (WCAG 2.2, "contrast ratio")."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_HEX = re.compile(r"[0-9a-f]{3}(?:[0-9a-f]{3})?")
_PARTS = re.compile(r"(?:[^\s()]|\([^()]*(?:\([^()]*\)[^()]*)*\))+")
_IMAGE = re.compile(r"url\(|gradient\(|image\(|image-set\(")


class Colour(NamedTuple):
    """Red, green, blue and opacity, each from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, below: Colour) -> Colour:
        """What is seen where it lies over an opaque colour."""
        share = 1 - self.alpha
        red, green, blue = (top * self.alpha + under * share for top, under in zip(self[:3], below[:3], strict=True))
        return Colour(red, green, blue)

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self[:3])


BLACK = Colour(0, 0, 0)
WHITE = Colour(1, 1, 1)
LINK = Colour(0, 0, 238 / 255)
"""What browsers give a link by default (HTML, section 15.3.4)."""


@lru_cache(maxsize=1024)
def colour(value: str) -> Colour | None:
    """The colour that a value is; None if it is none, or one that depends on others."""
    from tinycss2.color4 import parse_color

    try:
        found = parse_color(value)
        if found is None or isinstance(found, str):
            return None
        red, green, blue = (min(1.0, max(0.0, float(part))) for part in found.to("srgb").coordinates)
        return Colour(red, green, blue, float(found.alpha))
    except (NotImplementedError, TypeError, ValueError):
        return None


def attribute_colour(value: str) -> Colour | None:
    """The colour of an attribute such as `bgcolor`, which may leave out the `#`."""
    value = value.strip().lower()
    return colour(f"#{value}" if _HEX.fullmatch(value) else value)


def background(value: str) -> tuple[Colour | None, bool]:
    """The colour of a `background`, and whether it has a picture or a gradient."""
    parts = (colour(part) for part in _PARTS.findall(value))
    return next((part for part in parts if part is not None), None), _IMAGE.search(value) is not None


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(seen: Colour) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in seen[:3])  # noqa: PLR2004 - the constants of sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
