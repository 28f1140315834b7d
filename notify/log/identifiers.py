"""Ids of others, as an index takes them."""

from __future__ import annotations

from notify.fitting import fit

LONGEST = 1000
"""Octets of an id. PostgreSQL indexes no row of more than some 2700, and refuses a whole transaction for it."""


def identifier(text: str | None) -> str | None:
    """An id; None of one that is too long: no mail is found by it."""
    if text is None:
        return None
    found = fit(text)
    return found if len(found.encode()) <= LONGEST else None
