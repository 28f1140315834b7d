"""Compiles a contract into one validator of pydantic's; imported when the first values are validated.

The schema is written for pydantic-core directly: its import costs a third of pydantic's, and each rule of the design
(strict text, strict numbers, lenient decimals) is one argument here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

from notify.errors import DefinitionError, Fault
from notify.params.constraints import APPLIES_TO
from notify.params.hidden import revealed, sensitive_fields
from notify.params.leaves import LENGTHS, builtin, literal, union
from notify.params.problems import explain
from notify.params.references import named, reached
from notify.params.soundness import bases
from notify.params.types import (
    NONE,
    AliasType,
    DictOf,
    ListOf,
    Literal,
    Name,
    ObjectType,
    PythonType,
    Type,
    is_optional,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.params.types import Param, TypeDefinition


class Compiler:
    """Builds validators of one contract's types."""

    def __init__(self, types: Mapping[str, TypeDefinition]) -> None:
        self.types = types
        self.recursive = {name for name in types if name in reached(types[name], types)}
        self.definitions: dict[str, CoreSchema] = {}

    def params(self, params: Mapping[str, Param]) -> SchemaValidator:
        """A validator of all params together."""
        return self._validator(self._fields(params))

    def check_default(self, param: Param) -> None:
        """Raise DefinitionError if a default is not of its own type, or one inside its type is not."""
        if param.default_location is not None:
            self._default(param, self._validator(self._type(param.type, param.constraints)))

    def model(self, python: PythonType) -> SchemaValidator:
        """A validator of params that a model declares as a whole."""
        return self._validator(_model(python))

    def _validator(self, schema: CoreSchema) -> SchemaValidator:
        if self.definitions:
            schema = core_schema.definitions_schema(schema, list(self.definitions.values()))
        return SchemaValidator(schema)

    def _fields(self, fields: Mapping[str, Param], ref: str | None = None) -> CoreSchema:
        return core_schema.typed_dict_schema(
            {name: core_schema.typed_dict_field(self._field(field)) for name, field in fields.items()},
            extra_behavior="forbid",
            ref=ref,
        )

    def _field(self, param: Param) -> CoreSchema:
        schema = self._type(param.type, param.constraints)
        if param.required:
            return schema
        if param.default is None and is_optional(param.type):
            return core_schema.with_default_schema(schema, default=None)
        if named(param.type, self.types) & self.recursive:  # its own default may lie inside: not to be read beforehand
            return core_schema.with_default_schema(schema, default=param.default, validate_default=True)
        return core_schema.with_default_schema(schema, default=self._default(param, SchemaValidator(schema)))

    def _default(self, param: Param, validator: SchemaValidator) -> object:
        try:
            return validator.validate_python(param.default)
        except ValidationError as error:
            problems = explain(error.errors(include_url=False), {param.name: param}, self.types, param.name)
        location = param.default_location or param.location
        raise DefinitionError([Fault(location, f"default of {problem.shown}") for problem in problems])

    def _type(self, kind: Type, constraints: Mapping[str, Any]) -> CoreSchema:
        lengths = {rule: constraints[rule] for rule in LENGTHS if rule in constraints}
        if isinstance(kind, Name):
            defined = self.types.get(kind.name)
            return self._defined(defined, constraints) if defined else builtin(kind.name, constraints)
        if isinstance(kind, ListOf):
            return core_schema.list_schema(self._type(kind.item, {}), **lengths)
        if isinstance(kind, DictOf):
            return core_schema.dict_schema(core_schema.str_schema(strict=True), self._type(kind.value, {}), **lengths)
        if isinstance(kind, Literal):
            return literal(kind.values)
        arms = [self._type(arm, _fitting(arm, constraints, self.types)) for arm in kind.arms if arm != NONE]
        schema = arms[0] if len(arms) == 1 else union(arms)
        return core_schema.nullable_schema(schema) if NONE in kind.arms else schema

    def _defined(self, defined: TypeDefinition, constraints: Mapping[str, Any]) -> CoreSchema:
        if isinstance(defined, PythonType):
            return _model(defined)
        if defined.name not in self.recursive:
            return self._definition(defined, constraints)
        if defined.name not in self.definitions:
            self.definitions[defined.name] = core_schema.any_schema()  # stands in while its own fields are built
            self.definitions[defined.name] = self._definition(defined, {})
        return core_schema.definition_reference_schema(defined.name)

    def _definition(self, defined: ObjectType | AliasType, constraints: Mapping[str, Any]) -> CoreSchema:
        ref = defined.name if defined.name in self.recursive else None
        if isinstance(defined, ObjectType):
            return self._fields(defined.fields, ref)
        schema = self._type(defined.target.type, {**defined.target.constraints, **constraints})
        return {**schema, "ref": ref} if ref else schema


def _model(python: PythonType) -> CoreSchema:
    """An instance or a mapping; templates get a plain mapping by field names."""
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticUserError

    try:
        adapter: TypeAdapter[Any] = TypeAdapter(python.model)
    except PydanticUserError as error:
        message = f"{python.source} cannot be used: {error.message}"
        raise DefinitionError([Fault(python.location, message)]) from None

    holds_secrets = bool(sensitive_fields(python.model))

    def to_mapping(value: object) -> object:
        dumped = adapter.dump_python(adapter.validate_python(value), warnings=False)
        return revealed(dumped) if holds_secrets else dumped

    return core_schema.no_info_plain_validator_function(to_mapping)


def _fitting(arm: Type, constraints: Mapping[str, Any], types: Mapping[str, TypeDefinition]) -> dict[str, Any]:
    """Those of a union's constraints that mean something for one arm."""
    names = set(bases(arm, types))
    return {rule: value for rule, value in constraints.items() if names & APPLIES_TO[rule]}
