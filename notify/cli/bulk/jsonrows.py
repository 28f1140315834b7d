"""Rows of JSON Lines: an object on each line, with `to` and `params`."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from notify.cli.bulk.row import Faulty, Row
from notify.cli.bulk.source import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class JsonRows:
    """Reads the rows of JSON Lines; empty lines are none.

    Args:
        common: params of all rows.
    """

    def __init__(self, common: Mapping[str, Any]) -> None:
        self._common = common

    def read(self, file: IO[bytes]) -> Iterator[Row | Faulty]:
        """Each row, or what is wrong with it."""
        for number, octets in enumerate(file, 1):
            line = octets.removeprefix(BOM) if number == 1 else octets
            if not line.strip():
                continue
            try:
                to, own = _of_object(json.loads(line.decode()))
            except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
                yield Faulty(number, f"expected a JSON object with `to` and `params`: {error}")
            else:
                yield Row(number, to, {**self._common, **own} if self._common else own, own)


def _of_object(value: Any) -> tuple[str | list[Any], dict[str, Any]]:
    if not isinstance(value, dict):
        raise ValueError(f"got {type(value).__name__}")  # noqa: TRY004 - one kind of error for one kind of fault
    if unknown := value.keys() - {"to", "params"}:
        raise ValueError(f"got {min(unknown)!r} too")
    to, params = value.get("to"), value.get("params", {})
    if not isinstance(to, (str, list)):
        raise ValueError("`to` is an address, or a list of them")  # noqa: TRY004
    if not isinstance(params, dict):
        raise ValueError("`params` is an object")  # noqa: TRY004
    return to, params
