"""Secrets masked in what servers say, in whatever form they stand there."""

from __future__ import annotations

import pytest

from notify_smtp.scrub import encoded, scrubber


@pytest.mark.parametrize("before", ["", "x", "xy", "\0apikey\0"])
@pytest.mark.parametrize("behind", ["", "z"])
def test_a_secret_is_known_in_base64(before: str, behind: str) -> None:
    """Whatever stands beside it in the encoded text; at most a letter of it remains."""
    secret = "SG.abcdefghijklmnop/QRSTUVWXYZ~0123456789"
    text = encoded(before + secret + behind)

    assert "***" in scrubber([secret])(text)
    assert len(scrubber([secret])(f"no: {text}")) <= len("no: ***") + 18


def test_a_secret_is_known_as_urls_have_it() -> None:
    """Quoted, as in a DSN."""
    assert scrubber(["SG.a/b+c~d"])("smtp://apikey:SG.a%2Fb%2Bc~d@host") == "smtp://apikey:***@host"


def test_short_secrets_do_not_mask_other_words() -> None:
    """Of a short secret only itself is masked, and its plain base64."""
    assert scrubber(["abc"])(f"abc {encoded('abc')} {encoded('xabc')} word") == f"*** *** {encoded('xabc')} word"


def test_unprintable_and_long_texts() -> None:
    """A person can read what is left, on one line."""
    assert scrubber([])("a\x1b[31mb\0") == "a?[31mb?"
    assert scrubber([])("x" * 2000) == "x" * 1000 + "..."
