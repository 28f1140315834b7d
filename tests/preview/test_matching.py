"""What two sequences have in common."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st

from notify.preview.matching import matches

short = st.text(alphabet="abc", max_size=12)


def longest(old: str, new: str) -> int:
    """How many letters both can have in the same order, found the slow way."""
    table = dict.fromkeys(product(range(-1, len(old)), range(-1, len(new))), 0)
    for x, y in product(range(len(old)), range(len(new))):
        table[x, y] = table[x - 1, y - 1] + 1 if old[x] == new[y] else max(table[x - 1, y], table[x, y - 1])
    return table[len(old) - 1, len(new) - 1]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("a", "", []),
        ("", "a", []),
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)]),
        ("abc", "axc", [(0, 0), (2, 2)]),
        ("abc", "ac", [(0, 0), (2, 1)]),
        ("aa", "aaa", [(0, 0), (1, 1)]),
        ("xaybz", "aqb", [(1, 0), (3, 2)]),
    ],
)
def test_what_is_equal_is_paired(old: str, new: str, expected: list[tuple[int, int]]) -> None:
    """Places are those in the one and in the other."""
    assert (expected, True) == matches(old, new, steps=1000)


@given(short, short)
def test_as_many_as_can_be(old: str, new: str) -> None:
    """The pairs are equal, in order, and as many as there can be."""
    pairs, complete = matches(old, new, steps=10_000)

    assert complete
    assert longest(old, new) == len(pairs)
    assert all(old[x] == new[y] for x, y in pairs)
    assert all(x < later_x and y < later_y for (x, y), (later_x, later_y) in pairwise(pairs))


def test_without_enough_steps_beginning_and_end_are_paired() -> None:
    """What lies between is given up."""
    assert ([(0, 0), (7, 6)], False) == matches("sabcabce", "scbabae", steps=2)


@pytest.mark.parametrize(
    ("old", "new"),
    [("ab" * 50_000, "ba" * 40_000 + "c"), ("a" * 100_000, "b" * 100_000), ("aab" * 30_000, "ab" * 50_000)],
)
def test_hostile_sequences_take_bounded_time(old: str, new: str) -> None:
    """However long and alike, it ends."""
    with bounded(15):
        matches(old, new, steps=1_000_000)
