"""`--set a.b=value`: one value, put in its place among nested params."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.cli.failure import Wrong
from notify.params import bases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.params import Contract

_TEXTS = frozenset({"str", "Text", "Email", "Url", "Html", "Markdown", "Path", "None"})


def assign(params: Mapping[str, Any], assignment: str, contract: Contract | None = None) -> dict[str, Any]:
    """A copy of `params` in which the assignment holds; a number in the path is a place in a list, from 0.

    A param that the contract declares as text gets text: `--set code=482913` is no number then.

    Raises:
        Wrong: it is not NAME=VALUE, the value is not YAML, or the path leads nowhere.
    """
    path, equals, text = assignment.partition("=")
    steps = list(steps_of(assignment))
    if not equals or not all(steps):
        raise Wrong(f"--set takes NAME=VALUE, got {assignment!r}")
    try:
        value = text if len(steps) == 1 and _is_text(contract, steps[0], text) else _value(text)
        result: dict[str, Any] = _replaced(params, steps, value)
    except ValueError as error:
        raise Wrong(f"--set {path}: {error}") from error
    return result


def steps_of(assignment: str) -> tuple[str, ...]:
    """The way to the value that an assignment sets: `a.b.0=x` is a, b, 0."""
    return tuple(assignment.partition("=")[0].strip().split("."))


def _is_text(contract: Contract | None, name: str, text: str) -> bool:
    """Whether the param takes text as it is; quotes, brackets and `null` for `X | None` are still read as YAML."""
    param = contract.params.get(name) if contract else None
    names = set(bases(param.type, contract.types)) if contract and param else set()
    if not names or not names <= _TEXTS or text.startswith(("'", '"', "[", "{")):
        return False
    return not (text == "null" and "None" in names)


def _value(text: str) -> Any:
    """Numbers, true, false, null, what is quoted and what is in brackets are as in YAML; all else is text as it is."""
    from notify.yamlnodes import Reader, plain
    from notify.yamlnodes.scalars import resolve

    if not text.startswith(("'", '"', "[", "{")):
        return resolve(text) if text else ""
    reader = Reader()
    root = reader.parse(f"value: {text}", "--set")
    if root is None or reader.faults:
        raise ValueError(f"{reader.faults[0].message}; text that begins with {text[0]} is read as YAML")
    return plain(root)["value"]


def _replaced(container: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(container, list):
        if not step.isdecimal() or int(step) > len(container):
            raise ValueError(f"{step!r} is no place in a list of {len(container)}; the first is 0")
        index = int(step)
        items = [*container, None] if index == len(container) else list(container)
        items[index] = _replaced(items[index], rest, value)
        return items
    mapping = container if isinstance(container, dict) else {}
    return {**mapping, step: _replaced(mapping.get(step), rest, value)}
