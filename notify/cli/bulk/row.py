"""One row of a file of recipients, read or faulty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read.

    Attributes:
        line: where it begins in the file, from 1.
        to: whom it is for, as `send_many` takes it.
        params: its params over those of all rows.
        own: what the row itself says of params.
        number: its place among the rows, from 1.
    """

    line: int
    to: Any
    params: Mapping[str, Any]
    own: Mapping[str, Any]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Faulty:
    """What is wrong in a line."""

    line: int
    message: str
