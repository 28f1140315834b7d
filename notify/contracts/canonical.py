"""The canonical form of a contract: what it takes, as a JSON document that does not depend on how it is written.

Names of types, the order of keys, descriptions and what is sensitive are not in it; two contracts that take the same
values in the same way have the same form. Of a default it has a hash only, since that may be sensitive.

A type is one of:

```
{"type": "str", "max_length": 5}      a built-in type with its constraints
{"choices": ["a", "b"]}               one of several values
{"list": T}  {"dict": T}              with min_length and max_length, if given
{"any": [T, ...]}                     the first that fits; None stands last
{"ref": "1"}                          an object type or a recursive alias: its form is in `types` of the whole
{"model": {...}}                      an application's own type, as JSON Schema
```
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from notify.params import AliasType, Contract, DictOf, ListOf, Literal, ObjectType, OneOf, PythonType, bases
from notify.params.constraints import APPLIES_TO
from notify.params.references import reached
from notify.params.types import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.definition import Definition
    from notify.params import Param, Type, TypeDefinition

Form = dict[str, Any]
_LENGTHS = ("min_length", "max_length")
_DIGITS = 16
_TALK = frozenset({"$schema", "title", "description", "examples", "deprecated"})


def contract_form(contract: Contract | None) -> Form | None:
    """The canonical form: `params` and `types`, or `model` for a model that stands for all; None for no contract."""
    if contract is None:
        return None
    if contract.model is not None:
        return {"model": _silent(contract.json_schema())}
    forming = Forming(contract.types)
    return {"params": forming.fields(contract.params), "types": forming.types}


def contract_hash(definition: Definition) -> str:
    """The contract of a notification in 16 hexadecimal digits: equal for equal forms, whatever the Python version."""
    return form_hash(contract_form(definition.contract))


def form_hash(form: Form | None) -> str:
    """The hash of a canonical form."""
    return _hash(form)


def without_none(form: Form) -> Form:
    """`X` for the form of `X | None`."""
    arms = [arm for arm in form.get("any", ()) if arm != {"type": "None"}]
    return {"any": arms} if len(arms) > 1 else arms[0] if arms else form


class Forming:
    """Makes the forms of one contract's types.

    Args:
        definitions: the types that annotations may name.

    Attributes:
        types: the forms of object types and recursive aliases, by the number that `ref` has.
    """

    def __init__(self, definitions: Mapping[str, TypeDefinition]) -> None:
        self.types: dict[str, Form] = {}
        self._definitions = definitions
        self._recursive = {name for name in definitions if name in reached(definitions[name], definitions)}
        self._numbers: dict[str, str] = {}

    def fields(self, fields: Mapping[str, Param]) -> Form:
        """The forms of params or fields by name: `type`, `required`, and a hash of the default where there is one."""
        return {name: self.field(fields[name]) for name in sorted(fields)}

    def field(self, param: Param) -> Form:
        """The form of a param or field."""
        form: Form = {"type": self.node(param.type, param.constraints), "required": param.required}
        if not param.required:
            form["default"] = _hash(_number(param.default))
        return form

    def node(self, kind: Type, constraints: Mapping[str, Any]) -> Form:
        """The form of a type with its constraints."""
        if isinstance(kind, OneOf):
            arms = [self.node(arm, _fitting(arm, constraints, self._definitions)) for arm in kind.arms if arm != NONE]
            return {"any": [*arms, {"type": "None"}] if NONE in kind.arms else arms}
        if isinstance(kind, Literal):
            return {"choices": sorted(kind.values, key=lambda value: (isinstance(value, str), value))}
        if isinstance(kind, (ListOf, DictOf)):
            lengths = {rule: constraints[rule] for rule in _LENGTHS if rule in constraints}
            if isinstance(kind, ListOf):
                return {"list": self.node(kind.item, {}), **lengths}
            return {"dict": self.node(kind.value, {}), **lengths}
        defined = self._definitions.get(kind.name)
        if defined is not None:
            return self._defined(defined, constraints)
        return {"type": kind.name, **{rule: _limit(value) for rule, value in constraints.items()}}

    def _defined(self, defined: TypeDefinition, constraints: Mapping[str, Any]) -> Form:
        if isinstance(defined, PythonType):
            return {"model": _silent(Contract({}, {}, defined).json_schema())}
        if isinstance(defined, AliasType) and defined.name not in self._recursive:
            return self.node(defined.target.type, {**defined.target.constraints, **constraints})
        number = self._numbers.get(defined.name)
        if number is None:
            number = self._numbers[defined.name] = str(len(self._numbers) + 1)
            if isinstance(defined, ObjectType):
                self.types[number] = {"fields": self.fields(defined.fields)}
            else:
                self.types[number] = {"alias": self.node(defined.target.type, defined.target.constraints)}
        return {"ref": number}


def _fitting(arm: Type, constraints: Mapping[str, Any], types: Mapping[str, TypeDefinition]) -> dict[str, Any]:
    """Those of a union's constraints that mean something for one arm."""
    names = set(bases(arm, types))
    return {rule: value for rule, value in constraints.items() if names & APPLIES_TO[rule]}


def _limit(value: Any) -> Any:
    return sorted(value) if isinstance(value, tuple) else _number(value)


def _number(value: Any) -> Any:
    """The value with whole numbers written as such: 5.0 and 5 are the same limit, and the same default."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_number(item) for item in value]
    return {key: _number(item) for key, item in value.items()} if isinstance(value, dict) else value


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGITS]


def _silent(schema: Any, *, names: bool = False) -> Any:
    """A JSON Schema without what is only said to people; `names` says that the keys are names of fields."""
    if isinstance(schema, list):
        return [_silent(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _silent(value, names=not names and key in {"properties", "$defs"})
        for key, value in schema.items()
        if names or key not in _TALK
    }
