"""The shape of the package: what it exports, what it imports, and that the two stay so."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import notify

HEAVY = {
    "pydantic",
    "css_inline",
    "selectolax",
    "markdown_it",
    "email_validator",
    "jinja2",
    "ssl",
    "smtplib",
    "asyncio",
}


def test_all_is_sorted_and_complete() -> None:
    """`__all__`, the lazy table and the imports for type checkers name the same things."""
    tree = ast.parse(Path(notify.__file__).read_text())
    typed = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0
        for alias in node.names if (node.module or "").startswith("notify.")
    }  # fmt: skip

    assert sorted(notify.__all__) == list(notify.__all__)
    assert set(notify.__all__) - {"__version__"} == set(notify._HOME) == typed


@pytest.mark.parametrize("name", notify.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    """The lazy table points to the right modules."""
    assert getattr(notify, name) is not None
    assert name in dir(notify)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """As from any module."""
    with pytest.raises(AttributeError, match="module 'notify' has no attribute 'Nothing'"):
        _ = notify.Nothing


@pytest.mark.parametrize("module", ["notify", "notify_smtp", "notify_sendgrid", "notify_file"])
def test_imports_stay_light(module: str) -> None:
    """Heavy libraries are imported when they are first needed."""
    code = f"import sys, {module}; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert not HEAVY & set(result.stdout.split())


PUBLIC = {
    "notify", "notify.addresses", "notify.atomic", "notify.checks", "notify.diagnosis", "notify.dsn",
    "notify.errors", "notify.feedback", "notify.hookspecs", "notify.message", "notify.outcomes", "notify.readable",
    "notify.retries", "notify.state", "notify.suggest", "notify.transport", "notify.variables",
}  # fmt: skip
"""The modules that a plugin may import from."""


def test_plugins_import_public_names_only() -> None:
    """A built-in plugin is written as a third party would write it: from public modules, nothing private."""
    root = Path(notify.__file__).resolve().parent.parent
    sources = [path for folder in (root / "plugins", root) for path in folder.glob("notify_*")]
    files = [file for path in sources for file in (path.rglob("*.py") if path.is_dir() else [path])]
    imported = {
        (file.name, node.module or "", alias.name)
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "notify"
        for alias in node.names
    }

    assert len(files) > 6
    assert not {each for each in imported if each[1] not in PUBLIC or each[2].startswith("_")}
