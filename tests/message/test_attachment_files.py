"""Files for mail: only regular ones, only below the folder, only up to the limit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from notify.errors import ConfigError
from notify.message.files import read_below, read_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a file in it and another one beside it."""
    folder = tmp_path / "attachments"
    (folder / "terms").mkdir(parents=True)
    (folder / "terms" / "en.pdf").write_bytes(b"%PDF")
    (tmp_path / "secret").write_bytes(b"secret")
    return folder


def test_below(root: Path) -> None:
    """A file below the root is read, through a link that stays there, too."""
    (root / "link.pdf").symlink_to(Path("terms") / "en.pdf")

    assert b"%PDF" == read_below(root, "terms/en.pdf")
    assert b"%PDF" == read_below(root, "link.pdf")


@pytest.mark.parametrize(
    "relative",
    [
        "../secret", "terms/../../secret", "/etc/passwd", "", ".", "terms\\en.pdf", "a\0b", "file:///etc/passwd",
        "https://example.com/a", "C:secret", "missing.pdf", "terms", "a\ud800.pdf", "\ud800/a.pdf",
    ],
)  # fmt: skip
def test_refused(root: Path, relative: str) -> None:
    """All that is not a file below the root is refused, by the path that was given."""
    with pytest.raises(ConfigError) as caught:
        read_below(root, relative)

    assert f"attachment {relative!r}" in str(caught.value)


@pytest.mark.parametrize("absolute", [False, True])
def test_link_out(root: Path, *, absolute: bool) -> None:
    """A link out of the root is refused, and the error names both ends."""
    target = root.parent / "secret"
    (root / "link").symlink_to(target if absolute else Path("..") / "secret")
    (root / "folder").symlink_to(root.parent)

    for relative in ("link", "folder/secret"):
        with pytest.raises(ConfigError) as caught:
            read_below(root, relative)
        assert f"a link leads out of {root}, to {target}" in str(caught.value)


def test_not_regular(root: Path) -> None:
    """A pipe is refused at once, nothing waits for its other end; so is a link to itself."""
    os.mkfifo(root / "pipe")
    (root / "loop").symlink_to("loop")

    with pytest.raises(ConfigError, match="not a regular file"):
        read_below(root, "pipe")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_below(root, "loop")
    with pytest.raises(ConfigError, match="not a regular file"):
        read_file(Path("/dev/zero"))


def test_limit(root: Path) -> None:
    """A file may have as many octets as the limit, and no more."""
    assert b"%PDF" == read_below(root, "terms/en.pdf", 4)
    with pytest.raises(ConfigError, match="has 4 octets, more than the limit of 3"):
        read_below(root, "terms/en.pdf", 3)


def test_file(root: Path) -> None:
    """A path of the application's own may be anywhere and a link, but is a regular file."""
    link = root / "link"
    link.symlink_to(root.parent / "secret")

    assert b"secret" == read_file(link)
    for path in (root, root / "missing", Path("a\0b"), root / "\ud800" / "a.pdf"):
        with pytest.raises(ConfigError, match="attachment"):
            read_file(path)
