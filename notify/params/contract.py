"""What a notification takes: its declared params, and the one check of every send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from notify.errors import DefinitionError, Fault, ParamsError
from notify.params.hidden import sensitive_fields
from notify.params.models import aliases, takes_more
from notify.params.sensitive import sensitive_params
from notify.params.types import ObjectType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import SchemaValidator

    from notify.params.problems import Problem
    from notify.params.types import Param, PythonType, TypeDefinition


class Contract:
    """The params of a notification and the types they use.

    Attributes:
        params: every param by name, in the order of the file.
        types: every type that an annotation may name.
        model: the application's own type that stands for all params, if one does.
        sensitive: dotted names of all sensitive values: `password`, `customer.token`, `items[].code`.
    """

    __slots__ = ("_validator", "model", "params", "sensitive", "types")

    def __init__(
        self,
        params: Mapping[str, Param],
        types: Mapping[str, TypeDefinition] | None = None,
        model: PythonType | None = None,
    ) -> None:
        self.params = params
        self.types = types or {}
        self.model = model
        self.sensitive = sensitive_params(params, self.types) if model is None else sensitive_fields(model.model)
        self._validator: SchemaValidator | None = None

    def validate(self, values: Mapping[str, object], *, notification: str) -> dict[str, Any]:
        """The values as templates get them: converted, defaults filled in, nested ones as plain dicts and lists.

        Raises:
            ParamsError: values are wrong, missing or unknown; it has every problem.
            DefinitionError: a default is not of its own type, or a model cannot be used.
        """
        problems: list[Problem] = []
        validated = self.attempt(values, problems)
        if problems:
            raise ParamsError(notification, [problem.shown for problem in problems])
        return validated

    def attempt(self, values: Mapping[str, object], problems: list[Problem]) -> dict[str, Any]:
        """Like `validate`, with the problems added to a list; what is returned then has no meaning."""
        validator = self._validator or self._compile()
        if self.model is not None:
            problems += self._unknown(values)
        try:
            validated: dict[str, Any] = validator.validate_python(values)
        except ValueError as error:
            from pydantic_core import ValidationError

            from notify.params.problems import explain

            if not isinstance(error, ValidationError):
                raise
            problems += explain(error.errors(include_url=False), self.params, self.types, hidden=self.sensitive)
            return {}
        return validated

    def check_defaults(self) -> list[Fault]:
        """A fault for each default that is not of its own type."""
        from notify.params.validator import Compiler

        faults: list[Fault] = []
        for param in self._declared():
            try:
                Compiler(self.types).check_default(param)
            except DefinitionError as error:
                faults += error.faults
        return list(dict.fromkeys(faults))

    def json_schema(self) -> dict[str, Any]:
        """The params as JSON Schema (draft 2020-12): an object; types under `$defs`."""
        from notify.params.jsonschema import json_schema

        return json_schema(self)

    def _declared(self) -> Iterator[Param]:
        if self.model is None:
            yield from self.params.values()
        for definition in self.types.values():
            if isinstance(definition, ObjectType):
                yield from definition.fields.values()

    def _compile(self) -> SchemaValidator:
        from notify.params.validator import Compiler

        compiler = Compiler(self.types)
        self._validator = compiler.params(self.params) if self.model is None else compiler.model(self.model)
        return self._validator

    def _unknown(self, values: object) -> list[Problem]:
        """Params that the application's model does not know; pydantic passes over them in silence."""
        from notify.params.problems import unknown

        if not isinstance(values, Mapping) or not self.model or takes_more(self.model.model):
            return []
        known = {*self.params, *aliases(self.model.model)}
        return [unknown((name,), self.params) for name in values if name not in known]
