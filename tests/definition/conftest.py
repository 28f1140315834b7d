"""Definitions from YAML text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from notify.definition import Definition, Rules, read_definition
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from pathlib import Path


class Define(Protocol):
    """Reads a text as `case.yaml`; gives the definition (None where there is none) and the faults as text."""

    def __call__(self, text: str, rules: Rules = ...) -> tuple[Definition | None, list[str]]: ...


@pytest.fixture
def define(tmp_path: Path) -> Define:
    """A function from YAML text to a definition and faults."""

    def read(text: str, rules: Rules = Rules()) -> tuple[Definition | None, list[str]]:  # noqa: B008  (it is frozen)
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        reader = Reader()
        definition = read_definition(reader, path, "case", "case.yaml", rules)
        return definition, [str(fault) for fault in reader.faults]

    return read
