"""Keeps secrets out of texts that came from, or went to, a server."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LONGEST = 1000


def encoded(text: str) -> str:
    """`text` as base64 of its UTF-8 octets, which is how SASL carries it."""
    return base64.b64encode(text.encode()).decode("ascii")


def scrubber(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that masks each of `secrets`, also in base64, unprintable characters, and the end of a long text."""
    forms = {form for secret in secrets if secret for form in (secret, encoded(secret), encoded(secret).rstrip("="))}
    ordered = sorted(forms, key=lambda form: (-len(form), form))

    def scrub(text: str) -> str:
        for form in ordered:
            text = text.replace(form, "***")
        shown = "".join(character if character.isprintable() else "?" for character in text)
        return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "..."

    return scrub
