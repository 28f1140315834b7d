"""Lengths of CSS in pixels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|pc|in|cm|mm|em|rem|%)?", re.ASCII)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54}
_ROOT = 16.0
_SIZES = {
    "xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip
_SIDES = ("top", "right", "bottom", "left")
_ORDER = ((0, 0, 0, 0), (0, 0, 0, 0), (0, 1, 0, 1), (0, 1, 2, 1), (0, 1, 2, 3))
"""Which of one to four values is that of which side."""


def pixels(value: str, size: float = _ROOT, whole: float | None = None) -> float | None:
    """A length in pixels; None if it is none, or a share of something unknown.

    Args:
        value: as CSS has it; a bare number counts as pixels.
        size: what one `em` is.
        whole: what 100 % are.
    """
    found = _LENGTH.fullmatch(value.strip())
    if found is None:
        return None
    number, unit = float(found[1]), found[2] or "px"
    if unit in _PIXELS:
        return number * _PIXELS[unit]
    if unit == "%":
        return None if whole is None else number * whole / 100
    return number * (_ROOT if unit == "rem" else size)


def font_size(value: str, parent: float) -> float | None:
    """A `font-size` in pixels; None if it is none that we know."""
    if value in _SIZES:
        return _SIZES[value]
    if value in {"smaller", "larger"}:
        return parent / 1.2 if value == "smaller" else parent * 1.2
    return pixels(value, parent, parent)


def sides(style: Mapping[str, str], name: str, size: float) -> dict[str, float]:
    """The four lengths of `padding` or `margin` in pixels, by side; what is unknown counts as 0."""
    parts = [pixels(part, size) or 0.0 for part in style.get(name, "").split()][:4]
    found = {side: parts[place] if parts else 0.0 for side, place in zip(_SIDES, _ORDER[len(parts)], strict=True)}
    for side in _SIDES:
        own = pixels(style.get(f"{name}-{side}", ""), size)
        if own is not None:
            found[side] = own
    return found
