"""The header of CSV: which column is the recipient, which are params."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.params import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a person said of the columns.

    Attributes:
        to: the one with the addresses.
        name: the one with the recipients' names, or None.
        ignore: pass over those that the notification does not take.
    """

    to: str = "to"
    name: str | None = None
    ignore: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The places of the columns, from 0.

    Attributes:
        width: how many there are.
        to: that of the address.
        name: that of the recipient's name, or None.
        params: the path of each param, as `--set` names it, with its place.
    """

    width: int
    to: int
    name: int | None
    params: tuple[tuple[str, int], ...]


def read_header(names: Sequence[str], columns: Columns, contract: Contract | None) -> Header | list[str]:
    """The header, or all that is wrong with it."""
    if not any(names):
        return [f"the first line names the columns: `{columns.to}`, and params"]
    people = [each for each in (columns.to, columns.name) if each is not None]
    faults = [_missing(each, names) for each in people if each not in names]
    taken = [each for each in dict.fromkeys(names) if each in people or _is_param(each, contract)]
    faults += [f"the column {each!r} comes twice" for each in taken if names.count(each) > 1]
    params = list[tuple[str, int]]()
    for place, name in enumerate(names):
        if _is_param(name, contract) and (contract is not None or name not in people):
            params.append((name, place))
        elif name not in people and not columns.ignore:
            faults.append(_unknown(name, place, contract))
    if faults:
        return faults
    return Header(
        len(names), names.index(columns.to), names.index(columns.name) if columns.name else None, tuple(params)
    )


def _is_param(name: str, contract: Contract | None) -> bool:
    first, *rest = name.split(".")
    known = contract is None or contract.model is not None or first in contract.params
    return known and bool(first) and all(rest)


def _missing(name: str, names: Sequence[str]) -> str:
    near = did_you_mean(name, filter(None, names))
    hint = "; --to-column names the one with the addresses" if name == "to" else ""
    return f"there is no column {name!r} ({near}){hint}"


def _unknown(name: str, place: int, contract: Contract | None) -> str:
    if not name:
        return f"column {place + 1} has no name; --ignore-columns passes over it"
    if contract is None or name.partition(".")[0] in contract.params:
        return f"the column {name!r} is not the name of a param"
    near = did_you_mean(name, contract.params) or "the notification takes none"
    return f"unknown column {name!r} ({near}); --ignore-columns passes over what the notification does not take"
