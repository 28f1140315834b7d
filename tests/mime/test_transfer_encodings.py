"""Transfer encodings: the shortest that the way allows, within its limits."""

from __future__ import annotations

from base64 import b64decode
from quopri import decodestring
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message.wire import lines

from notify.mime import base64_body, fits, text_body

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300) | st.text(alphabet="a \t=.\r\n\0ä", max_size=300)


@pytest.mark.parametrize(
    ("text", "eight_bit", "encoding"),
    [
        ("plain\n", False, "7bit"),
        ("plain\n", True, "7bit"),
        ("Zoë\n", True, "8bit"),
        ("Zoë, and some more text\n", False, "quoted-printable"),
        ("ようこそ\n", False, "base64"),
        ("y" * 998, False, "7bit"),
        ("y" * 999, False, "quoted-printable"),
        ("ö" * 500, True, "base64"),
        ("a\0b", True, "quoted-printable"),
        ("", False, "7bit"),
    ],
)
def test_choice(text: str, encoding: str, *, eight_bit: bool) -> None:
    """The text goes as it is where it can, else in the shorter encoding."""
    assert encoding == text_body(text.encode(), eight_bit=eight_bit)[0]


@given(TEXT, st.booleans())
def test_round_trip(text: str, eight_bit: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    """The decoded text is the text; lines of encoded bodies have at most 76 octets and no blanks at their ends."""
    encoding, body = text_body(text.encode(), eight_bit=eight_bit)

    decode: dict[str, Callable[[bytes], bytes]] = {"quoted-printable": decodestring, "base64": b64decode}
    decoded = decode.get(encoding, bytes)(body).decode()
    assert lines(text) == lines(decoded)
    assert body.endswith(b"\r\n")
    assert body.count(b"\r\n") == body.count(b"\r") == body.count(b"\n")
    assert b"\0" not in body
    if encoding in {"quoted-printable", "base64"}:
        assert all(len(line) <= 76 and line == line.rstrip() for line in body.split(b"\r\n"))


@given(st.binary(max_size=300))
def test_base64(content: bytes) -> None:
    """Octets come back; lines have at most 76."""
    body = base64_body(content)

    assert content == b64decode(body)
    assert all(len(line) <= 76 for line in body.split(b"\r\n"))


@pytest.mark.parametrize("size", [57 * 256 * number + more for number in (1, 2) for more in (-1, 0, 1, 57)])
def test_base64_of_many_lines(size: int) -> None:
    """However many lines there are, all but the last are full."""
    content = bytes(number % 251 for number in range(size))
    *full, last, nothing = base64_body(content).split(b"\r\n")

    assert content == b64decode(b"".join([*full, last]))
    assert {76} == {len(line) for line in full}
    assert (0 < len(last) <= 76, nothing) == (True, b"")


@given(st.lists(st.integers(0, 1100), min_size=1, max_size=8))
def test_fits(lengths: list[int]) -> None:
    """A body fits if no line has more than 998 octets."""
    body = b"".join(b"y" * length + b"\r\n" for length in lengths)

    assert (max(lengths) <= 998) == fits(body)
