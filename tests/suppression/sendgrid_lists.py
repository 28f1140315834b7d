"""SendGrid's lists, as its API gives them."""

from __future__ import annotations

from typing import Any

from notify_sendgrid.suppressions import PAGE

CREATED = 1_795_000_000
NAMES = ("suppression/bounces", "suppression/spam_reports", "suppression/invalid_emails", "suppression/unsubscribes",
         "asm/suppressions", "suppression/blocks")  # fmt: skip


def entry(number: int, **more: object) -> dict[str, object]:
    """One of a list."""
    return {"email": f"p{number}@example.com", "created": CREATED + number, **more}


def documents(**lists: list[Any]) -> dict[str, Any]:
    """What the server answers, page by page; lists that are not given are empty."""
    found: dict[str, Any] = {}
    for name in NAMES:
        entries = lists.get(name.rpartition("/")[2] if not name.startswith("asm") else "asm", [])
        for offset in range(0, len(entries) + 1, PAGE):
            found[f"/v3/{name}?limit={PAGE}&offset={offset}"] = entries[offset : offset + PAGE]
    return found
