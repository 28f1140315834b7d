"""Which addresses an entry of a list of addresses and domains stands for."""

from __future__ import annotations


def covers(entry: str, email: str) -> bool:
    """Whether an address, a domain, or `*.domain` for all below it, stands for a bare address; letters in any case."""
    entry, email = entry.lower(), email.lower()
    domain = email.rpartition("@")[2]
    if entry.startswith("*."):
        return domain.endswith(entry[1:])
    return entry in {email, domain}
