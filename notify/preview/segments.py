"""How many SMS a text takes (3GPP TS 23.038, section 6.2.1; TS 23.040, section 9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""One septet each; escape, the 128th, is no character."""
_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: escape, and another."""
_GSM7, _UCS2 = (160, 153), (70, 67)
"""What one SMS holds, alone or as one of several, which have a header of six octets."""
_LAST_OF_BMP = "\uffff"


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes as SMS.

    Attributes:
        encoding: `GSM-7`, or `UCS-2` as soon as one character is not in the GSM alphabet.
        units: septets, or code units of UTF-16.
        count: how many SMS; none for an empty text.
        per_segment: how many units each of them holds.
    """

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    count: int
    per_segment: int


def segments(text: str) -> Segments:
    """How a text is sent as SMS. What takes two units is never split between two SMS."""
    if (_BASIC | _EXTENSION).issuperset(text):
        return _counted("GSM-7", [1 + (character in _EXTENSION) for character in text], *_GSM7)
    return _counted("UCS-2", [1 + (character > _LAST_OF_BMP) for character in text], *_UCS2)


def _counted(encoding: Literal["GSM-7", "UCS-2"], sizes: Sequence[int], alone: int, together: int) -> Segments:
    units = sum(sizes)
    if units <= alone:
        return Segments(encoding, units, min(units, 1), alone)
    count, free = 0, 0
    for size in sizes:
        if size > free:
            count, free = count + 1, together
        free -= size
    return Segments(encoding, units, count, together)
