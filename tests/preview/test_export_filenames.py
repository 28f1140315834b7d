"""Names of files that every file system takes."""

from __future__ import annotations

import pytest

from notify.preview.export.filenames import name_of_part, safe_name, unique_name
from notify.preview.opened import Part


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b", "a_b"),
        (" .hidden. ", "hidden"),
        ("...", ""),
        ("", ""),
        ("nul", "_nul"),
        ("LPT1.tar.gz", "_LPT1.tar.gz"),
        ("com¹", "_com¹"),
        ("aux .txt", "_aux .txt"),
        ("console.log", "console.log"),
        ("a\u202etxt.exe", "a_txt.exe"),
        ("e\u0301.txt", "é.txt"),
        ("\ud800.txt", "_.txt"),
        ("é" * 100, "é" * 60),
        ("a." + "b" * 200, "a." + "b" * 118),
    ],
)
def test_safe_names(name: str, expected: str) -> None:
    """A name keeps what every file system takes, and its suffix."""
    assert expected == safe_name(name)


def test_unique_names() -> None:
    """A name that another has, capitals aside, gets a number before its suffix."""
    taken: set[str] = set()

    assert ["a.txt", "A~2.txt", "a~3.txt", "b", "b~2"] == [
        unique_name(name, taken) for name in ("a.txt", "A.txt", "a.txt", "b", "b")
    ]


def test_names_of_nameless_parts() -> None:
    """A part without a name is called after its place and its type."""
    assert ["part-1.2.png", "part-3.bin", "a.b"] == [
        name_of_part(part)
        for part in (Part("1.2", "image/png"), Part("3", "x/unknown"), Part("4", "text/plain", filename="a.b"))
    ]
