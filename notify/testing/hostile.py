"""Params with each text that mails broke at, in all places that take it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.testing.strategies import HOSTILE, names_of_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.definition import Definition
    from notify.params import Contract
    from notify.params.problems import Problem

    Path = tuple[str | int, ...]


def hostile(definition: Definition) -> list[dict[str, Any]]:
    """The params of the first sample with each of `HOSTILE` in the place of every text that may be it.

    There are none without a sample, and without declared params.
    """
    contract, sample = definition.contract, next(iter(definition.samples.values()), None)
    if contract is None or sample is None:
        return []
    files = names_of_files(definition)
    found: list[dict[str, Any]] = []
    for text in HOSTILE:
        values = _with(contract, dict(sample.params), text, files)
        if values not in found:
            found.append(values)
    return found


def _with(contract: Contract, values: dict[str, Any], text: str, kept: set[str]) -> dict[str, Any]:
    for path in list(_texts(values, ())):
        changed = _replaced(values, path, text)
        problems: list[Problem] = []
        if path[0] not in kept:
            contract.attempt(changed, problems)
            values = values if problems else changed
    return values


def _texts(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, (*path, name))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _texts(each, (*path, place))


def _replaced(value: Any, path: Path, text: str) -> Any:
    if not path:
        return text
    changed = value.copy()
    changed[path[0]] = _replaced(value[path[0]], path[1:], text)
    return changed
