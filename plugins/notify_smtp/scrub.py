"""Keeps secrets out of texts that came from, or went to, a server."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LONGEST = 1000
_LEAST = 12


def encoded(text: str) -> str:
    """`text` as base64 of its UTF-8 octets, which is how SASL carries it."""
    return base64.b64encode(text.encode()).decode("ascii")


def scrubber(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that masks each of `secrets`, unprintable characters, and the end of a long text.

    A secret is known in base64 too, also within a longer text, and as it is quoted in URLs.
    """
    ordered = sorted(
        {form for secret in secrets if secret for form in _forms(secret)}, key=lambda form: (-len(form), form)
    )

    def scrub(text: str) -> str:
        for form in ordered:
            text = text.replace(form, "***")
        shown = text
        if not text.isprintable():
            shown = "".join(character if character.isprintable() else "?" for character in text)
        return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "..."

    return scrub


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, encoded(secret), encoded(secret).rstrip("="), quote(secret, safe=""))
    for before in range(3):
        # Its first and last letters depend on what stands beside the secret.
        inner = encoded("\0" * before + secret).rstrip("=")[4 * bool(before) : -2]
        if len(inner) >= _LEAST:  # what is shorter may be any word
            yield inner
