"""How far a run is: a bar on a terminal, elsewhere a line every few seconds."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from notify.cli.bulk.pace import duration
from notify.cli.output import say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_OFTEN = 0.1
_SELDOM = 5.0


class Bar:
    """The bar; a context manager. That nobody sees it any more ends nothing.

    Args:
        total: how many rows there are to do.
        what: what is counted, if that is not rows that are sent.
    """

    def __init__(self, total: int, what: str = "") -> None:
        self._total = total
        self._what = what and f" {what}"
        self._began = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None
        self._next = self._began + (_OFTEN if sys.stderr.isatty() else _SELDOM)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown is not None:
            self._shown[0].stop()

    def show(self, done: int, failed: int = 0) -> None:
        """Show it, but not too often."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (_OFTEN if sys.stderr.isatty() else _SELDOM)
        rate = done / max(now - self._began, _OFTEN)
        text = f"{done:,} of {self._total:,}{self._what}{f', {failed:,} not' if failed else ''}, {rate:,.0f}/s"
        left = duration((self._total - done) / rate) if done else "?"
        with suppress(OSError):
            if sys.stderr.isatty():
                self._draw(done, f"{text}, {left} left")
            else:
                say(f"{text}, {left} left")

    def say(self, text: str, colour: str) -> None:
        """Say something above the bar."""
        with suppress(OSError):
            if self._shown is None:
                say(text, fg=colour)
            else:
                from rich.text import Text

                self._shown[0].console.print(Text(text, colour), soft_wrap=True)

    def _draw(self, done: int, text: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        if self._shown is None:
            columns = BarColumn(bar_width=None), TextColumn("{task.description}", markup=False)
            progress = Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True, expand=True)
            self._shown = progress, progress.add_task(text, total=self._total)
            progress.start()
        progress, task = self._shown
        progress.update(task, completed=done, description=text, refresh=True)
