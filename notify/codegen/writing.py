"""Python as text: strings and docstrings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notify.params import Param


def quoted(text: str) -> str:
    """A string literal in double quotes."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


def described(
    text: str, heading: str, params: Iterable[Param], names: Mapping[str, str], *, indent: int
) -> Iterator[str]:
    """A docstring: what something is, and its params, as far as there is something to say."""
    listed = [f"{names.get(param.name, param.name)}: {said}" for param in params if (said := _said(param))]
    text = _safe(text)
    margin = " " * indent
    if listed:
        yield f'{margin}"""{text}'
        yield from ([""] if text else [])
        yield f"{margin}{heading}:"
        yield from (f"{margin}    {line}" for line in listed)
        yield f'{margin}"""'
    elif text:
        yield f'{margin}"""{text}"""'


def _said(param: Param) -> str:
    """The description and the default of a param."""
    said = [param.description.rstrip(".")] if param.description else []
    if param.default_location is not None and param.default is not None and not param.sensitive:
        said.append(f"default {json.dumps(param.default, ensure_ascii=False)}")
    return _safe("; ".join(said))


def _safe(text: str) -> str:
    """A text in one line, as a docstring can have it."""
    line = "".join(letter if letter.isprintable() else " " for letter in " ".join(text.split()))
    line = line.replace("\\", "\\\\").replace('"""', "'''")
    return f"{line[:-1]}'" if line.endswith('"') else line
