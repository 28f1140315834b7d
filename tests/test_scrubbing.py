"""What others say, as a database keeps it."""

from __future__ import annotations

import pytest

from notify.people import People
from notify.scrubbing import LONGEST, line

CLEAR = People()
HASHED = People("a-key-that-nobody-guesses")


def test_one_line_that_any_database_takes() -> None:
    """White space is one space each, and what PostgreSQL refuses is not there."""
    assert "550 no \ufffd such user" == line(" 550\r\n\tno \x00 such  user ", CLEAR)


def test_the_end_of_a_long_text_is_left_out() -> None:
    """And one sees that it is."""
    found = line("x" * (LONGEST + 1), CLEAR)

    assert (LONGEST, "x…") == (len(found), found[-2:])
    assert "x" * LONGEST == line("x" * LONGEST, CLEAR)


@pytest.mark.parametrize(
    "text",
    [
        "550 <{}>: user unknown",
        "no such user: {}.",
        "mailto:{}?subject=x",
        'rcpt "{}" refused',
        "({},postmaster)",
        "{}",
    ],
    ids=["angle brackets", "full stop", "url", "quotes", "list", "bare"],
)
@pytest.mark.parametrize(
    "address",
    ["Ada+news@Mail.example.com", "josé@exämple.com", "o'ada@example.com", "ada@[192.0.2.1]"],
    ids=["plus", "any script", "apostrophe", "literal"],
)
def test_an_address_is_hashed(text: str, address: str) -> None:
    """Wherever it stands, as the address itself is; what stands around it stays."""
    found = line(text.format(address), HASHED)

    assert "@" not in found
    if "'" not in address:
        assert text.format(HASHED.name(address)) == found


def test_the_local_part_of_the_recipient() -> None:
    """Servers say it without its domain; within other words it stays."""
    assert "*** is not here, adamant" == line("ADA is not here, adamant", HASHED, "ada@example.com")
    assert "ada is not here" == line("ada is not here", CLEAR, "ada@example.com")


def test_a_word_of_any_length() -> None:
    """What is longer than an address is none, and takes no longer to look at for that."""
    assert f"{'a' * (LONGEST - 1)}…" == line("a" * 200_000, HASHED)
