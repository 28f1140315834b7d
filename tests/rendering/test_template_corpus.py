"""Faulty templates and their required outcomes, from notifications on disk to the error."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from notify.catalog import Catalog
from notify.errors import NotifyError
from notify.rendering import Renderer

CASES = json.loads((Path(__file__).parent.parent / "data" / "templates_bad.json").read_text(encoding="utf-8"))


def _outcome(case: dict[str, Any], folder: Path) -> Any:
    for name, content in case["files"].items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content.replace("{CANARY}", str(folder / "canary")), encoding="utf-8")
    try:
        catalog = Catalog.load([folder / "notifications"], shown_from=folder)
        renderer = Renderer(folders=[folder / "templates"], shown_from=folder)
        return renderer.render(catalog["case"], case["params"], locale="en")
    except NotifyError as error:
        return error


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']}-{case['about'][:30]}" for case in CASES])
def test_corpus(case: dict[str, Any], tmp_path: Path) -> None:
    """Each case ends as required: an error that names file, line and culprit, or the text, within its time."""
    began = time.monotonic()
    outcome = _outcome(case, tmp_path)

    assert time.monotonic() - began < case.get("max_seconds", 60)
    assert isinstance(outcome, NotifyError) is case["fails"], outcome
    assert not (tmp_path / "canary").exists()
    assert case.get("secret", "\0") not in str(outcome)
    if case["fails"]:
        _check_error(case, str(outcome))
    else:
        assert all(each in (outcome.text or "") for each in case["out"])
        assert case["out_subject"] == outcome.subject


def _check_error(case: dict[str, Any], message: str) -> None:
    lines = [int(line) for line in re.findall(rf"{re.escape(case['in_file'])}:(\d+)", message)]
    assert lines, message
    if "line" in case:
        assert any(abs(line - case["line"]) <= case["give_or_take"] for line in lines), message
    assert all(each.lower() in message.lower() for each in case.get("mentions", ())), message
