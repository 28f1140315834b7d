"""Contracts from YAML text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from notify.params import Contract, read_contract, read_types
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from collections.abc import Collection


class Declare(Protocol):
    """Reads `params:` and `types:` of a text; all faults are in `faults` of the reader that comes back."""

    def __call__(self, text: str, reserved: Collection[str] = ()) -> tuple[Contract | None, list[str]]: ...


@pytest.fixture
def declare() -> Declare:
    """A function from YAML text to the contract and the faults as text."""

    def read(text: str, reserved: Collection[str] = ()) -> tuple[Contract | None, list[str]]:
        reader = Reader()
        root = reader.parse(text, "f.yaml")
        assert root is not None, reader.faults
        types = read_types(reader, root.get("types"))
        contract = read_contract(reader, root.get("params"), types, reserved=reserved)
        return contract, [str(fault) for fault in reader.faults]

    return read
