"""Where a worker is killed, and how a mail asks for it: by the address that it goes to.

`17.data@crash.example` is mail 17, whose worker is to be killed while its text is on the way. That is done once.
"""

from __future__ import annotations

from typing import NamedTuple

DOMAIN = "crash.example"
LEASED, RENDERED, MAIL, DATA, DOT, ANSWERED, DELIVERED = STEPS = (
    "leased",
    "rendered",
    "mail",
    "data",
    "dot",
    "answered",
    "delivered",
)
"""In this order: leased; rendered; after MAIL; within the text; after the final dot, before the answer; after the 250;
when the worker has read it, before the mark."""
RANDOM = "random"
NONE = "none"


class Asked(NamedTuple):
    """What an address asks for."""

    name: str
    step: str


def address(name: str, step: str = NONE) -> str:
    """The address of a mail whose worker is to be killed at a step."""
    return f"{name}.{step}@{DOMAIN}"


def asked(address: str) -> Asked:
    """What it asks for."""
    name, _, step = address.partition("@")[0].partition(".")
    return Asked(name, step)
