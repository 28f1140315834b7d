"""What was found out about a way of sending, one question at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Status = Literal["ok", "warning", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer to one question.

    Attributes:
        check: the question's name: a word, or several with hyphens.
        status: `ok`, `warning` (it works, but look at this), `failed` (mail cannot be sent so), or `skipped`.
        found: what was found, in a sentence.
        advice: what to do next; empty if there is nothing to do.
        data: the same for programs: what JSON can hold.
    """

    check: str
    status: Status
    found: str
    advice: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
