"""What a browser posts of a form, as plain params."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, ParamProblem
from notify.params.problems import Problem
from notify.params.words import dotted
from notify.preview.data.inputs import ABSENT, typed
from notify.preview.data.reading import read_value
from notify.preview.data.shapes import shape_of
from notify.yamlnodes.writing import check_writable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.params import Contract
    from notify.params.types import Param, TypeDefinition
    from notify.preview.data.shapes import Shape

YAML = "$yaml"
"""The key of a mapping that holds a value as YAML; no field can be called so."""
WANTED = "YAML"
"""What the problem of such a text says was expected."""
_MOST_VALUES = 20_000
_DEEPEST = 50

Steps = tuple[str | int, ...]


def read_form(contract: Contract, posted: object) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The params that a form's inputs mean, as a person would write them in YAML, and the YAML that is none.

    Whether they are what the contract wants is not checked. Names that it does not know are kept.

    Args:
        contract: the declared params.
        posted: the values by name: text for each input, a boolean for each checkbox, mappings and lists of them, and
            `{"$yaml": text}` for each input that holds YAML. `templates/form.html` says where it comes from.

    Raises:
        ConfigError: it is no mapping, or larger or deeper than any form.
    """
    if not isinstance(posted, Mapping):
        raise ConfigError('a mapping is expected: {"values": {...}}')
    reading = _Reading()
    reading.count(posted)
    values = reading.fields(contract.params, contract.types, posted, ())
    try:
        check_writable(values)
    except ValueError as error:
        raise ConfigError(f"the form cannot be read: {error}") from None
    return values, tuple(reading.problems)


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    left: int = _MOST_VALUES

    def count(self, value: object) -> None:
        """Raise ConfigError if there are too many values, or they are nested too deeply."""
        waiting = [(value, 1)]
        while waiting:
            each, depth = waiting.pop()
            self.left -= 1
            if self.left < 0 or depth > _DEEPEST:
                raise ConfigError(f"the form holds more than {_MOST_VALUES:,} values, or {_DEEPEST} levels of them")
            waiting += [(inner, depth + 1) for inner in _inside(each)]

    def fields(
        self, params: Mapping[str, Param], types: Mapping[str, TypeDefinition], posted: Mapping[str, Any], steps: Steps
    ) -> dict[str, Any]:
        """The fields of the params, or of an object."""
        values = {}
        for given_name, given in posted.items():
            name = _without_surrogates(given_name)
            param = params.get(name)
            place = (*steps, name)
            value = self._kept(given, place) if param is None else self._value(param, types, given, place)
            if value is not ABSENT:
                values[name] = value
        return values

    def _value(self, param: Param, types: Mapping[str, TypeDefinition], given: Any, steps: Steps) -> Any:
        shape = shape_of(param, types)
        hidden = param.sensitive or shape.sensitive
        if isinstance(given, str) and shape.kind != "yaml":
            return typed(shape, _characters(given), required=param.required)
        if isinstance(given, str) or is_yaml(given):
            return self._yaml(given if isinstance(given, str) else given[YAML], steps, hidden=hidden)
        if shape.kind == "object" and isinstance(given, Mapping):
            if is_blank(given) and (shape.is_optional or not param.required):
                return None if param.required else ABSENT
            return self.fields(shape.fields, shape.types, given, steps)
        if shape.item is not None and isinstance(given, list):
            return self._items(shape, shape.item, given, steps) if given or param.required else ABSENT
        return self._kept(given, steps)

    def _items(self, shape: Shape, item: Param, given: list[Any], steps: Steps) -> list[Any]:
        """Each item stays one, also where nothing is typed yet."""
        values = [self._value(item, shape.types, each, (*steps, number)) for number, each in enumerate(given)]
        return [
            (None if is_yaml(each) else "") if value is ABSENT else value
            for value, each in zip(values, given, strict=True)
        ]

    def _kept(self, given: Any, steps: Steps) -> Any:
        """What nothing is known about, as plain values."""
        if is_yaml(given):
            return self._yaml(given[YAML], steps, hidden=True)
        if isinstance(given, Mapping):
            return {_without_surrogates(name): _plain(self._kept(each, (*steps, name))) for name, each in given.items()}
        if isinstance(given, list):
            return [_plain(self._kept(each, (*steps, number))) for number, each in enumerate(given)]
        if isinstance(given, float) and not math.isfinite(given):
            return str(given)
        return _characters(given) if isinstance(given, str) else given

    def _yaml(self, given: str, steps: Steps, *, hidden: bool) -> Any:
        text = _characters(given)
        if not text.strip():
            return ABSENT
        value, faults = read_value(text)
        if not faults:
            self.count(value)
            return value
        first = faults[0]
        hint = f"line {first.location.line}, column {first.location.column}" + ("" if hidden else f": {first.message}")
        self.problems.append(Problem(steps, ParamProblem(dotted(steps), WANTED, "text that is none", hint)))
        return text


def is_yaml(given: object) -> bool:
    """Whether this stands for a value written as YAML."""
    return isinstance(given, Mapping) and given.keys() == {YAML} and isinstance(given[YAML], str)


def is_blank(given: object) -> bool:
    """Whether nobody has put anything into this part of the form."""
    if isinstance(given, Mapping):
        return all(map(is_blank, given.values()))
    return given is None or given is False or given in ("", [])


def _inside(value: object) -> Iterator[Any]:
    if isinstance(value, (Mapping, list)):
        yield from value.values() if isinstance(value, Mapping) else value


def _plain(value: Any) -> Any:
    return None if value is ABSENT else value


def _characters(text: str) -> str:
    """Text with the newlines of YAML, and without lone surrogates."""
    return _without_surrogates(text.replace("\r\n", "\n"))


def _without_surrogates(text: str) -> str:
    """Text without lone surrogates, which no file can hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
