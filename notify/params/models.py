"""Types that the application has already: `package.module:Model`, a pydantic model or a dataclass."""

from __future__ import annotations

import dataclasses
import importlib
import re
from typing import TYPE_CHECKING, Any, get_origin

from notify.errors import DefinitionError
from notify.params.annotation import parse_annotation
from notify.params.hidden import sensitive_fields
from notify.params.types import Name, Param, PythonType

if TYPE_CHECKING:
    from notify.params.types import Type
    from notify.yamlnodes import Reader, ScalarNode

PYTHON_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*:[A-Za-z_]\w*(?:\.\w+)*")


def load_model(reader: Reader, name: str, node: ScalarNode) -> PythonType | None:
    """Import the class that a scalar names; what goes wrong is a fault there."""
    module_name, _, path = node.source.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
        for part in path.split("."):
            found = getattr(found, part)
    except Exception as error:  # noqa: BLE001  (the application's module may raise anything)
        reader.fault(node, f"{name}: {node.source} cannot be imported: {type(error).__name__}: {error}")
        return None
    if not isinstance(found, type) or not (dataclasses.is_dataclass(found) or hasattr(found, "model_fields")):
        reader.fault(node, f"{name}: {node.source} is neither a pydantic model nor a dataclass")
        return None
    return PythonType(name, node.location, node.source, found)


def fields_of(python: PythonType) -> dict[str, Param]:
    """The fields of a model or dataclass, as params; types that notify has no word for are only shown."""
    hidden = sensitive_fields(python.model)
    if dataclasses.is_dataclass(python.model):
        return {
            field.name: _param(
                python,
                field.name,
                field.type,
                field.default,
                required=_has_no_default(field),
                sensitive=field.name in hidden,
            )
            for field in dataclasses.fields(python.model)
            if field.init
        }
    fields: dict[str, Any] = python.model.model_fields  # type: ignore[attr-defined]
    return {
        name: _param(
            python,
            name,
            field.annotation,
            field.default,
            required=field.is_required(),
            sensitive=name in hidden,
            text=field.description or "",
        )
        for name, field in fields.items()
    }


def takes_more(model: type) -> bool:
    """Whether a pydantic model takes values that it does not declare."""
    return getattr(model, "model_config", {}).get("extra") == "allow"


def aliases(model: type) -> set[str]:
    """The other names by which a pydantic model takes its fields."""
    fields: dict[str, Any] = getattr(model, "model_fields", {})
    names = {name for field in fields.values() for name in (field.alias, field.validation_alias)}
    return {name for name in names if isinstance(name, str)}


def _has_no_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _param(
    python: PythonType, name: str, kind: Any, default: Any, *, required: bool, sensitive: bool, text: str = ""
) -> Param:
    shown = kind if isinstance(kind, str) else getattr(kind, "__name__", None) if _is_class(kind) else repr(kind)
    annotation = str(shown)
    return Param(
        name,
        annotation,
        _type(annotation),
        python.location,
        required=required,
        default=default if isinstance(default, (str, int, float)) else None,
        description=text,
        sensitive=sensitive,
    )


def _is_class(kind: Any) -> bool:
    return isinstance(kind, type) and get_origin(kind) is None


def _type(annotation: str) -> Type:
    try:
        return parse_annotation(annotation)
    except DefinitionError:
        return Name(annotation)
