"""`notify completion`, and what a shell is offered."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from notify.cli.group import COMMANDS, notify

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


def offered(*words: str) -> list[str]:
    """What a shell is offered for the last word."""
    *before, incomplete = words
    completion = ShellComplete(notify, {}, "notify", "_NOTIFY_COMPLETE")
    return [item.value for item in completion.get_completions(before, incomplete)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(run: Run, shell: str) -> None:
    """Each shell's script calls the command back."""
    if shell == "bash" and shutil.which("bash") is None:
        pytest.skip("needs bash")

    result = run("completion", shell)

    assert 0 == result.exit_code
    assert f"_NOTIFY_COMPLETE={shell}_complete" in result.stdout


def test_the_shell_in_use(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name, the shell of the person is taken; one that is not known is a usage error."""
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish_complete" in run("completion").stdout

    monkeypatch.setenv("SHELL", "/bin/ksh")
    result = run("completion")

    assert 2 == result.exit_code
    assert "name the shell: bash, zsh, fish" in result.stderr


def test_commands_complete() -> None:
    """The names of the commands complete."""
    assert ["list", "log"] == offered("l")
    assert list(COMMANDS) == offered("")


def test_names_complete(run: Run, project: Path) -> None:
    """The ids of notifications complete, also while a definition is faulty."""
    run("new", "billing.paid")
    (project / "notifications" / "broken.yml").write_text("nonsense: [")
    (project / "notifications" / "notes.yarml").write_text("")

    assert ["billing.paid", "broken", "welcome"] == offered("render", "")
    assert ["welcome"] == offered("send", "w")
    assert ["billing.paid"] == offered("show", "billing.")


def test_names_complete_in_another_project(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--config` counts here too; outside a project nothing is offered."""
    monkeypatch.chdir(tmp_path)

    assert ["welcome"] == offered("--config", str(project), "show", "")
    assert [] == offered("show", "")
