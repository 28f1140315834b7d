"""How the elements of a mail look: colours and sizes, worked out from their inline styles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.checks.reading.colours import BLACK, LINK, WHITE, Colour, attribute_colour, background, colour
from notify.checks.reading.lengths import font_size, pixels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.checks.reading.page import Element

_BOLD = frozenset({"b", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "th"})
_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 1 / 1.2, "big": 1.2}
"""In shares of the size around (HTML, section 15.3)."""
_SEEN = 2.0
"""What is written smaller is not meant to be seen."""
_HEAVY = 600
_HIDDEN = frozenset({"head", "noscript", "script", "style", "template", "title"})
_TELLING_TAGS = _BOLD | _HIDDEN | _SIZES.keys() | {"a", "font"}
_TELLING = frozenset({"align", "background", "bgcolor", "hidden"})
"""Attributes that change how an element looks."""
_NOTHING = frozenset({"0", "0px", "0em", "0pt", "0%"})


@dataclass(frozen=True, slots=True)
class Look:
    """How an element looks.

    Attributes:
        color: of its text.
        color_by: the element that sets it; None if nothing does.
        background: what its text stands on; None if that is a picture.
        background_by: the element that sets it, likewise.
        size: of its text, in pixels.
        bold: whether its text is.
        line: the height of a line, in pixels.
        upper: whether its text is shown in capitals.
        align: the alignment of its text, as CSS says it; perhaps empty.
        hidden: whether it is not shown.
        is_link: whether its text has the colour of links, which clients change as they like.
    """

    color: Colour = BLACK
    color_by: Element | None = None
    background: Colour | None = WHITE
    background_by: Element | None = None
    size: float = 16.0
    bold: bool = False
    line: float = 1.2 * 16.0
    upper: bool = False
    align: str = ""
    hidden: bool = False
    is_link: bool = False


def looks(elements: Iterable[Element], extra: Mapping[Element, Mapping[str, str]]) -> dict[Element, Look]:
    """The looks of elements, each after the one around it.

    Args:
        elements: in the order of the document.
        extra: what counts for an element instead of its own style.
    """
    found: dict[Element, Look] = {}
    for element in elements:
        around = Look() if element.parent is None else found[element.parent]
        found[element] = _look(element, extra.get(element, element.style), around)
    return found


def _look(element: Element, style: Mapping[str, str], around: Look) -> Look:
    if not style and element.tag not in _TELLING_TAGS and _TELLING.isdisjoint(element.attributes):
        return around
    behind, background_by = _backed(element, style, around)
    color, color_by, is_link = _coloured(element, style, around)
    size, line, bold = _sized(element, style, around)
    return Look(
        color=color,
        color_by=color_by,
        background=behind,
        background_by=background_by,
        size=size,
        bold=bold,
        line=line,
        upper={"uppercase": True, "none": False}.get(style.get("text-transform", ""), around.upper),
        align=style.get("text-align") or element.attributes.get("align", "").lower() or around.align,
        hidden=around.hidden or size < _SEEN or _is_hidden(element, style),
        is_link=is_link,
    )


def _backed(element: Element, style: Mapping[str, str], look: Look) -> tuple[Colour | None, Element | None]:
    """What is behind an element's text, and what sets it; a background is not inherited, but shines through."""
    named = attribute_colour(element.attributes.get("bgcolor", ""))
    short, picture = background(style.get("background", ""))
    if picture or style.get("background-image", "none") != "none" or "background" in element.attributes:
        return None, element
    own = colour(style.get("background-color", "")) or short or named
    if own is None or own.alpha == 0:
        return look.background, look.background_by
    if own.alpha == 1:
        return own, element
    return None if look.background is None else own.over(look.background), element


def _coloured(element: Element, style: Mapping[str, str], look: Look) -> tuple[Colour, Element | None, bool]:
    """The colour of an element's text, what sets it, and whether it is the one of links."""
    value = style.get("color", "")
    own = colour(value) or attribute_colour(element.attributes.get("color", "") if element.tag == "font" else "")
    if own is not None:
        return own, element, False
    if element.tag == "a" and "href" in element.attributes and value != "inherit":
        return LINK, None, True
    return look.color, look.color_by, look.is_link


def _sized(element: Element, style: Mapping[str, str], look: Look) -> tuple[float, float, bool]:
    """The size of an element's text, the height of its lines, and whether it is bold."""
    parts = style["font"].split() if "font" in style else []
    lengths = [part.partition("/") for part in parts if font_size(part.partition("/")[0], look.size) is not None]
    short, _, short_line = lengths[-1] if lengths else ("", "", "")
    size = font_size(style.get("font-size") or short, look.size) or look.size * _SIZES.get(element.tag, 1.0)
    own_line = _line(style.get("line-height") or short_line, size)
    line = own_line or (look.line * size / look.size if look.size else look.line)
    return size, line, _is_bold(element, style.get("font-weight") or ("bold" if "bold" in parts else ""), look)


def _line(value: str, size: float) -> float | None:
    try:
        return float(value) * size
    except ValueError:
        return pixels(value, size, size)


def _is_bold(element: Element, weight: str, look: Look) -> bool:
    if weight.isdecimal():
        return int(weight) >= _HEAVY
    if weight in {"bold", "bolder", "normal", "lighter"}:
        return weight.startswith("bold")
    return look.bold or element.tag in _BOLD


def _is_hidden(element: Element, style: Mapping[str, str]) -> bool:
    return (
        element.tag in _HIDDEN
        or "hidden" in element.attributes
        or style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("opacity") in _NOTHING
        or style.get("mso-hide") == "all"
        or (
            style.get("overflow") == "hidden"
            and not _NOTHING.isdisjoint((style.get("max-height", ""), style.get("height", "")))
        )
    )
