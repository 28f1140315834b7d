"""What declared types are to templates: values, by way of a contract's types and the application's own classes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import types
import typing
from functools import partial
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from notify.addresses import Address
from notify.checks.analysis.values import (
    ANY,
    NOTHING,
    Fields,
    Instance,
    ListOf,
    MappingOf,
    Record,
    Value,
    join,
    of,
    scalar,
)
from notify.params import AliasType, DictOf, Literal, ObjectType, OneOf
from notify.params import ListOf as ListType
from notify.params.models import takes_more

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from notify.params import Contract, Type, TypeDefinition

_SCALARS: dict[Any, str] = {
    str: "str",
    int: "int",
    float: "float",
    bool: "bool",
    bytes: "bytes",
    decimal.Decimal: "Decimal",
    dt.date: "date",
    dt.datetime: "datetime",
    dt.time: "time",
    dt.timedelta: "timedelta",
}
_MODELS = ("model_fields", "__dataclass_fields__")


class Declarations:
    """Makes values of a contract's types; each type is made once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._types: Mapping[str, TypeDefinition] = contract.types
        self._made: dict[str, Value] = {}
        self._models: dict[type, Value] = {}

    def params(self) -> dict[str, Value]:
        """Each param's value."""
        model = self._contract.model
        if model is not None:
            record = self._model(model.model)
            arm = next(iter(record.arms))
            values = {name: (arm.get(name) if isinstance(arm, Record) else None) for name in self._contract.params}
        else:
            values = {name: self.value(param.type) for name, param in self._contract.params.items()}
        return {
            name: dataclasses.replace(ANY if value is None else value, tainted=True, root=name)
            for name, value in values.items()
        }

    def value(self, kind: Type) -> Value:
        """The value of a type."""
        if isinstance(kind, ListType):
            return of(ListOf(self.value(kind.item)), tainted=True)
        if isinstance(kind, DictOf):
            return of(MappingOf(self.value(kind.value)), tainted=True)
        if isinstance(kind, OneOf):
            return join(self.value(arm) for arm in kind.arms)
        if isinstance(kind, Literal):
            return join(scalar("choice" if isinstance(each, str) else "int", tainted=True) for each in kind.values)
        if kind.name not in self._types:
            return of(NOTHING, tainted=True) if kind.name == "None" else scalar(kind.name, tainted=True)
        if kind.name not in self._made:
            self._made[kind.name] = ANY  # an alias that stands for itself
            self._made[kind.name] = self._defined(self._types[kind.name])
        return self._made[kind.name]

    def _defined(self, definition: TypeDefinition) -> Value:
        if isinstance(definition, ObjectType):
            fields = {name: partial(self._field, field.type) for name, field in definition.fields.items()}
            return of(Record(Fields(definition.name, fields)), tainted=True)
        if isinstance(definition, AliasType):
            return self.value(definition.target.type)
        return self._model(definition.model)

    def _field(self, kind: Type) -> Value:
        return self.value(kind)

    def _model(self, model: type) -> Value:
        """A model or dataclass as it is dumped: a mapping by the names of its fields."""
        if model not in self._models:
            self._models[model] = self._read(model).with_taint(tainted=True)
        return self._models[model]

    def _read(self, model: type) -> Value:
        if _is_dumped_otherwise(model):
            return ANY
        try:
            hints = get_type_hints(model, include_extras=True)
        except Exception:  # noqa: BLE001  # an annotation may be of a name that only type checkers import
            hints = {}
        names: list[str] = (
            [each.name for each in dataclasses.fields(model)]
            if dataclasses.is_dataclass(model)
            else [*model.model_fields, *model.model_computed_fields]  # type: ignore[attr-defined]
        )
        fields: dict[str, Callable[[], Value]] = {
            name: partial(self._annotated, hints[name]) if name in hints else lambda: ANY for name in names
        }
        return of(Record(Fields(model.__name__, fields, closed=not takes_more(model))))

    def _annotated(self, kind: Any) -> Value:
        return self._of_annotation(kind).with_taint(tainted=True)

    def _of_annotation(self, kind: Any) -> Value:  # noqa: PLR0911  # one for each form
        origin, arguments = get_origin(kind), get_args(kind)
        if kind in _SCALARS if isinstance(kind, type) else False:
            return scalar(_SCALARS[kind])
        if kind is None or kind is type(None):
            return of(NOTHING)
        if origin is typing.Annotated:
            # A serializer among the annotations may make anything of it.
            is_plain = not any(hasattr(each, "func") for each in arguments[1:])
            return self._annotated(arguments[0]) if is_plain else ANY
        if origin in {Union, types.UnionType}:
            return join(self._annotated(each) for each in arguments)
        if origin is typing.Literal:
            return join(scalar("choice") if isinstance(each, str) else ANY for each in arguments)
        if origin is list and arguments:
            return of(ListOf(self._annotated(arguments[0])))
        if origin is dict and len(arguments) == 2:  # noqa: PLR2004  # key and value
            return of(MappingOf(self._annotated(arguments[1])))
        if isinstance(kind, type) and any(hasattr(kind, mark) for mark in _MODELS):
            return self._model(kind)
        return ANY


def _is_dumped_otherwise(model: type) -> bool:
    """Whether what templates get of a model may be another thing than its fields."""
    decorators = getattr(model, "__pydantic_decorators__", None)
    config: Mapping[str, Any] = getattr(model, "model_config", {})
    return (
        (decorators is not None and bool(decorators.model_serializers or decorators.field_serializers))
        or hasattr(model, "root")
        or bool(config.get("serialize_by_alias"))
        or any(getattr(field, "exclude", False) for field in getattr(model, "model_fields", {}).values())
    )


def reserved() -> dict[str, Value]:
    """The names that templates see beside the params."""
    person = of(Instance(Address))
    about = {name: partial(scalar, "str") for name in ("id", "category")}
    return {
        "recipient": person,
        "recipients": of(ListOf(person)),
        "sender": person,
        "notification": of(Record(Fields("notification", about))),
        "locale": scalar("str"),
        "subject": scalar("str", tainted=True),
        "preheader": scalar("str", tainted=True),
        "unsubscribe_url": scalar("str"),
        "preferences_url": scalar("str"),
    }


def of_global(value: object) -> Value:
    """A global's value: a mapping has the keys that it has, all else is unknown."""
    if type(value) is not dict or not all(isinstance(key, str) for key in value):
        return ANY
    return of(Record(Fields("mapping", {key: partial(of_global, item) for key, item in value.items()})))
