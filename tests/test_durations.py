"""Durations, as people write them."""

from __future__ import annotations

import pytest

from notify.durations import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1 second", 1),
        ("15m", 900),
        ("15 min", 900),
        ("1h", 3600),
        (" 2 Hours ", 7200),
        ("30 days", 2592000),
        ("1w", 604800),
    ],
)
def test_a_number_and_a_unit(text: str, seconds: int) -> None:
    """With or without a blank, in the singular or plural."""
    assert seconds == seconds_of(text)


@pytest.mark.parametrize("text", ["", "90", "h", "0s", "-1h", "1.5h", "1 month", "1h30m", "forever"])
def test_anything_else(text: str) -> None:
    """The message says what is expected and what came."""
    with pytest.raises(ValueError, match="expected a number and a unit, such as 90s, 15m, 1h or 30 days, got"):
        seconds_of(text)
