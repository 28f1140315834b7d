"""`digest` and `throttle` of a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify import Catalog, DefinitionError
from notify.definition.gathering import Digest, Throttle
from notify.rates import Rate

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Definition

BASE = "subject: News\ntext: News\nparams: {items: 'list[str]', name: str, others: 'list[int] | None'}\n"


def read(folder: Path, more: str, base: str = BASE) -> Definition:
    """The definition of a file."""
    (folder / "news.yaml").write_text(base + more, encoding="utf-8")
    return Catalog.load([folder])["news"]


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("{window: 1h}", Digest(3600, "items")),
        ("{window: 15m, by: recipient, max: 5}", Digest(900, "items", (), 5)),
        ("{window: 2 days, by: [recipient, name], param: items}", Digest(172800, "items", ("name",))),
    ],
)
def test_a_digest(tmp_path: Path, text: str, digest: Digest) -> None:
    """Its list is the only one that there is, or the one that is named."""
    assert digest == read(tmp_path, f"digest: {text}\n").digest


@pytest.mark.parametrize(
    ("text", "throttle"),
    [
        ("3/hour", Throttle(Rate(3, "hour"))),
        ("{rate: 10/day, over: cancel}", Throttle(Rate(10, "day"), "cancel")),
        ("{rate: 10/day, over: wait}", Throttle(Rate(10, "day"))),
    ],
)
def test_a_throttle(tmp_path: Path, text: str, throttle: Throttle) -> None:
    """What is more waits, unless it is said to be cancelled."""
    assert throttle == read(tmp_path, f"throttle: {text}\n").throttle


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("digest: {by: recipient}", "digest: there is no window (such as window: 1h)"),
        ("digest: {window: soon}", "digest: window: expected a number and a unit"),
        ("digest: {window: 90}", "digest: window: expected a number and a unit, got 90 (such as 90 days)"),
        ("digest: {window: [1h]}", "digest: window: expected text"),
        ("digest: {window: 1h, by: recipients}", "digest: by: there is no param 'recipients'"),
        ("digest: {window: 1h, max: 0}", "digest: max: expected a whole number of at least 1"),
        ("digest: {window: 1h, param: name}", "digest: param: 'name' is not a param of type list[...]"),
        ("digest: {window: 1h, windows: 2h}", "unknown key of digest 'windows'"),
        ("digest: 1h", "digest: expected a mapping"),
        ("throttle: often", "throttle: expected a number and a period, such as 10/second"),
        ("throttle: {over: wait}", "throttle: there is no rate (such as rate: 3/hour)"),
        ("throttle: {rate: 3/hour, over: drop}", "throttle: over: 'drop' is not one of wait, cancel"),
        ("throttle: [3/hour]", "throttle: expected text"),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    """Each fault has its line, and says what to do."""
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, f"{text}\n")

    assert "news.yaml:4:" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ("{a: 'list[str]', b: 'list[str]'}", "found several (a, b) (name it: param: items)"),
        ("{a: str}", "found none (declare one, such as items: list[Item])"),
        ("{}", "found none"),
    ],
)
def test_a_digest_needs_one_list(tmp_path: Path, params: str, found: str) -> None:
    """Which one, is to be said where there are several."""
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, "digest: {window: 1h}\n", f"subject: News\ntext: News\nparams: {params}\n")

    assert f"digest: expected one param of type list[...], {found}" in str(caught.value)
