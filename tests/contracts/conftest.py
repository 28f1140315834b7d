"""Contracts and whole projects from YAML text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from notify.configuration import Configuration
from notify.contracts import Snapshot
from notify.definition import Definition, Rules, read_definition
from notify.plugins import Plugins
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Define(Protocol):
    """The definition that a text is."""

    def __call__(self, text: str) -> Definition: ...


class Project(Protocol):
    """The snapshot of a project with these files; each call is another project."""

    def __call__(self, files: Mapping[str, str]) -> Snapshot: ...


@pytest.fixture
def define(tmp_path: Path) -> Define:
    """A function from YAML text to a definition, to which a subject is added."""

    def read(text: str) -> Definition:
        path = tmp_path / "case.yaml"
        path.write_text(f"subject: Hello\n{text}", encoding="utf-8")
        reader = Reader()
        definition = read_definition(reader, path, "case", "case.yaml", Rules())
        assert definition is not None
        assert not reader.faults
        return definition

    return read


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A function from texts by file to a snapshot."""
    made: list[Path] = []

    def make(files: Mapping[str, str]) -> Snapshot:
        folder = tmp_path / f"project{len(made)}"
        made.append(folder)
        for name, text in {"notify.yaml": "sender: a@acme.example\n", **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / "notifications").mkdir(exist_ok=True)
        return Snapshot.read(Configuration.load(folder), Plugins())

    return make
