"""How far one rendering may go, and the watch that stops it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import TemplateRuntimeError

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the rendering of one notification may go.

    Attributes:
        output_bytes: octets of UTF-8 that one part may have, and that any text made on the way may have.
        seconds: how long all parts together may take; also checked in loops and calls that print nothing.
        items: how many items a `range`, or a list made on the way, may have.
        width: the largest number that may say how wide a text is padded, indented or formatted.
        bits: how large a whole number may become.
    """

    output_bytes: int = 5 * 1024 * 1024
    seconds: float = 5.0
    items: int = 100_000
    width: int = 1_000
    bits: int = 10_000


class LimitError(TemplateRuntimeError):
    """A template wants more than the limits allow; `template` is known where no line of it is to blame."""

    template: Template | None = None


_EVERY = 256
"""Steps between two looks at the clock."""


class Watch(threading.local):
    """Counts the steps of the rendering that goes on in this thread; one for a renderer."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.steps = 0
        self.due = _EVERY
        self.deadline = float("inf")

    def start(self) -> None:
        """A rendering begins."""
        self.steps = 0
        self.due = _EVERY
        self.deadline = time.monotonic() + self.seconds

    def step(self) -> None:
        """Count one loop, call or inclusion.

        Raises:
            LimitError: the time is up.
        """
        self.steps += 1
        if self.steps >= self.due:
            self.check()

    def check(self) -> None:
        """Look at the clock.

        Raises:
            LimitError: the time is up.
        """
        self.due = self.steps + _EVERY
        if time.monotonic() > self.deadline:
            raise LimitError(f"rendering takes longer than the limit of {self.seconds:g} seconds")
