"""`notify.cli.output`: tables and colour, on a terminal and elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cli.running import terminal

from notify.cli.group import notify
from notify.cli.output import as_json, colourful, count, shown, table

if TYPE_CHECKING:
    from pathlib import Path

HEADER, ROWS = ("ID", "TEXT"), [("a", "x [b]y[/b]"), ("long", "word " * 20)]


def test_a_table_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no person looks, a row is a line: aligned, whole, and without line breaks or colour."""
    table(HEADER, [("a", "one\ntwo"), ("long", "word " * 20)])

    assert ["ID    TEXT", "a     one two", "long  " + ("word " * 20).strip()] == capsys.readouterr().out.splitlines()


def test_a_table_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it fits the width; brackets are text, not markup."""
    with terminal(monkeypatch) as screen:
        table(HEADER, ROWS)
        seen = screen.seen()

    assert "x [b]y[/b]" in seen
    assert "\x1b[" in seen
    assert 4 < len(seen.splitlines())


def test_words_stay_whole_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is room, columns of single words are not broken; those of many are, and a word that is too long."""
    header, rest = ("ID", "TO", "STATE", "WHEN", "REASON"), ("suppressed", "2026-11-27 20:36:29", "word " * 20)
    with terminal(monkeypatch) as screen:
        table(header, [("1", "grace@example.com", *rest)])
        short = screen.seen()
        table(header, [("1", "long." * 9 + "name@example.com", *rest)])
        long = screen.seen()

    assert ("grace@example.com" in short, "name@example.com" in long) == (True, False)
    assert all(each in seen for each in ("suppressed", "2026-11-27") for seen in (short, long))
    assert [20, 20] == [short.count("word"), long.count("word")]


def test_no_color(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """NO_COLOR takes the colour away, on a terminal too."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)
    with terminal(monkeypatch) as screen:
        coloured = colourful()
        table(HEADER, ROWS)
        with pytest.raises(SystemExit):
            notify.main(["nope"])
        with pytest.raises(SystemExit):
            notify.main(["list"])
        seen = screen.seen()

    assert not coloured
    assert "\x1b[3" not in seen
    assert "there is no command" in seen
    assert "\r\nError: there is no notify.yaml" in seen


def test_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal has colour unless it is not wanted."""
    with terminal(monkeypatch):
        coloured = colourful()

    assert coloured


def test_json_keeps_letters(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON is indented and readable in every script."""
    as_json({"a": "Zoë"})

    assert '{\n  "a": "Zoë"\n}\n' == capsys.readouterr().out


@pytest.mark.parametrize(("number", "words"), [(0, "0 mails"), (1, "1 mail"), (2, "2 mails"), (1200, "1,200 mails")])
def test_count(number: int, words: str) -> None:
    """One is one, and all else is several."""
    assert words == count(number, "mail")


def test_a_path_is_shown_as_one_would_type_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the working directory a path is relative, elsewhere it is whole."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    assert "a.txt" == shown(tmp_path / "here" / "a.txt")
    assert str(tmp_path / "b.txt") == shown(tmp_path / "b.txt")
