"""The plan of `notify send --recipients`: how many, how long at the configured rate, what the quota leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from notify.cli.bulk import progress
from notify.cli.bulk.pace import Pace, duration
from notify.limits import Rate

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

LINK = "https://example.com/1"


def test_the_slowest_rate_decides_how_long_it_takes() -> None:
    """What is free goes at once, and then so many in each period."""
    pace = Pace("x", {Rate(14, "second"): 0, Rate(100, "minute"): 30}, patience=60.0)

    assert 0 == pace.seconds(14)
    assert 60 == pace.seconds(71)
    assert 600 == pace.seconds(1000)


def test_room_is_what_needs_no_longer_wait_than_is_allowed() -> None:
    """-1 where all may wait for their turn; 0, not less, where more was sent than would have been allowed."""
    second, day = Rate(14, "second"), Rate(100, "day")

    assert -1 == Pace("x", {second: 14}, patience=60.0).room
    assert 40 == Pace("x", {second: 14, day: 60}, patience=60.0).room
    assert 0 == Pace("x", {second: 0, day: 101}, patience=0.0).room


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (119.5, "120 s"), (120.0, "2 min"), (7300.0, "3 h"), (86400.0, "24 h"), (180000.0, "3 days")],
)
def test_a_length_of_time_is_rounded_up(seconds: float, words: str) -> None:
    """In the largest unit of which there are two."""
    assert words == duration(seconds)


@pytest.fixture
def people(project: Path) -> Path:
    """A file of a hundred rows, and transports with limits."""
    rows = "".join(f"w{number}@example.com,Ada,{LINK}\n" for number in range(100))
    (project / "people.csv").write_text(f"to,name,link\n{rows}")
    path = project / "notify.yaml"
    transports = (
        "transports:\n"
        "  slow: {type: 'null', limits: 5000/second}\n"
        "  limited: {type: 'null', limits: [90/second, 1000/day]}\n"
        "  group: {type: failover, transports: [slow, limited, file]}\n"
    )
    path.write_text(path.read_text().replace("transports:\n", transports))
    return project / "people.csv"


def send(run: Run, people: Path, *more: str) -> list[str]:
    """What is said of a sending to them."""
    result = run("send", "welcome", "--recipients", people.name, *more)

    assert result.exit_code == 0, result.stderr
    return result.stderr.splitlines()


def test_how_long_it_takes_at_least(run: Run, people: Path) -> None:
    """At the transport's limits, and nothing where they do not matter."""
    assert "  5000/second" == send(run, people, "--via", "slow")[2]
    assert "  90/second, 1000/day; this takes at least 1 s" == send(run, people, "--via", "limited", "--again")[2]


def test_the_limits_of_each_member_of_a_group(run: Run, people: Path) -> None:
    """With what is used up of them; which member carries what is not known before."""
    assert ["  slow: 5000/second", "  limited: 90/second, 1000/day"] == send(run, people, "--via", "group")[2:4]


def test_copies_count_as_recipients(run: Run, people: Path) -> None:
    """Those of every message."""
    said = send(run, people, "--cc", "c@example.com", "--bcc", "d@example.com")

    assert "welcome to 100 rows of people.csv, 300 recipients, through file (development)" == said[0]


def test_without_a_terminal_a_line_says_how_far_it_is(run: Run, people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few seconds, while rows are checked and while they are sent."""
    monkeypatch.setattr(progress, "_SELDOM", 0.0)
    said = send(run, people)

    assert re.fullmatch(r"2 of 101 lines checked, [\d,]+/s, \d+ s left", said[0])
    assert re.fullmatch(r"1 of 100, [\d,]+/s, \d+ s left", said[102])
    assert "100 accepted, 0 not." == said[-1]
