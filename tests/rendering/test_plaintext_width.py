"""How wide text is, and where it breaks."""

from __future__ import annotations

import pytest

from notify.rendering.plaintext.width import display_width, wrap


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("é", 1),
        ("e\u0301", 1),
        ("漢字", 4),
        ("ｱ", 1),
        ("\uff21", 2),
        ("👩\u200d🔬", 2),
        ("❤\ufe0f", 1),
        ("각", 2),
        ("\u200c", 0),
    ],
)
def test_display_width(text: str, width: int) -> None:
    """Wide characters take two columns, combining and joined ones none."""
    assert width == display_width(text)


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("", [""]),
        ("short", ["short"]),
        ("one two three", ["one two", "three"]),
        ("one   two", ["one two"]),
        ("unbreakable-word x", ["unbreakable-word", "x"]),
        ("x unbreakable-word", ["x", "unbreakable-word"]),
        ("漢字漢字漢字", ["漢字漢字", "漢字"]),
        ("漢字漢字。漢", ["漢字漢", "字。漢"]),
        ("ab漢字「漢」", ["ab漢字", "「漢」"]),
        ("https://a.example/漢字漢字", ["https://a.example/漢字漢字"]),
        ("éééé éééé", ["éééé", "éééé"]),
        ("  ", []),
        ("👩\u200d🔬👩\u200d🔬👩\u200d🔬👩\u200d🔬👩\u200d🔬", ["👩\u200d🔬" * 4, "👩\u200d🔬"]),
    ],
)
def test_wrap(line: str, lines: list[str]) -> None:
    """Lines break at spaces and between wide characters, never inside another word or before closing punctuation."""
    assert lines == wrap(line, 8)
