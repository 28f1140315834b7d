"""The manual is right: its code runs, it leaves nothing out, and its links lead somewhere."""

from __future__ import annotations

import inspect
import re
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest
from manual import Page, clean_environment
from servers.sendgrid_api import ApiServer

import notify
from notify import errors, hookspecs
from notify.cli.group import COMMANDS
from notify.cli.group import notify as command
from notify.configuration.file import ENVIRONMENT_KEYS, KEYS
from notify.plugins import Plugins
from notify.testing import Certificates, ScriptedServer
from notify_smtp.presets import PRESETS
from notify_smtp.replies import Interpreter, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXECUTED = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
ALL = [*EXECUTED, ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("decisions/*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What stands for the servers of the manual: one takes everything, one wants TLS and a key, one speaks HTTP."""
    with ExitStack() as stack:
        open_server = stack.enter_context(ScriptedServer({"tls": "none", "auth": []}))
        certificates = Certificates(tmp_path)
        relay = stack.enter_context(ScriptedServer({"require_tls": True, "require_auth": True}, certificates))
        api = stack.enter_context(ApiServer())
        yield {
            "localhost:8025": f"localhost:{api.port}",
            "localhost:1025": f"localhost:{open_server.port}",
            "localhost:2525": f"localhost:{relay.port}",
            "host: localhost, port: 2525": f"host: localhost, port: {relay.port}",
        }


@pytest.mark.parametrize("path", EXECUTED, ids=_name)
def test_the_code_of_a_page_runs(
    path: Path, tmp_path: Path, servers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block of a page does what the page says, in the order of the page, in an empty folder."""
    for name in ("NOTIFY_ENV", "NOTIFY_TRANSPORT", "NOTIFY_CONFIG", "NOTIFY_DISABLE_PLUGINS", "SENDGRID_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    page = Page(path, tmp_path, clean_environment(tmp_path), servers)
    try:
        page.run()
    finally:
        for name in set(sys.modules) - before:
            if Path(getattr(sys.modules[name], "__file__", None) or "/").is_relative_to(tmp_path):
                del sys.modules[name]

    assert [] == page.unknown


@pytest.mark.parametrize("path", ALL, ids=_name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link to a file leads to one that is there, and one to a heading to a heading."""
    broken = []
    for link in _LINK.findall(_CODE.sub("", path.read_text(encoding="utf-8"))):
        target, _, heading = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (heading and heading not in _anchors(file)):
            broken.append(link)

    assert [] == broken


def test_every_page_is_in_the_index() -> None:
    """Each page of the manual can be found from its first one."""
    links = {link.partition("#")[0] for link in _LINK.findall(_text("index.md"))}
    decisions = set(_LINK.findall(_text("decisions/README.md")))

    assert set() == {path.name for path in DOCS.glob("*.md")} - links - {"index.md"}
    assert set() == {path.name for path in DOCS.glob("decisions/*.md")} - decisions - {"README.md"}


def test_every_hook_is_in_the_manual_with_its_arguments() -> None:
    """The table of hooks has each hook with its exact argument list."""
    page = _text("writing-a-transport.md")
    hooks = {name: function for name, function in vars(hookspecs).items() if name.startswith("notify_")}
    listed = {name: f"| `{name}({', '.join(inspect.signature(hook).parameters)})` |" for name, hook in hooks.items()}

    assert len(listed) == 13
    assert [] == [line for line in listed.values() if line not in page]


def test_every_setting_of_every_transport_is_in_the_manual() -> None:
    """The page of transports has each built-in transport and each of its settings."""
    page = _text("transports.md")
    words = {
        word for name, cls in Plugins(disabled=()).transports().items() for word in (name, *cls.declared_settings())
    }

    assert [] == sorted(word for word in words if f"`{word}`" not in page)


def test_every_preset_is_in_the_manual() -> None:
    """The table of presets has each with its host and its variable."""
    rows = {line.split("`")[1]: line for line in _text("smtp.md").splitlines() if line.startswith("| `")}

    assert list(PRESETS) == [name for name in rows if name in PRESETS]
    assert [] == [
        name
        for name, preset in PRESETS.items()
        if preset.host not in rows[name] or (preset.variable and preset.variable not in rows[name])
    ]


def test_what_sendgrid_says_is_the_error_that_the_manual_names() -> None:
    """Each reply in the table of SendGrid's errors is understood as the table says."""
    interpreter = Interpreter("sendgrid", rules=PRESETS["sendgrid"].rules)
    table = re.findall(r"^\| (`[0-9].*?) \| `(\w+)` \|", _text("sendgrid.md"), re.MULTILINE)
    found = []
    for replies, error in table:
        for code, words in re.findall(r"`(\d{3})([^`]*)`", replies):
            phase = "auth" if "Authentication" in words else "final"
            kind = type(interpreter.refusal(phase, Reply(int(code), (words.strip(),))))
            found.append((f"{code}{words}", error, kind.__name__))

    assert len(found) > 10
    assert [] == [row for row in found if row[1] != row[2]]


def test_every_command_and_option_is_in_the_manual() -> None:
    """The page of the command has each command under a heading of its own, and there each option and argument."""
    page = _text("cli.md")
    sections = dict(re.findall(r"^## `notify (\w+)`$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    context = click.Context(command)
    missing = [option for option in _options(command) if f"`{option}" not in page]
    for name in COMMANDS:
        found = command.get_command(context, name)
        assert found is not None
        missing += [f"{name} {option}" for option in _options(found) if f"`{option}" not in sections.get(name, "")]

    assert list(COMMANDS) == list(sections)
    assert [] == missing


def test_every_exit_code_is_in_the_manual() -> None:
    """The page of the command has a row for each code that it exits with."""
    from notify.cli import failure

    codes = [failure.DONE, failure.FAILED, failure.WRONG, failure.TRY_AGAIN, failure.INTERRUPTED]

    assert [] == [code for code in codes if f"\n| {code} | " not in _text("cli.md")]


def test_every_key_of_the_configuration_is_in_the_manual() -> None:
    """The page of environments has a row for each key of notify.yaml and of an environment."""
    page = _text("environments.md")

    assert [] == [key for key in (*KEYS, *ENVIRONMENT_KEYS) if f"\n| `{key}` |" not in page]


def test_every_key_of_a_definition_is_in_the_manual() -> None:
    """The page of definitions has each key of a file, of an attachment, of a sample and of a param's long form."""
    from notify.definition import attachments, reading
    from notify.params import SAMPLE_NAMES
    from notify.params.constraints import LONG_FORM
    from notify.params.types import BUILTINS

    page = _text("definitions.md")
    keys = {*reading._KEYS, *attachments._KEYS, *SAMPLE_NAMES, *LONG_FORM, *BUILTINS.keys() - {"None"}}
    table = "\n".join(line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `"))

    assert [] == sorted(key for key in keys if f"`{key}`" not in table)


def test_every_error_is_in_the_manual() -> None:
    """The page of Python draws the tree of errors as the module does."""
    assert errors.__doc__ is not None
    tree = errors.__doc__.split("```")[1].strip()

    assert tree in _text("python.md")


def test_every_public_name_is_in_the_manual() -> None:
    """What `notify` exports is mentioned somewhere in the manual."""
    manual = "".join(path.read_text(encoding="utf-8") for path in EXECUTED)

    assert [] == [name for name in notify.__all__ if not re.search(rf"\b{name}\b", manual)]


def test_every_component_is_in_the_manual() -> None:
    """The page of templates has each macro of the built-in components with its exact arguments."""
    source = (ROOT / "templates/notify/components.html").read_text(encoding="utf-8")
    macros = re.findall(r"{% macro ([a-z]\w*\(.*?\)) %}", source)

    assert len(macros) > 5
    assert [] == [macro for macro in macros if f"| `{macro}` |" not in _text("templates.md")]


def _anchors(path: Path) -> set[str]:
    """The anchors that GitHub makes of headings."""
    headings = _HEADING.findall(_CODE.sub("", path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _options(found: click.Command) -> list[str]:
    names: list[str] = []
    for parameter in found.params:
        hidden: Any = getattr(parameter, "hidden", False)
        if not hidden:
            names += parameter.opts if isinstance(parameter, click.Option) else [parameter.name or ""]
            names += parameter.secondary_opts
    return names
