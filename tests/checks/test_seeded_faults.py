"""Faults planted into the examples' shop are found, each in its line, and the examples as they are have none."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

# Coverage would take twice as long as the checks; what they consist of has tests of its own.
pytestmark = pytest.mark.no_cover
ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*/notify.yaml"))


def tool(name: str) -> ModuleType:
    """A program of the project's own."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SEEDING = tool("seed_faults")
FAULTS = SEEDING.read_faults()


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop as it is, already looked at."""
    path: Path = SEEDING.clean_copy(tmp_path_factory.mktemp("clean") / "shop")
    return path


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SENDGRID_API_KEY", "NOTIFY_ENV", "NOTIFY_TRANSPORT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda path: path.parent.name)
def test_nothing_is_found_in_the_examples(config: Path, tmp_path: Path) -> None:
    """Not even information, in no environment that is looked at by default."""
    folder = tmp_path / "example"
    SEEDING.copy(config.parent, folder)

    assert () == SEEDING.findings(folder)


def test_the_faults_are_many_and_different() -> None:
    """At least sixty, each told apart by what is wrong and by what is changed, for most of the rules' families."""
    changes = {fault.edits for fault in FAULTS}
    families = {rule.partition("-")[0] for fault in FAULTS for rule in fault.rules}

    assert len(FAULTS) >= 60
    assert len(FAULTS) == len({fault.description for fault in FAULTS}) == len(changes)
    assert {"a11y", "cfg", "check", "css", "def", "hdr", "html", "i18n", "img", "link", "msg", "sec", "tpl"} <= families


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.description)
def test_a_fault_is_found_where_it_is(fault: Any, clean: Path, tmp_path: Path) -> None:
    """A rule that it is for tells of it, in its file and its line."""
    place, found = SEEDING.look_for(fault, clean, tmp_path / "shop")

    assert SEEDING.is_found(fault, place, found), "\n".join([f"{place}: {fault.rules}; found:", *map(str, found)])


def test_many_notifications_are_made_of_the_shops(tmp_path: Path) -> None:
    """What `tools/time_check.py` measures is a project in which nothing is found either."""
    folder = tool("time_check").multiplied(tmp_path / "many", 10)

    assert 10 == len(list((folder / "notifications").iterdir()))
    assert () == SEEDING.findings(folder)
