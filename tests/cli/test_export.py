"""`notify export`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from cli.running import Run

FAULTY = "subject: x\ntext: |\n  {{ nme }}\nsamples: {one: {}}\n"


def test_all(run: Run, project: Path) -> None:
    """Without names everything is written, and the summary is all that is said."""
    result = run("export", "site")

    assert (0, "2 mails in site\n", "") == (result.exit_code, result.stdout, result.stderr)
    assert (project / "site/n/welcome/long_name/en/index.html").is_file()
    assert ["assets", "index.html", "n", "notifications.json"] == sorted(
        path.name for path in (project / "site").iterdir()
    )


def test_some(run: Run, project: Path) -> None:
    """Names, samples and locales choose."""
    result = run("export", "site", "wel*", "--sample", "default", "--locale", "en")

    assert "1 mail in site\n" == result.stdout
    assert ["default"] == [path.name for path in (project / "site/n/welcome").iterdir()]


def test_faulty_ones(run: Run, project: Path) -> None:
    """What cannot be rendered is told with its place, the rest is written, and the command fails."""
    (project / "notifications/bad.yaml").write_text(FAULTY)
    (project / "notifications/broken.yaml").write_text("subjct: x\n")

    result = run("export", "site")

    assert 1 == result.exit_code
    assert "4 mails in site\n" == result.stdout
    assert "bad, sample one, locale en: notifications/bad.yaml:3:" in result.stderr
    assert "broken, sample -, locale en: notifications/broken.yaml:1:1: " in result.stderr
    assert result.stderr.endswith("2 cannot be rendered.\n")
    assert (project / "site/n/bad/one/en/index.html").is_file()
    assert (project / "site/n/welcome/default/en/mail.eml").is_file()


def test_json(run: Run, project: Path) -> None:
    """`--json` prints what `notifications.json` has."""
    result = run("export", "site", "--json")

    assert (project / "site/notifications.json").read_text() == result.stdout
    assert "n/welcome/default/en/index.html" == json.loads(result.stdout)["notifications"][0]["mails"][0]["page"]


def test_nothing_to_show(run: Run, project: Path) -> None:
    """A project without samples has nothing to show, which a build should notice."""
    (project / "notifications/welcome.yaml").write_text("subject: x\ntext: x\n")

    result = run("export", "site")

    assert (1, "0 mails in site\n") == (result.exit_code, result.stdout)
    assert "There is no sample to show.\n" == result.stderr


def test_wrong_calls(run: Run, project: Path) -> None:
    """What is asked for and is not there, and a folder that is somebody's, are errors that change nothing."""
    (project / "mine").mkdir()
    (project / "mine/thesis.txt").write_text("years of work")

    unknown = run("export", "site", "welcom")
    theme = run("export", "site", "--theme", "dark")
    foreign = run("export", "mine")

    assert [2, 2, 2] == [result.exit_code for result in (unknown, theme, foreign)]
    assert "there is no notification 'welcom'" in unknown.stderr
    assert "there is no theme 'dark' (there is none)" in theme.stderr
    assert "thesis.txt" in foreign.stderr
    assert ["thesis.txt"] == [path.name for path in (project / "mine").iterdir()]
    assert not (project / "site").exists()


def test_again(run: Run, project: Path) -> None:
    """A second run replaces what the first wrote."""
    run("export", "site", "--remote-images")
    (project / "notifications/welcome.yaml").rename(project / "notifications/hello.yaml")
    for path in (project / "templates").glob("welcome*"):
        path.rename(path.with_name(path.name.replace("welcome", "hello")))

    result = run("export", "site")

    assert 0 == result.exit_code, result.stderr
    assert ["hello"] == [path.name for path in (project / "site/n").iterdir()]


def test_the_folder_one_is_in(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export can be replaced from within."""
    run("export", "site")
    monkeypatch.chdir(project / "site")

    result = run("export", ".", "--sample", "default")

    assert (0, "1 mail in .\n") == (result.exit_code, result.stdout)
    assert ["default"] == [path.name for path in (project / "site/n/welcome").iterdir()]
