"""What was found is kept for as long as its files stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.checks.cache import Cache, code_digest
from notify.checks.finding import Finding
from notify.errors import Location

if TYPE_CHECKING:
    from pathlib import Path

FINDING = Finding(Location("t.html", 1, 1), "link-http", "warning", "a link", "https", "a", "default", "en")


def cache(folder: Path, key: str = "key") -> Cache:
    """As another process would open it."""
    return Cache(folder / ".notify" / "checks.json", folder, key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a file, and what was found in it."""
    (tmp_path / "t.html").write_text("one", encoding="utf-8")
    ours = cache(tmp_path)
    ours.put("a", ["t.html", "missing.html"], [FINDING])
    ours.put("b", [], [])
    ours.save(["a", "b"])
    return tmp_path


def test_it_is_found_again(folder: Path) -> None:
    """The findings, and the files that they depend on."""
    assert (("t.html", "missing.html"), [FINDING]) == cache(folder).known("a")
    assert ((), []) == cache(folder).known("b")
    assert None is cache(folder).known("c")


@pytest.mark.parametrize("name", ["t.html", "missing.html"])
def test_another_file_is_another_finding(folder: Path, name: str) -> None:
    """One that changes, one that is there now, one that is gone."""
    (folder / name).write_text("two", encoding="utf-8")
    assert None is cache(folder).known("a")
    (folder / name).unlink()
    assert (None is cache(folder).known("a")) is (name == "t.html")


def test_another_key_is_another_cache(folder: Path) -> None:
    """And takes the place of the other."""
    other = cache(folder, "other")
    assert None is other.known("a")
    other.put("b", [], [])
    other.save(["b"])
    assert None is cache(folder).known("a")


def test_what_is_not_there_any_more_is_forgotten(folder: Path) -> None:
    """Only what is named is kept."""
    cache(folder).save(["b"])
    assert None is cache(folder).known("a")


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"format": 1, "key": "key"}', b'{"format": 0}'])
def test_a_damaged_cache_is_none(folder: Path, content: bytes) -> None:
    """It is made again."""
    (folder / ".notify" / "checks.json").write_bytes(content)
    assert None is cache(folder).known("a")


def test_one_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """Nothing fails."""
    (tmp_path / ".notify").write_text("a file", encoding="utf-8")
    ours = cache(tmp_path)
    ours.put("a", [], [])
    ours.save(["a"])
    assert None is cache(tmp_path).known("a")


def test_code_counts(tmp_path: Path) -> None:
    """A plugin of the project that changes may find other things."""
    before = code_digest([tmp_path])
    (tmp_path / "mine.py").write_text("x = 1", encoding="utf-8")
    assert before != code_digest([tmp_path])
    assert code_digest([tmp_path]) == code_digest([tmp_path])
