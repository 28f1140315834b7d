"""How many SMS a text takes."""

from __future__ import annotations

import pytest

from notify.preview.segments import Segments, segments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("GSM-7", 0, 0, 160)),
        ("a" * 160, Segments("GSM-7", 160, 1, 160)),
        ("a" * 161, Segments("GSM-7", 161, 2, 153)),
        ("a" * 306, Segments("GSM-7", 306, 2, 153)),
        ("a" * 307, Segments("GSM-7", 307, 3, 153)),
        ("@\u00a3$\n\r\u0394\u03a9\u00c7\u00e0\u00df", Segments("GSM-7", 10, 1, 160)),
        ("\u20ac[]{}\\~^|\f", Segments("GSM-7", 20, 1, 160)),
        ("\u20ac" * 80, Segments("GSM-7", 160, 1, 160)),
        ("\u20ac" * 81, Segments("GSM-7", 162, 2, 153)),
        ("\u00e7", Segments("UCS-2", 1, 1, 70)),
        ("`", Segments("UCS-2", 1, 1, 70)),
        ("\t", Segments("UCS-2", 1, 1, 70)),
        ("\u0416" * 70, Segments("UCS-2", 70, 1, 70)),
        ("\u0416" * 71, Segments("UCS-2", 71, 2, 67)),
        ("\U0001f600" * 35, Segments("UCS-2", 70, 1, 70)),
        ("\U0001f600" * 36, Segments("UCS-2", 72, 2, 67)),
        ("\uffff" * 70, Segments("UCS-2", 70, 1, 70)),
    ],
)
def test_segments_are_counted(text: str, expected: Segments) -> None:
    """By the alphabet, the units, and the header that parts of a longer text have."""
    assert expected == segments(text)


def test_no_character_is_split() -> None:
    """What takes two units goes into the next SMS where one is left: so there are more of them."""
    assert Segments("GSM-7", 306, 3, 153) == segments("a" * 152 + "\u20ac" + "a" * 152)
    assert Segments("UCS-2", 134, 3, 67) == segments("a" * 66 + "\U0001f600" + "a" * 66)
