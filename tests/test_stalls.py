"""A test is run once more if the machine stood still, and never else."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = "pytester"
CONFTEST = """
import pytest
from stalls import STALL, Stalls

stalls = Stalls()


def pytest_configure(config):
    config.pluginmanager.register(stalls, "stalls")


@pytest.fixture
def stand_still():
    def stand_still():
        stalls.watch.longest = STALL

    return stand_still
"""
TESTS = """
import pathlib
import pytest


@pytest.fixture
def run():
    path = pathlib.Path("runs")
    path.write_text(path.read_text() + "!" if path.exists() else "!")
    yield len(path.read_text())


def test_it(run, stand_still):
    if {still}:
        stand_still()
    assert run in {good}
"""


@pytest.mark.parametrize(
    ("still", "good", "outcome", "runs"),
    [(True, (2,), "passed", 2), (False, (2,), "failed", 1), (True, (), "failed", 2), (True, (1,), "passed", 1)],
    ids=["run again", "no stall", "fails again", "good at once"],
)
def test_only_then(pytester: pytest.Pytester, *, still: bool, good: tuple[int, ...], outcome: str, runs: int) -> None:
    """And the summary says so."""
    pytester.makeini(f"[pytest]\npythonpath = {Path(__file__).parent}\n")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS.format(still=still, good=good))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(**{outcome: 1})

    assert "!" * runs == (pytester.path / "runs").read_text()
    assert (runs == 2) is ("RUN AGAIN" in result.stdout.str())
