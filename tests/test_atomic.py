"""`notify.atomic`: files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from notify.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def test_writes_a_new_file(tmp_path: Path) -> None:
    """The file holds the bytes, and nothing else is left in the folder."""
    write_atomically(tmp_path / "a.txt", b"hello")

    assert b"hello" == (tmp_path / "a.txt").read_bytes()
    assert [tmp_path / "a.txt"] == list(tmp_path.iterdir())


def test_replaces_a_file(tmp_path: Path) -> None:
    """What was there before is replaced as a whole."""
    (tmp_path / "a.txt").write_bytes(b"much longer than what comes")

    write_atomically(tmp_path / "a.txt", b"hello")

    assert b"hello" == (tmp_path / "a.txt").read_bytes()


def test_the_mode_can_be_narrowed(tmp_path: Path) -> None:
    """The file never has wider permissions than asked for."""
    write_atomically(tmp_path / "a.txt", b"hello", mode=0o600)

    assert 0o600 == (tmp_path / "a.txt").stat().st_mode & 0o777


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """When the name cannot be taken, the temporary file goes, and the old content stays."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(OSError, match="folder"):
        write_atomically(tmp_path / "folder", b"hello")

    assert [tmp_path / "folder"] == list(tmp_path.iterdir())


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """No folder is made."""
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "a.txt", b"hello")

    assert [] == list(tmp_path.iterdir())


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that a link points to is replaced, not the link."""
    (tmp_path / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to("real.txt")

    write_atomically(tmp_path / "link.txt", b"new")

    assert (tmp_path / "link.txt").is_symlink()
    assert b"new" == (tmp_path / "real.txt").read_bytes()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """A device or a pipe is not replaced by a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()

    write_atomically(pipe, b"hello")
    reader.join(5)

    assert [b"hello"] == got
    assert pipe.is_fifo()


def test_another_place_for_the_temporary_file(tmp_path: Path) -> None:
    """The temporary file can be put elsewhere, as a maildir wants; it is never one that exists."""
    write_atomically(tmp_path / "a.txt", b"hello", temporary=tmp_path / "t")

    assert b"hello" == (tmp_path / "a.txt").read_bytes()

    (tmp_path / "t").write_bytes(b"somebody else's")
    with pytest.raises(FileExistsError):
        write_atomically(tmp_path / "a.txt", b"hello", temporary=tmp_path / "t")
    assert b"somebody else's" == (tmp_path / "t").read_bytes()


def test_what_has_its_name_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where only the folder cannot be flushed, the file is there: a warning says so, and nobody writes it twice."""
    flush = os.fsync

    def fails_for_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", fails_for_folders)

    write_atomically(tmp_path / "a.txt", b"hello")

    assert b"hello" == (tmp_path / "a.txt").read_bytes()
    (warning,) = caplog.messages
    assert f"{tmp_path}: a new file is there, but its name is not flushed to the disk: [Errno 5]" in warning
