"""Documents that outlive a message, in this process or in a file."""

from __future__ import annotations

import multiprocessing
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from notify.errors import ConfigError
from notify.state import FileState, MemoryState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from notify.state import Document, State

Make = type[MemoryState] | type[FileState]


@pytest.fixture(params=["memory", "file"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> State:
    """Each kind."""
    return MemoryState() if request.param == "memory" else FileState(tmp_path / "folder" / "state.sqlite3")


def _add(document: Document) -> int:
    document["count"] = document.get("count", 0) + 1
    count: int = document["count"]
    return count


def test_documents_are_changed_and_read(state: State) -> None:
    """Each by its name; what was read is a copy."""
    assert {} == state.read("a")
    assert [1, 2] == [state.change("a", _add), state.change("a", _add)]
    copy = state.read("a")
    copy["count"] = 7
    assert {"count": 2} == state.read("a")
    assert {} == state.read("b")
    state.close()
    state.close()


def test_a_change_that_fails_changes_nothing(state: State) -> None:
    """And its error is the caller's."""

    def fail(document: Document) -> None:
        document["count"] = 3
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        state.change("a", fail)
    assert {} == state.read("a")
    assert 1 == state.change("a", _add)


def test_threads_do_not_meet(state: State) -> None:
    """No change is lost."""
    threads = [threading.Thread(target=lambda: [state.change("a", _add) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {"count": 200} == state.read("a")


def test_a_file_outlives_its_owner(tmp_path: Path) -> None:
    """Another object, or the same one after `close`, goes on where the first was."""
    first = FileState(tmp_path / "state.sqlite3")
    first.change("a", _add)
    first.close()

    assert 2 == FileState(tmp_path / "state.sqlite3").change("a", _add)
    assert {"count": 2} == first.read("a")


def _add_often(path: Path) -> None:
    state = FileState(path)
    for _ in range(50):
        state.change("a", _add)


def test_processes_share_a_file(tmp_path: Path) -> None:
    """No change of any of them is lost."""
    path, context = tmp_path / "state.sqlite3", multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add_often, args=(path,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert {"count": 150} == FileState(path).read("a")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_opens_its_own(state: State) -> None:
    """Whatever thread held the lock when the process forked, the child can go on; so can the parent."""
    state.change("a", _add)
    held: Callable[[Document], Any] = lambda _: os.fork()  # noqa: E731 - in the middle of a change
    child = state.change("b", held) if isinstance(state, MemoryState) else os.fork()
    if child == 0:
        os._exit(0 if state.change("a", _add) in {1, 2} else 1)

    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert state.change("a", _add) >= 2


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be one" * 40])
def test_a_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    """The error names the file."""
    path = tmp_path / "state.sqlite3"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=r"state: .*state\.sqlite3 cannot be used: file is not a database"):
        FileState(path).read("a")
    with pytest.raises(ConfigError, match="cannot be used"):
        FileState(tmp_path / "state.sqlite3" / "below").change("a", _add)


def test_a_damaged_document(tmp_path: Path) -> None:
    """The error says whose it is."""
    state = FileState(tmp_path / "state.sqlite3")
    state.change("a", _add)
    with state._open() as connection:
        connection.execute("UPDATE state SET document = '{'")

    with pytest.raises(ConfigError, match="what is kept of a is damaged"):
        state.read("a")
