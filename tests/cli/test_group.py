"""The `notify` command itself: help, options, errors and exit codes."""

from __future__ import annotations

import importlib
import io
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import click
import pytest
from patience import PATIENCE

import notify as package
from notify.cli import main
from notify.cli.group import COMMANDS, notify

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

PLUGIN = """
import click
from notify import hookimpl

@click.command("ahoy")
@click.option("--env", "own")
@click.pass_obj
def ahoy(project, own):
    '''Say hello from a plugin.'''
    click.echo(f"ahoy {own} {project.transport}")

@hookimpl
def notify_commands(group):
    group.add_command(ahoy)
"""


def with_plugin(project: Path, name: str, text: str) -> None:
    """Give the project a plugin of its own."""
    (project / "plugins").mkdir(exist_ok=True)
    (project / "plugins" / f"{name}.py").write_text(text)
    configuration = project / "notify.yaml"
    if "plugins:" not in configuration.read_text():
        configuration.write_text(configuration.read_text() + "plugins: plugins\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_the_help_that_the_list_shows(name: str) -> None:
    """What `--help` says of a command, without importing it, is what the command says of itself."""
    command = importlib.import_module(f"notify.cli.commands.{name}").command

    assert isinstance(command, click.Command)
    assert name == command.name
    assert COMMANDS[name] == command.get_short_help_str(limit=100)


def test_help_lists_the_commands(run: Run) -> None:
    """The help of the command names every built-in command, and the exit codes."""
    result = run("--help")

    assert 0 == result.exit_code
    assert all(f"\n  {name} " in result.stdout for name in COMMANDS)
    assert "75 try again later" in result.stdout


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    """`notify --help` imports none of the libraries that take their time, and no command."""
    program = (
        "import sys\n"
        "from notify.cli.group import notify\n"
        "notify.main(['--help'], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    modules = set(run.stderr.split())

    heavy = {
        "jinja2", "pydantic", "yaml", "pluggy", "rich", "ssl", "css_inline", "selectolax", "email", "asyncio",
        "pathlib", "difflib", "notify.errors",
    }  # fmt: skip
    assert set() == modules & heavy
    assert not [name for name in modules if name.startswith("notify.cli.commands.")]


def test_version(run: Run) -> None:
    """`--version` tells the version of the package."""
    assert f"notify, version {package.__version__}\n" == run("--version").stdout


@pytest.mark.parametrize(("typed", "meant"), [("lst", "did you mean 'list'?"), ("zzz", "there are: adopt, check, ")])
def test_an_unknown_command(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, meant: str) -> None:
    """A command that there is not is answered with the nearest, or with all; outside a project too."""
    monkeypatch.chdir(tmp_path)

    result = run(typed)

    assert 2 == result.exit_code
    assert f"there is no command {typed!r} ({meant}" in result.stderr


def test_an_unknown_option(run: Run) -> None:
    """A wrong option is a usage error."""
    result = run("--nope")

    assert 2 == result.exit_code
    assert "No such option" in result.stderr


@pytest.mark.usefixtures("project")
def test_global_options_stand_before_or_behind_the_command(run: Run) -> None:
    """`--transport` means the same in both places."""
    before = run("--transport", "null", "send", "welcome", "--to", "a@example.com")
    behind = run("send", "welcome", "--to", "a@example.com", "--transport", "null")

    assert "null accepted welcome" in before.stdout
    assert before.stdout == behind.stdout


def test_config_names_the_project(run: Run, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--config`, or NOTIFY_CONFIG, finds the project from anywhere, as a file or as its folder."""
    monkeypatch.chdir(tmp_path)
    by_folder = run("--config", str(project), "list")
    by_file = run("list", "--config", str(project / "notify.yaml"))
    monkeypatch.setenv("NOTIFY_CONFIG", str(project))
    by_variable = run("list")

    assert "welcome" in by_folder.stdout
    assert by_folder.stdout == by_file.stdout == by_variable.stdout


def test_without_a_project(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a project, the message says how to make one."""
    monkeypatch.chdir(tmp_path)

    result = run("list")

    assert 2 == result.exit_code
    assert result.stderr.startswith("Error: there is no notify.yaml")
    assert "notify init" in result.stderr


@pytest.mark.usefixtures("project")
def test_an_unknown_environment(run: Run) -> None:
    """A wrong environment is a configuration error that lists them."""
    result = run("list", "--env", "prodution")

    assert 2 == result.exit_code
    assert "did you mean 'production'?" in result.stderr


def test_dotenv_stands_in_for_what_is_not_set(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` beside notify.yaml selects the environment, unless the variable is set."""
    (project / ".env").write_text("NOTIFY_ENV=test\n")
    from_file = run("transports", "--json")
    monkeypatch.setenv("NOTIFY_ENV", "development")
    from_variable = run("transports", "--json")

    assert '"environment": "test"' in from_file.stdout
    assert '"environment": "development"' in from_variable.stdout


def test_a_wrong_dotenv_is_an_error(run: Run, project: Path) -> None:
    """A line of `.env` that cannot be read is told, not passed over."""
    (project / ".env").write_text("NOTIFY_ENV\n")

    result = run("list")

    assert 2 == result.exit_code
    assert ".env:1:1: expected NAME=value" in result.stderr


@pytest.mark.parametrize("debug", [False, True])
def test_the_unexpected_is_one_message(run: Run, project: Path, debug: bool) -> None:  # noqa: FBT001
    """What nobody foresaw is a message that names it; only --debug shows the traceback."""
    with_plugin(project, "ahoy", PLUGIN.replace('click.echo(f"ahoy {own} {project.transport}")', "1 / 0"))

    result = run(*(["--debug"] if debug else []), "ahoy")

    assert 1 == result.exit_code
    assert "ZeroDivisionError" in result.stderr
    assert debug is ("Traceback" in result.stderr)
    assert debug is not ("--debug" in result.stderr)


def test_a_plugin_adds_a_command(run: Run, project: Path) -> None:
    """A plugin's command runs with the project's options; an option of its own goes before a global one."""
    with_plugin(project, "ahoy", PLUGIN)

    result = run("ahoy", "--env", "mine", "--transport", "null")

    assert (0, "ahoy mine null\n") == (result.exit_code, result.stdout)


def test_only_full_help_shows_commands_of_plugins(run: Run, project: Path) -> None:
    """`--help` is quick and loads no plugin; `--help-all` lists their commands too."""
    with_plugin(project, "ahoy", PLUGIN)

    assert "ahoy" not in run("--help").stdout
    assert "Commands of plugins:\n  ahoy  Say hello from a plugin." in run("--help-all").stdout


@pytest.mark.usefixtures("project")
def test_full_help_without_plugins(run: Run) -> None:
    """Where no plugin adds a command, the full help is the help."""
    assert run("--help").stdout == run("--help-all").stdout


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (PLUGIN, "two plugins add the command 'ahoy'"),
        (PLUGIN.replace('"ahoy"', '"send"'), "a plugin adds the command 'send', which is built in"),
    ],
)
def test_a_command_belongs_to_one(run: Run, project: Path, other: str, words: str) -> None:
    """Two commands of one name, or one of a built-in's, are an error."""
    with_plugin(project, "ahoy", PLUGIN)
    with_plugin(project, "other", other)

    result = run("ahoy")

    assert 2 == result.exit_code
    assert words in result.stderr


def test_a_named_project_must_exist_for_plugins(run: Run, tmp_path: Path) -> None:
    """With --config, a missing file is an error also while commands of plugins are looked for."""
    result = run("--config", str(tmp_path / "missing.yaml"), "ahoy")

    assert 2 == result.exit_code
    assert "there is no configuration file" in result.stderr


def test_as_a_library_it_raises() -> None:
    """Called by a program, with standalone_mode off, errors are raised, not printed."""
    with pytest.raises(click.UsageError):
        notify.main(["nope"], standalone_mode=False)


def test_the_entry_point(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point runs with the arguments of the process; letters that the terminal lacks are escaped."""
    definition = project / "notifications" / "welcome.yaml"
    definition.write_text(definition.read_text().replace("somebody", "Вася"), encoding="utf-8")
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    monkeypatch.setattr(sys, "argv", ["notify", "list"])

    with pytest.raises(SystemExit) as left:
        main()

    assert 0 == left.value.code
    assert rb"\u0412" in written.getvalue()


@pytest.mark.usefixtures("project")
def test_a_stdout_of_another_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point takes any stdout that text can be written to."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stdout", written)
    monkeypatch.setattr(sys, "argv", ["notify", "list"])

    with pytest.raises(SystemExit):
        main()

    assert "welcome" in written.getvalue()


def test_an_interrupt(run: Run, project: Path) -> None:
    """An interrupted command exits with 130 and says nothing."""
    with_plugin(project, "ahoy", PLUGIN.replace("click.echo(", "raise KeyboardInterrupt; ("))

    result = run("ahoy")

    assert 130 == result.exit_code
    assert "" == result.output.strip()


def test_a_reader_that_goes_away_is_no_fault(project: Path) -> None:
    """`notify ... | head -1` ends quietly."""
    with subprocess.Popen(
        [sys.executable, "-c", "from notify.cli import main; main()", "show", "welcome"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaint = process.stderr.read()

    assert b"" == complaint
    assert 1 == process.returncode


def test_an_interrupt_is_quiet(project: Path) -> None:
    """Ctrl-C ends with 130, without a traceback."""
    with_plugin(project, "ahoy", PLUGIN.replace("click.echo(", 'click.echo("ready"); import time; time.sleep(20); ('))
    with subprocess.Popen(
        [sys.executable, "-c", "from notify.cli import main; main()", "ahoy"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert b"ready\n" == process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=PATIENCE)

    assert 130 == process.returncode
    assert b"" == complaint.strip()
