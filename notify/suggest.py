"""What was probably meant: the nearest known name to one that is unknown."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """All of `known`, most alike first; equals keep the order of the alphabet."""
    return sorted(sorted(known), key=lambda candidate: -SequenceMatcher(None, name, candidate).ratio())


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean 'html'?`, or, where nothing is near, `there are: ...`; empty if nothing is known."""
    candidates = sorted(known)
    close = get_close_matches(name, candidates, n=1, cutoff=0.6)
    if not close and len(name) > 2:  # noqa: PLR2004 - `prod` is short for production, `a` is for anything
        close = [candidate for candidate in candidates if candidate.startswith(name)]
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there are: {', '.join(candidates)}" if candidates else ""
