"""What an element's own style says about how it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TELLING = re.compile("display|mso-hide|overflow|text-align|visibility|white-space", re.IGNORECASE)
_ZERO = re.compile(r"0(?:\.0+)?(?:px|em|rem|pt|%)?")


def declarations(style: str | None) -> dict[str, str]:
    """A `style` attribute's properties and values in lower case, if any matters here; the last of each name wins."""
    if not style or not _TELLING.search(style):
        return {}
    found: dict[str, str] = {}
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def is_hidden(attributes: Mapping[str, str | None], style: Mapping[str, str]) -> bool:
    """Whether an element is not shown, as the preheader of most mails is."""
    return (
        "hidden" in attributes
        or style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or (style.get("overflow") == "hidden" and _ZERO.fullmatch(style.get("max-height", "")) is not None)
    )
