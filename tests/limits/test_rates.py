"""How many in how long: never more, and again as soon as there is room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.limits import Rate, Usage
from notify.state import MemoryState

_HOUR = 1_700_000_000.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100/day", Rate(100, "day")),
        (" 10 / Second ", Rate(10, "second")),
        ("1/minute", Rate(1, "minute")),
        ("5/hour", Rate(5, "hour")),
    ],
)
def test_a_rate_is_a_number_and_a_period(text: str, expected: Rate) -> None:
    """With or without blanks, in any case of letters."""
    assert expected == Rate.parse(text)
    assert expected == Rate.parse(str(expected))


@pytest.mark.parametrize("text", ["", "100", "0/day", "-1/day", "1.5/day", "100/week", "100/day/day", "1234567890/day"])
def test_what_is_no_rate(text: str) -> None:
    """The error shows what one looks like."""
    with pytest.raises(ValueError, match=r"such as 10/second or 100/day, got"):
        Rate.parse(text)


def test_what_is_used_up_comes_back() -> None:
    """When a period has gone by, and the wait says when; each document is for one key."""
    usage = Usage("a", [Rate(3, "minute")], MemoryState())

    assert [0.0, 0.0] == [usage.take(2, _HOUR), usage.take(1, _HOUR + 1)]
    assert {Rate(3, "minute"): 3} == usage.used(_HOUR + 1)
    wait = usage.take(1, _HOUR + 2)
    assert 58 <= wait <= 60
    assert 0.0 < usage.take(1, _HOUR + 2 + wait - 0.1)
    assert 0.0 == usage.take(2, _HOUR + 2 + wait)
    assert {Rate(3, "minute"): 3} == usage.used(_HOUR + 2 + wait)


def test_all_rates_hold() -> None:
    """The longest wait counts, and nothing is taken of any rate while one has no room."""
    usage = Usage("a", [Rate(10, "second"), Rate(4, "day")], MemoryState())

    assert 0.0 == usage.take(4, _HOUR)
    assert 80_000 < usage.take(1, _HOUR + 5) <= 86_400 * 61 / 60
    assert {Rate(10, "second"): 0, Rate(4, "day"): 4} == usage.used(_HOUR + 5)


def test_more_than_the_whole_takes_the_whole() -> None:
    """A message to more people than a rate allows at once goes out when nothing else was sent for a period."""
    usage = Usage("a", [Rate(2, "second")], MemoryState())

    assert 0.0 == usage.take(50, _HOUR)
    assert 0.0 < usage.take(1, _HOUR + 0.9)
    assert 0.0 == usage.take(50, _HOUR + 1.1)


def test_a_clock_that_was_set_back() -> None:
    """What seems to be of the far future does not count; nobody waits for it."""
    usage = Usage("a", [Rate(1, "minute")], MemoryState())
    usage.take(1, _HOUR)

    assert 0.0 == usage.take(1, _HOUR - 3600)


@given(
    st.integers(1, 6),
    st.sampled_from(["second", "minute", "hour"]),
    st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 4)), max_size=40),
)
def test_no_stretch_of_time_has_more(most: int, period: str, steps: list[tuple[float, int]]) -> None:
    """Whatever is asked for, no period holds more than its rate, but for a single message that is more by itself."""
    rate = Rate(most, period)
    usage, now, sent = Usage("a", [rate], MemoryState()), _HOUR, list[tuple[float, int]]()
    for step, number in steps:
        now += step * rate.seconds
        wait = usage.take(number, now)
        if wait:
            now += wait
            assert 0.0 == usage.take(number, now)
        sent.append((now, min(number, most)))
    for begin, _ in sent:
        assert sum(number for when, number in sent if begin <= when < begin + rate.seconds) <= most
