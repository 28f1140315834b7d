"""The check of all rows before anything is sent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.addresses import addresses
from notify.cli.bulk.progress import Bar
from notify.cli.bulk.row import Faulty, Row
from notify.cli.bulk.seen import Seen
from notify.cli.failure import Wrong
from notify.errors import AddressError, ConfigError, ParamsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Definition
    from notify.cli.bulk.rows import Rows

_SHOWN = 50
_CANONICAL = json.JSONEncoder(sort_keys=True)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check counted.

    Attributes:
        rows: how many rows there are.
        recipients: how many people their `to` names.
    """

    rows: int
    recipients: int


class Check:
    """Checks syntax, addresses, params, and that no two rows are the same; renders nothing.

    Args:
        rows: the rows.
        definition: what declares the params.
        duplicates: whether two rows may have the same recipients and params.
    """

    def __init__(self, rows: Rows, definition: Definition, *, duplicates: bool) -> None:
        self._rows = rows
        self._definition = definition
        self._seen = None if duplicates else Seen()
        self._recipients = 0

    def run(self) -> Checked:
        """Read all rows; memory holds some octets of each.

        Raises:
            ConfigError: rows are wrong; it names the first 50 faults, and says how many more there are.
            Wrong: there is no row.
        """
        number = faults = 0
        shown = list[str]()
        with Bar(self._rows.source.lines(), "lines checked") as bar:
            for row in self._rows.read():
                number += 1
                bar.show(row.line)
                for fault in [row.message] if isinstance(row, Faulty) else self._faults(row):
                    faults += 1
                    if faults <= _SHOWN:
                        shown.append(f"{self._rows.place(row.line)}: {fault}")
        if faults > _SHOWN:
            shown.append(f"and {faults - _SHOWN:,} more")
        if shown:
            raise ConfigError("\n".join(shown))
        if not number:
            raise Wrong(f"{self._rows.source.name} has no row")
        return Checked(number, self._recipients)

    def _faults(self, row: Row) -> Iterator[str]:
        people = list[str]()
        try:
            people = [each.email for each in addresses(row.to)]
            if not people:
                yield "nobody is the recipient"
        except AddressError as error:
            yield str(error)
        self._recipients += len(people)
        if self._definition.contract is not None:
            try:
                self._definition.contract.validate(row.params, notification=self._definition.id)
            except ParamsError as error:
                yield from map(str, error.problems)
        if people and self._seen is not None and (first := self._seen.first(_key(people, row), row.line)) != row.line:
            yield f"the same recipients and params as line {first}; --allow-duplicates sends both"


def _key(people: list[str], row: Row) -> int:
    text = _CANONICAL.encode([sorted(map(str.lower, people)), row.own])
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
