"""Texts of others as a database keeps them: in one line, fit for any database, and without addresses where none is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.fitting import fit

if TYPE_CHECKING:
    from notify.people import People

LONGEST = 500
"""Characters of such a text."""
_ADDRESS = re.compile(r"""[^\s<>()"',;:@]{1,254}@(?:[\w-]+(?:\.[\w-]+)*|\[[^\s\]]*\])""")


def line(text: str, people: People, person: str | None = None) -> str:
    """A text in one line, not too long.

    Where people are not named by their addresses, what looks like one is replaced by its hash, and what stands before
    the `@` of the recipient's by `***`.

    Args:
        text: what a server, a provider, a person or an error says.
        people: how people are named.
        person: the recipient's address.
    """
    found = " ".join(fit(text).split())
    if people.is_hashed:
        found = _ADDRESS.sub(lambda each: people.name(each[0]), found)
        local = (person or "").rpartition("@")[0]
        if local:
            found = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "***", found, flags=re.IGNORECASE)
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"
