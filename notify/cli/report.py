"""The doctor's report: a section after the other, a line for each check, advice beneath."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click

from notify.cli.output import heading

if TYPE_CHECKING:
    from notify.diagnosis import Diagnosis, Status
    from notify.doctor import Finding, Verdict

MARKS: dict[Status, tuple[str, str, str]] = {
    "ok": ("✓", "+", "green"),
    "warning": ("!", "!", "yellow"),
    "failed": ("✗", "x", "red"),
    "skipped": ("-", "-", "bright_black"),
}
"""For each status its mark, the same in ASCII, and the colour of both."""
_WIDEST = 100
_CHECK = 13
_INDENT = 2 + 2 + 9 + _CHECK + 1


class Report:
    """Prints findings as they come; on a terminal in colour, and in lines that fit."""

    def __init__(self) -> None:
        self._section = ""
        self._width = min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else None

    def show(self, finding: Finding) -> None:
        """Print one finding, below its section's heading."""
        if finding.section != self._section:
            if self._section:
                click.echo()
            heading(finding.section)
            self._section = finding.section
        self._line(finding.diagnosis)

    def end(self, verdict: Verdict) -> None:
        """Print the verdict."""
        click.echo()
        colour = "green" if verdict.outcome == "can" else "red"
        for line in self._wrapped(verdict.sentence, 0):
            click.secho(line, fg=colour, bold=True)

    def _line(self, diagnosis: Diagnosis) -> None:
        sign, plain, colour = MARKS[diagnosis.status]
        mark = click.style(f"{sign if _printable(sign) else plain} {diagnosis.status:<8}", fg=colour)
        first, *rest = self._wrapped(diagnosis.found, _INDENT)
        click.echo(f"  {mark} {diagnosis.check:<{_CHECK}} {first}")
        for line in rest:
            click.echo(f"{'':{_INDENT}}{line}")
        for line in self._wrapped(diagnosis.advice, _INDENT) if diagnosis.advice else ():
            click.echo(f"{'':{_INDENT}}{line}")

    def _wrapped(self, text: str, indent: int) -> list[str]:
        text = " ".join(text.split())
        if self._width is None:
            return [text]
        return textwrap.wrap(text, max(self._width - indent, 30), break_on_hyphens=False, break_long_words=False) or [
            ""
        ]


def _printable(sign: str) -> bool:
    """Whether stdout can show it."""
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
