"""An explanation on a terminal, and as JSON."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from notify.cli.output import count, heading, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.explaining import Explanation, Fact, Origin, Problem

_WIDEST = 110
_LONGEST = 300
_JOINERS = frozenset("\u200c\u200d")


def document(explanation: Explanation) -> dict[str, Any]:
    """The explanation for programs; its form stays the same while `schema` does."""
    return {
        "schema": 1,
        "notification": explanation.notification,
        "environment": explanation.environment,
        "sendable": not explanation.problems,
        "sections": {section.key: [_fact(fact) for fact in section.facts] for section in explanation.sections},
    }


def show(explanation: Explanation) -> None:
    """Print the explanation: section after section, a line for each fact; on stderr, whether it could be sent."""
    lines = _Lines()
    for number, section in enumerate(explanation.sections):
        if number:
            click.echo()
        heading(section.title)
        lines.show(section.facts)
    if explanation.problems:
        found = count(len(explanation.problems), "problem")
        say(f"\n{click.style('Error:', fg='red', bold=True)} it cannot be sent: {found}, marked ! above")
    else:
        say(f"\n{explanation.carrier} would carry it to {', '.join(explanation.recipients)}. Nothing was sent.")


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "value": fact.value,
        "origin": None if fact.origin is None else _origin(fact.origin),
        "problems": [{"error": each.error.__name__, "message": each.text} for each in fact.problems],
        "facts": [_fact(each) for each in fact.inner],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    place = origin.location
    return {
        "by": origin.by,
        "words": origin.words,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
    }


class _Lines:
    """Prints facts; on a terminal, what decided one stands below it where the line is too short for both."""

    def __init__(self) -> None:
        self._width = min(shutil.get_terminal_size().columns, _WIDEST) if sys.stdout.isatty() else None

    def show(self, facts: Sequence[Fact], indent: int = 2) -> None:
        """Print facts, and their parts further to the right."""
        width = max((len(fact.name) for fact in facts), default=0)
        for fact in facts:
            self._line(fact, indent, width)
            for problem in fact.problems:
                self._problem(problem, indent + 2)
            self.show(fact.inner, indent + 4)

    def _line(self, fact: Fact, indent: int, width: int) -> None:
        value = "" if fact.value is None and fact.inner and fact.origin is None else _text(fact.value)
        name = click.style(f"{_visible(fact.name):<{width}}", fg="cyan")
        origin = f"({_visible(str(fact.origin))})" if fact.origin is not None else ""
        start = indent + width + 2
        first, *rest = self._wrapped(value, start)
        fits = self._width is None or (not rest and start + len(first) + 2 + len(origin) <= self._width)
        together = origin if fits and origin else ""
        click.echo(f"{'':{indent}}{name}  {first}{'  ' if together and first else ''}{_dim(together)}".rstrip())
        for line in rest:
            click.echo(f"{'':{start}}{line}")
        for line in self._wrapped(origin, start) if origin and not fits else ():
            click.echo(f"{'':{start}}{_dim(line)}")

    def _problem(self, problem: Problem, indent: int) -> None:
        lines = [part for line in problem.text.splitlines() for part in self._wrapped(_visible(line), indent + 2)]
        for number, line in enumerate(lines):
            click.echo(f"{'':{indent}}{click.style('!' if number == 0 else ' ', fg='red', bold=True)} {line}")

    def _wrapped(self, text: str, indent: int) -> list[str]:
        if self._width is None:
            return [text]
        width = max(self._width - indent, 30)
        return textwrap.wrap(text, width, break_on_hyphens=False, break_long_words=False) or [""]


def _text(value: Any) -> str:
    """A value in one line, shortened."""
    if value is None:
        text = "-"
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        text = ", ".join(value) or "none"
    elif isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False, default=str)
    else:
        text = str(value) or '""'
    shown = _visible(text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."


def _visible(text: str) -> str:
    """The text without line breaks, and without what could steer the terminal."""
    return "".join(
        each if each.isprintable() or each in _JOINERS else each.encode("unicode_escape").decode() for each in text
    )


def _dim(text: str) -> str:
    return click.style(text, dim=True) if text else ""
