"""Runs of the same file when it had other content: whoever got a message then may get a second one now."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from notify.cli.output import shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_FIRST = 2


def earlier(own: Path, about: Mapping[str, Any]) -> str:
    """A sentence about the last one; empty if there is none.

    Args:
        own: the journal of this run; others are beside it.
        about: what their first lines say if they are of the same file.
    """
    found = [(at, path) for path in own.parent.glob("*.jsonl") if path != own and (at := _begun(path, about))]
    if not found:
        return ""
    at, path = max(found)
    return (
        f"  this file was sent before with other content, params or options, {at}: "
        f"its rows of then are sent again ({shown(path)})"
    )


def _begun(path: Path, about: Mapping[str, Any]) -> str:
    """When a run of the same file began; empty if it is not one, or did not come to its first row."""
    with path.open("rb") as file:
        lines = list(islice(file, _FIRST))
    try:
        first: dict[str, Any] = json.loads(lines[0])
        same = about.items() <= first.items() and len(lines) == _FIRST
        return str(first["at"]) if same and not {"begun", "enqueueing"}.isdisjoint(json.loads(lines[1])) else ""
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
