"""The YAML parser's complaints in the words of somebody who can mend the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import Fault, Location

if TYPE_CHECKING:
    import yaml

_KEY = r"\s*+(?:- ++)*+(?:[\w.\-\"' ]++: ++)?+"  # nothing is given back, so that a long line takes no longer
_TEMPLATE_VALUE = re.compile(rf"({_KEY})(\{{[{{%#])")
_FLOW_TEMPLATE = re.compile(r"([\[{,:]\s*)(\{[{%])")
_ALTERNATIVES = re.compile(rf"({_KEY})'[^']*' *\|")
_IN_FLOW = 'put a type with [...] or | inside {...} in double quotes: {tags: "list[str]"}'


def quote_template(path: str, line: int, column: int, opening: str) -> Fault:
    """The fault of a value that begins with `{{`, `{%` or `{#`; line and column count from 1."""
    return Fault(
        Location(path, line, column),
        f"a value that begins with {opening} is not text in YAML",
        'put the whole value in quotes: "{{ name }}"',
    )


def explain(error: yaml.MarkedYAMLError, text: str, path: str) -> Fault:
    """The fault that `error` stands for."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    context = (error.context_mark.line, error.context_mark.column) if error.context_mark else (line, column)
    lines = [*text.split("\n"), ""]
    if (template := _template_value(lines, line, context[0], error.context or "")) is not None:
        return quote_template(path, *template)
    if "quoted scalar" in (error.context or "") and "end of stream" in (error.problem or ""):
        return Fault(Location(path, context[0] + 1, context[1] + 1), "a quote is opened here and never closed")
    message, hint = _words(error.problem or "", lines[line], column)
    return Fault(Location(path, line + 1, column + 1), message, hint)


def _template_value(lines: list[str], line: int, context: int, activity: str) -> tuple[int, int, str] | None:
    """Line, column and opening of the template without quotes that is probably to blame."""
    candidates = [line, context]
    if "flow" in activity:  # `{#` opens a mapping and a comment: the parser notices far below
        candidates += range(line, -1, -1)
    for number in candidates:
        text = lines[number]
        match = _TEMPLATE_VALUE.match(text) or _FLOW_TEMPLATE.search(text)
        if match and (number in {line, context} or match[2] == "{#"):
            return number + 1, match.start(2) + 1, match[2]
    return None


def _words(problem: str, line: str, column: int) -> tuple[str, str]:
    character = line[column : column + 1]
    cannot_start = "cannot start any token" in problem
    if character == "\t":
        return "a tab stands where YAML wants blanks", "indent with blanks"
    if (character == "[" and re.search(r"\w$", line[:column])) or (character == "|" and cannot_start):
        return f"a type with {character} needs quotes here", _IN_FLOW
    if _ALTERNATIVES.match(line):
        return "'a' | 'b' needs quotes around it", "write \"'a' | 'b'\""
    if cannot_start:
        return f"text that begins with {character} needs quotes", "put the whole value in quotes"
    if "mapping values are not allowed" in problem:
        return "a second ': ' stands in this value, or the indentation is wrong", "put text that holds ': ' in quotes"
    return f"this is not YAML: {problem}", "look at indentation, quotes and brackets here and just above"
