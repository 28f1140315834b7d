"""`notify codegen`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run


def test_it_is_printed(run: Run, project: Path) -> None:
    """Without a file it goes to stdout, where it can be read as Python."""
    result = run("codegen")

    assert 0 == result.exit_code
    compile(result.stdout, "mails.py", "exec")
    assert "class Welcome:" in result.stdout
    assert str(project) not in result.stdout


def test_it_is_written_and_current(run: Run, project: Path) -> None:
    """A file that says the same is left alone; `--check` agrees."""
    first = run("codegen", "--output", "shop/mails.py")
    stamp = (project / "shop/mails.py").stat().st_mtime_ns
    second = run("codegen", "--output", "shop/mails.py")

    assert "wrote  shop/mails.py\n" == first.stdout
    assert "kept   shop/mails.py, which is current\n" == second.stderr
    assert stamp == (project / "shop/mails.py").stat().st_mtime_ns
    assert 0 == run("codegen", "--output", "shop/mails.py", "--check").exit_code


def test_a_file_that_is_not_current(run: Run, project: Path) -> None:
    """The exit code is 1, and what differs is shown with the command that puts it right."""
    run("codegen", "--output", "mails.py")
    path = project / "notifications/welcome.yaml"
    path.write_text(path.read_text("utf-8").replace("  name: str\n", "  name: str\n  plan: {type: str, default: a}\n"))
    result = run("codegen", "--output", "mails.py", "--check")

    assert 1 == result.exit_code
    assert "+        plan: str = UNSET,\n" in result.stdout
    assert "mails.py is not current\n`notify codegen --output mails.py` writes what is current.\n" == result.stderr


def test_a_stub(run: Run, project: Path) -> None:
    """It has signatures only."""
    assert 0 == run("codegen", "--stub", "--output", "mails.pyi").exit_code
    text = (project / "mails.pyi").read_text("utf-8")

    assert "        link: str,\n    ) -> Prepared:\n" in text
    assert "return" not in text


def test_check_needs_a_file(run: Run, project: Path) -> None:
    """There is nothing to compare with."""
    result = run("codegen", "--check")

    assert 2 == result.exit_code
    assert "--check needs --output FILE" in result.stderr
    assert project.is_dir()
