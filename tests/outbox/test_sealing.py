"""Encryption of sensitive params."""

from __future__ import annotations

import pickle
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notify.errors import ConfigError
from notify.outbox.sealing import Seal


@settings(max_examples=50, deadline=None, database=None)
@given(st.binary(max_size=1000))
def test_what_is_sealed_can_be_opened(content: bytes) -> None:
    """Any octets come back from their token, which is ASCII and another one each time."""
    seal = Seal.of([Seal.new_key()])
    token = seal.seal(content)

    assert content == seal.open(token)
    assert token.isascii()
    assert token != seal.seal(content)


def test_a_new_key_before_the_old_one() -> None:
    """The first key seals, and each opens, so that keys can be changed while there are jobs."""
    old, new = Seal.new_key(), Seal.new_key()
    token = Seal.of([old]).seal(b"x")
    both = Seal.of([new, old])

    assert b"x" == both.open(token)
    assert b"x" == Seal.of([new]).open(both.seal(b"x"))


def test_a_token_that_no_key_opens() -> None:
    """A lost key, a changed token and what is none are the same error, which says what to do."""
    seal, other = Seal.of([Seal.new_key()]), Seal.of([Seal.new_key()])
    token = seal.seal(b"hunter2")
    for wrong in (token, token[:-8], b"", b"hunter2", "ü".encode()):
        with pytest.raises(ConfigError, match="none of the keys opens sealed params: put the key") as caught:
            other.open(wrong)

        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "short", "x" * 44, "ü" * 44, b"\xff", None, 7], ids=repr)
def test_a_key_that_is_none(key: str) -> None:
    """A wrong key is an error that says which, and does not show it."""
    with pytest.raises(ConfigError, match=r"key 2 of 2 is none: expected 32 octets in URL-safe base64") as caught:
        Seal.of([Seal.new_key(), key])

    assert "short" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("keys", [[], (), "k" * 44])
def test_no_list_of_keys(keys: list[str]) -> None:
    """No key at all, and a text instead of a list, are errors."""
    with pytest.raises(ConfigError, match="expected a list of one key or more"):
        Seal.of(keys)


def test_a_seal_shows_nothing() -> None:
    """Neither its repr nor a pickle has the key."""
    seal = Seal.of([Seal.new_key()])

    assert "***" == repr(seal) == str(seal)
    with pytest.raises(TypeError, match="a seal is not pickled"):
        pickle.dumps(seal)


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where cryptography is missing, the error says what to install."""
    monkeypatch.setitem(sys.modules, "cryptography.fernet", None)
    for needs in (Seal.new_key, lambda: Seal.of(["k" * 43 + "="])):
        with pytest.raises(ConfigError, match=r"pip install 'notify-framework\[seal\]'"):
            needs()
