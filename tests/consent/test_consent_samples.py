"""Samples: checks, previews, golden files and commands render them without a key, and always the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from consent.making import KEY, YAML, notifier_of
from preview.serving import previewed

from notify.checks.checking import check
from notify.cli.group import notify as command
from notify.testing.render import Renderer

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = "https://unsubscribe.example/u/sample"
SHOWN = """\
category: digest
preheader: What is new
text: "Unsubscribe: {{ unsubscribe_url }}"
samples:
  default: {to: "Ada <ada@b.example>"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a sample that has a recipient, and without a key."""
    notifier_of(tmp_path, YAML.replace(f"keys: {KEY}, ", ""), shown=SHOWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    """What a command prints."""
    result = CliRunner().invoke(command, arguments, prog_name="notify")
    return result.output


def test_checks(folder: Path) -> None:
    """A mail that must have a link has both headers, and the link in its text."""
    report = check(notifier_of(folder, YAML.replace(f"keys: {KEY}, ", ""), shown=SHOWN), names=["shown"], cached=False)

    assert [] == [str(each) for each in report.findings]


def test_a_check_without_the_setting(folder: Path) -> None:
    """Nothing says where people unsubscribe, and each thing that is missing is found."""
    yaml = "sender: a@acme.example\ncategories: {digest: {unsubscribe: required}, tips: {}}"
    report = check(notifier_of(folder, yaml, shown=SHOWN), names=["shown"], cached=False)

    assert ["hdr-missing-unsubscribe"] * 3 == [each.rule for each in report.findings]
    assert any(each.hint.startswith("say in notify.yaml where people unsubscribe") for each in report.findings)


@pytest.mark.usefixtures("folder")
def test_commands() -> None:
    """`render` without a recipient, and `explain`, which says what added the header."""
    assert f"List-Unsubscribe: <{SAMPLE}>" in run("render", "shown")
    assert f"List-Unsubscribe: <{SAMPLE}>" in run("render", "shown", "--sample", "default")
    assert "Error: unsubscribe: there is no key to sign links with" in run("render", "shown", "--to", "ada@b.example")
    assert f"header List-Unsubscribe       <{SAMPLE}>  (all environments, notify.yaml:2:1" in " ".join(
        run("explain", "shown", "--sample", "default").splitlines()
    )


def test_tests(folder: Path) -> None:
    """The fixture that renders."""
    assert SAMPLE in (Renderer(folder / "notify.yaml")("shown", "default", to="ada@b.example").text or "")


def test_the_preview(folder: Path) -> None:
    """A sample's page."""
    with previewed(folder) as preview:
        answer = preview.site.ask("GET", "/n/shown/default?view=headers")

    assert answer.status == 200
    assert "unsubscribe.example/u/sample" in answer.text
