"""`notify.cli.dotenv`: reading `.env` files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify import ConfigError
from notify.cli.dotenv import read_dotenv

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, text: str) -> dict[str, str]:
    """The variables of a file with this text."""
    path = tmp_path / ".env"
    path.write_text(text, encoding="utf-8")
    return read_dotenv(path)


def test_no_file_means_no_variables(tmp_path: Path) -> None:
    """A project without `.env` is fine."""
    assert {} == read_dotenv(tmp_path / ".env")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        ("export A=1", "1"),
        ("  A = two words  ", "two words"),
        ("A=", ""),
        ("A=a#b", "a#b"),
        ("A=a # comment", "a"),
        ("A=# comment", ""),
        ("A=it's", "it's"),
        ("A=SG.x-y_z.0+/==", "SG.x-y_z.0+/=="),
        ("A='single # \\n'", "single # \\n"),
        ('A="double # \\n \\"q\\" \\\\ \\t"', 'double # \n "q" \\ \t'),
        ('A="quoted" # comment', "quoted"),
        ("A=postgresql://u:p@h/d?x=1", "postgresql://u:p@h/d?x=1"),
        ("A=${B}", "${B}"),
    ],
)
def test_forms_of_a_value(tmp_path: Path, line: str, value: str) -> None:
    """Bare and quoted values are read as people mean them; nothing is substituted."""
    assert {"A": value} == read(tmp_path, f"# a comment\n\n{line}\n")


def test_the_last_of_two_wins(tmp_path: Path) -> None:
    """As in a shell, the last line of a name counts."""
    assert {"A": "2"} == read(tmp_path, "\ufeffA=1\r\nA=2\r\n")


@pytest.mark.parametrize("line", ["A", "1A=x", "A B=x", 'A="open', "A='x' y", "=x", "A: x"])
def test_a_wrong_line_is_named_but_not_repeated(tmp_path: Path, line: str) -> None:
    """Every line that is not NAME=value is told with its place; its text, which may hold a key, is not."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f"B=1\n{line}\n=SECRET\n")

    assert [2, 3] == [fault.location.line for fault in caught.value.faults]
    assert "SECRET" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A folder, or a file of another encoding, is one clear error."""
    (tmp_path / ".env").mkdir()
    (tmp_path / "latin1").write_bytes(b"A=\xe4")

    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        read_dotenv(tmp_path / ".env")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_dotenv(tmp_path / "latin1")


def test_long_lines_take_no_time(tmp_path: Path) -> None:
    """A hostile file is read in a moment."""
    values = read(tmp_path, f"A=x{' ' * 200_000}#\nB={'x ' * 100_000}\n")

    assert {"A", "B"} == set(values)
