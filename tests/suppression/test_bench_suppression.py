"""The benchmark of the list measures what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.suppression import CASE, _notifier, measure_list
from bench.workload import contexts

if TYPE_CHECKING:
    from pathlib import Path


def test_so_many_people(url: str) -> None:
    """All of them are added, each of those asked for is held, and nobody else."""
    found = measure_list(url, 1500)

    assert {"add", "disk", "few", "load", "memory", "judge", "held"} == found.keys()
    assert 0 < found["disk"] < 2
    assert found["judge"] < found["held"]


def test_a_list_that_is_asked(url: str, tmp_path: Path) -> None:
    """By the notifier that is measured, and not by the other."""
    (context,) = contexts(CASE, 1)
    with _notifier(tmp_path / "asked", url) as asked, _notifier(tmp_path / "free", "") as free:
        gates = asked.records.gate, free.records.gate
        receipts = [each.send(CASE, to=context.to, params=context.params) for each in (asked, free)]

    assert gates[0] is not None
    assert gates[1] is None
    assert [1, 1] == [len(each.accepted) for each in receipts]
