"""Tokens for edited params."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.errors import ConfigError
from notify.preview.data.drafts import Drafts

PLAIN = st.recursive(
    st.text() | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def noise(size: int, seed: int = 1) -> dict[str, Any]:
    """Params that do not become shorter."""
    return {"a": hashlib.shake_256(bytes([seed % 256, seed // 256])).hexdigest(size // 2)}


def token_of(data: bytes) -> str:
    """A token that somebody made up."""
    return "z" + base64.urlsafe_b64encode(zlib.compress(data)).rstrip(b"=").decode()


@given(values=st.dictionaries(st.text(), PLAIN, max_size=5))
def test_everything_comes_back(values: dict[str, Any]) -> None:
    """Any plain params come back as exactly the same, from a token that a URL can carry."""
    drafts = Drafts()
    token = drafts.put(values)

    assert repr(values) == repr(drafts.get(token))
    assert re.fullmatch(r"[zh][A-Za-z0-9_-]{1,1499}", token)
    assert token == drafts.put(values)


@pytest.mark.parametrize(
    "values", [{}, {"a": 10**3000, "b": 1.0, "c": 1, "d": True}, {"b": "é👧", "a": [None, {"": []}]}]
)
def test_short_ones_need_no_memory(values: dict[str, Any]) -> None:
    """A short token says all by itself, wherever it is read."""
    token = Drafts().put(values)

    assert token.startswith("z")
    assert repr(values) == repr(Drafts().get(token))


def test_long_ones_are_kept() -> None:
    """What does not fit into a URL is kept; each reader gets a copy of his own."""
    drafts = Drafts()
    token = drafts.put(noise(5000))
    got = drafts.get(token)
    assert got is not None
    got.clear()

    assert re.fullmatch("h[0-9a-f]{32}", token)
    assert noise(5000) == drafts.get(token)
    assert Drafts().get(token) is None


def test_what_packs_well_but_is_large_is_kept_too() -> None:
    """A token never stands for more than its reader takes."""
    drafts = Drafts()
    values = {"a": "x" * 300_000}
    token = drafts.put(values)

    assert token.startswith("h")
    assert values == drafts.get(token)


def test_the_oldest_goes() -> None:
    """Beyond a number, and beyond a size, those that nobody has read for longest make place."""
    few = Drafts(most=2)
    first, second = few.put(noise(3000, 1)), few.put(noise(3000, 2))
    few.get(first)
    third = few.put(noise(3000, 3))
    small = Drafts(octets=10_000)
    tokens = [small.put(noise(4000, seed)) for seed in (1, 2, 1, 3)]

    assert [True, False, True] == [few.get(token) is not None for token in (first, second, third)]
    assert [True, False, True, True] == [small.get(token) is not None for token in tokens]


def nested(levels: int) -> Any:
    """Lists in lists."""
    value: Any = []
    for _ in range(levels - 1):
        value = [value]
    return value


UNKEEPABLE: dict[str, tuple[dict[str, Any], str]] = {
    "nan": ({"a": float("nan")}, "a number is not finite"),
    "surrogate": ({"a": "\ud800"}, "lone surrogate"),
    "deep": ({"a": nested(100)}, "more than 100 levels"),
    "foreign": ({"a": b"x"}, "type bytes"),
    "large": ({"a": "x" * 1_000_000}, "larger than 1,000,000 bytes"),
}


@pytest.mark.parametrize("case", UNKEEPABLE)
def test_what_cannot_be_kept(case: str) -> None:
    """It is an error that says why."""
    values, words = UNKEEPABLE[case]

    with pytest.raises(ConfigError, match=f"the params cannot be kept: .*{words}"):
        Drafts().put(values)


DEEP = ('{"a":' + "[" * 50_000 + "]" * 50_000 + "}").encode()
STRANGE = {
    "empty": "", "another letter": "x" + token_of(b"{}")[1:], "only z": "z", "only h": "h",
    "no such": "h" + "0" * 32,
    "not base64": "z!!!!", "not ASCII": "zé", "blanks": "z" + " ".join(token_of(b"{}")[1:]), "not zlib": "zAAAA",
    "cut off": token_of(b'{"abc": "def"}')[:-6], "a list": token_of(b"[]"), "text": token_of(b'"a"'),
    "no JSON": token_of(b"{"),
    "not UTF-8": token_of(b'{"a": "\xff"}'), "too much": token_of(b'{"a": "' + b"x" * 300_000 + b'"}'),
    "deep": token_of(DEEP),
    "too deep": token_of(json.dumps({"a": nested(100)}).encode()), "not a number": token_of(b'{"a": NaN}'),
    "surrogate": token_of(b'{"a": "\\ud800"}'), "many digits": token_of(b'{"a": ' + b"1" * 5000 + b"}"),
    "too long": "z" + "A" * 2000,
}  # fmt: skip


@pytest.mark.parametrize("case", STRANGE)
def test_tokens_of_strangers(case: str) -> None:
    """What is no token of ours, or would not be, stands for nothing, and does no harm."""
    assert Drafts().get(STRANGE[case]) is None


def test_many_threads() -> None:
    """Drafts can be kept and read from several threads at once."""
    drafts = Drafts(most=20)
    wrong: list[object] = []

    def work(seed: int) -> None:
        for number in range(50):
            values = noise(3000, seed * 1000 + number)
            got = drafts.get(drafts.put(values))
            if got not in (values, None):
                wrong.append(got)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == wrong
    assert 20 == len(drafts._kept)
    assert drafts._size == sum(map(len, drafts._kept.values()))
