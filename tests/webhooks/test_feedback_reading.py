"""Codes in servers' words, and JSON from outside."""

from __future__ import annotations

import pytest

from notify.feedback import read_json, smtp_reply


@pytest.mark.parametrize(
    ("words", "status", "expected"),
    [
        ("550 5.1.1 no such user", "", (550, "5.1.1")),
        ("smtp; 550 5.1.1 no such user", "", (550, "5.1.1")),
        ("550-5.7.26 not authenticated", "", (550, "5.7.26")),
        ("550 #5.1.0 Address rejected.", "", (550, "5.1.0")),
        (" 421 busy", "", (421, None)),
        ("250", "", (250, None)),
        ("550 5.1.1 no such user", "5.0.0", (550, "5.0.0")),
        ("no such user", "550", (550, None)),
        ("no such user", "5.1.1", (None, "5.1.1")),
        ("", "", (None, None)),
        ("5500 letters", "", (None, None)),
        ("550.5 degrees", "", (None, None)),
        ("350 go on", "350", (None, None)),
        ("\u0662\u0665\u0660 ok", "\u0665.\u0661.\u0661", (None, None)),
    ],
)
def test_codes_are_found_in_words(words: str, status: str, expected: tuple[int | None, str | None]) -> None:
    """As servers and providers write them, or not at all."""
    assert expected == smtp_reply(words, status)


def test_texts_are_made_fit_for_databases() -> None:
    """Names too, at any depth; whole pairs and escaped backslashes stay."""
    found = read_json(b'{"\\u0000": ["\\ud800", {"a": "\\uD83D\\uDE00"}, "\\\\u0000", 1, null]}')

    assert {"\ufffd": ["\ufffd", {"a": "\U0001f600"}, "\\u0000", 1, None]} == found
