"""Files that must be refused: broken, wrong and hostile ones."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from notify.catalog import Catalog
from notify.errors import DefinitionError

CASES = json.loads((Path(__file__).parent.parent / "data" / "definitions_bad.json").read_text())["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_refused_with_its_place(case: dict[str, Any], tmp_path: Path) -> None:
    """The error names file, line and what is wrong, soon, and nothing in the file has been executed."""
    canary = tmp_path / "canary"
    path = tmp_path / "notifications" / "case.yaml"
    path.parent.mkdir()
    path.write_text(case["text"].replace("{CANARY}", str(canary)))
    started = time.process_time()

    with pytest.raises(DefinitionError) as caught:
        Catalog.load([path.parent], shown_from=tmp_path)

    assert time.process_time() - started < 2
    assert not canary.exists()
    assert caught.value.faults[0].location.path == "notifications/case.yaml"
    assert {fault.location.line for fault in caught.value.faults} & set(case["lines"])
    assert all(word in str(caught.value).lower() for word in case["words"])
