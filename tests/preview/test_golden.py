"""Golden files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.errors import ConfigError
from notify.preview.golden import Golden
from notify.preview.state import NO_SAMPLE, State

if TYPE_CHECKING:
    from pathlib import Path

STATE = State(notification="billing.paid", sample="default")


def test_there_and_back(tmp_path: Path) -> None:
    """What was kept is read again; each sample, locale and theme has a file of its own."""
    golden = Golden(tmp_path / "golden", tmp_path, writable=True)
    others = [STATE.but(sample="b"), STATE.but(theme="acme"), STATE.but(sample=NO_SAMPLE)]
    paths = [golden.write(state, "de", str(number).encode()) for number, state in enumerate([STATE, *others])]

    assert [
        "golden/billing.paid/default.de.eml",
        "golden/billing.paid/b.de.eml",
        "golden/billing.paid/default.de.acme.eml",
        "golden/billing.paid/none.de.eml",
    ] == paths
    assert [b"0", b"1", b"2", b"3"] == [golden.read(state, "de") for state in (STATE, *others)]


def test_a_folder_elsewhere(tmp_path: Path) -> None:
    """Golden files that do not lie in the project are shown with their whole path."""
    golden = Golden(tmp_path / "elsewhere", tmp_path / "shop", writable=True)

    assert str(tmp_path / "elsewhere/billing.paid/default.en.eml") == golden.write(STATE, "en", b"x")


def test_what_there_is_not(tmp_path: Path) -> None:
    """A missing file is said by its name."""
    golden = Golden(tmp_path / "golden", tmp_path, writable=True)

    with pytest.raises(ConfigError, match=r"there is no golden file golden/billing.paid/default.en.eml yet"):
        golden.read(STATE, "en")


def test_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    """A folder in the place of a file, and a file in the place of a folder, are said."""
    golden = Golden(tmp_path / "golden", tmp_path, writable=True)
    (tmp_path / "golden/billing.paid/default.en.eml").mkdir(parents=True)
    (tmp_path / "golden/other").write_text("x")

    with pytest.raises(ConfigError, match=r"default.en.eml cannot be read: Is a directory"):
        golden.read(STATE, "en")
    with pytest.raises(ConfigError, match=r"default.en.eml cannot be written: Is a directory"):
        golden.write(STATE, "en", b"x")
    with pytest.raises(ConfigError, match=r"golden/other/default.en.eml cannot be written: "):
        golden.write(STATE.but(notification="other"), "en", b"x")


def test_not_for_others(tmp_path: Path) -> None:
    """Where files may not be written, none is."""
    with pytest.raises(ConfigError, match="on the machine where the files are"):
        Golden(tmp_path / "golden", tmp_path, writable=False).write(STATE, "en", b"x")
    assert not (tmp_path / "golden").exists()
