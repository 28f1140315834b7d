"""Words of servers and people as the list keeps them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.database.fitting import fit

if TYPE_CHECKING:
    from notify.people import People

_LONGEST = 300
_ADDRESS = re.compile(r"[^\s<>()\"',;:]+@[^\s<>()\"',;:]+")


def line(text: str, people: People) -> str:
    """A text in one line of at most 300 characters, without addresses where those are not kept."""
    found = " ".join(fit(text).split())
    if people.is_hashed:
        found = _ADDRESS.sub("...", found)
    return found if len(found) <= _LONGEST else f"{found[: _LONGEST - 3]}..."
