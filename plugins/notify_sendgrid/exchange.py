"""What becomes of a request: an answer, or none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class LostError(Exception):
    """There is no answer.

    Attributes:
        phase: connect, tls, request or answer.
        reason: what happened.
        whole: whether the request was written to its end, so that the server may have acted on it.
        trusted: False if a person must mend TLS.
    """

    def __init__(self, phase: str, reason: str, *, whole: bool = False, trusted: bool = True) -> None:
        super().__init__(reason)
        self.phase = phase
        self.reason = reason
        self.whole = whole
        self.trusted = trusted


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered.

    Attributes:
        status: the status code.
        reason: the words beside it.
        headers: by name in small letters.
        body: as far as it came.
    """

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)  # a server may repeat the key
    body: bytes = field(repr=False)

    @property
    def document(self) -> Any:
        """The body as JSON; None if it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def time(self) -> float | None:
        """When the server says it answered, in seconds since 1970."""
        from email.utils import parsedate_to_datetime

        try:
            return parsedate_to_datetime(self.headers["date"]).timestamp()
        except (KeyError, ValueError):
            return None
