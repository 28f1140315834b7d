"""Encoded words: short enough, whole characters, and what went in comes out."""

from __future__ import annotations

from email.header import decode_header

from hypothesis import given
from hypothesis import strategies as st

from notify.mime.words import encoded_words

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


def decoded(word: str) -> str:
    """One encoded word as the standard library reads it."""
    ((data, charset),) = decode_header(word)
    assert isinstance(data, bytes)
    assert charset == "utf-8"
    return data.decode("utf-8")


@given(TEXT, st.integers(24, 75))
def test_round_trip(text: str, room: int) -> None:
    """Every word decodes by itself, all together give the text, none is too long."""
    words = encoded_words(text, room)

    assert text == "".join(map(decoded, words))
    assert len(words[0]) <= room
    assert all(len(word) <= 75 for word in words)


def test_shorter_one() -> None:
    """Q is taken for mostly Latin text, B for the rest."""
    assert ["=?utf-8?q?Gr=C3=BC=C3=9Fe_aus_Bern?="] == encoded_words("Grüße aus Bern")
    assert ["=?utf-8?q?Zo=C3=AB?="] == encoded_words("Zoë")
    assert ["=?utf-8?b?44KI44GG44GT44Gd?="] == encoded_words("ようこそ")
