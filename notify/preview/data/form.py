"""A form for the params that a notification declares, filled with those of a sample."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from notify.preview.data.comparing import same
from notify.preview.data.fields import Field, Form
from notify.preview.data.inputs import ABSENT, shown, typed
from notify.preview.data.posting import WANTED, is_blank, read_form
from notify.preview.data.shapes import shape_of
from notify.yamlnodes.writing import write

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from notify.params import Contract
    from notify.params.problems import Problem
    from notify.params.types import Param, TypeDefinition
    from notify.preview.data.posting import Steps
    from notify.preview.data.shapes import Shape

__all__ = ["form", "read_form"]

_MOST_FIELDS = 2_000
_MOST_ITEMS = 100
_DEEPEST = 20


def form(contract: Contract, values: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Form:
    """The form; as long as nobody touches it, `read_form` makes each of the same values of what it posts.

    What the input of its type cannot show as it is, is shown as YAML: a value of the wrong kind, a long list, a type
    that has no input. So is a value that is not declared.

    Args:
        contract: the declared params.
        values: plain values, right or wrong.
        problems: what is wrong with them, for the fields to say.
    """
    place = _Place((), tuple(problems))
    fields = _Builder().fields(contract.params, contract.types, values, place)
    return Form(fields, place.words({each.path[0] for each in fields}))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field is: the steps to it, what is wrong there and below, and whether all of it is secret.

    `around` has the object types around it that are shown without a value; one in itself would have no end.
    """

    steps: Steps
    problems: tuple[Problem, ...]
    sensitive: bool = False
    around: frozenset[str] = frozenset()

    def below(self, step: str | int) -> _Place:
        """The place of a field or an item."""
        depth = len(self.steps)
        problems = tuple(each for each in self.problems if len(each.steps) > depth and each.steps[depth] == step)
        return replace(self, steps=(*self.steps, step), problems=problems)

    def words(self, inside: Collection[str | int] = ()) -> tuple[str, ...]:
        """What is wrong and belongs to nothing inside; the name is said only where it is not the field's own."""
        depth = len(self.steps)
        own = [each for each in self.problems if len(each.steps) <= depth or each.steps[depth] not in inside]
        return tuple(
            str(each.shown) if each.steps != self.steps else str(each.shown).removeprefix(f"{each.shown.name}: ")
            for each in own
        )


@dataclass(slots=True)
class _Builder:
    left: int = _MOST_FIELDS

    def fields(
        self,
        params: Mapping[str, Param],
        types: Mapping[str, TypeDefinition],
        values: Mapping[str, Any],
        place: _Place,
    ) -> tuple[Field, ...]:
        """A field for each param, and one for each other value."""
        declared = [
            self.field(param, types, values.get(name, ABSENT), place.below(name)) for name, param in params.items()
        ]
        others = [_undeclared(name, values[name], place.below(name)) for name in values if name not in params]
        return (*declared, *others)

    def field(
        self, param: Param, types: Mapping[str, TypeDefinition], value: Any, place: _Place, *, label: str = ""
    ) -> Field:
        """One field, as its own kind if that can show the value, else as YAML."""
        self.left -= 1
        shape = shape_of(param, types)
        sensitive = place.sensitive or param.sensitive or shape.sensitive
        around = place.around if value is ABSENT else frozenset()
        content = self._content(param, shape, value, replace(place, sensitive=sensitive, around=around))
        return Field(
            name=label or param.name,
            path=place.steps,
            annotation=param.annotation,
            required=param.required,
            optional=shape.is_optional,
            default=None if sensitive or param.required else param.default,
            description=shape.description,
            sensitive=sensitive,
            constraints=shape.constraints,
            value=None if value is ABSENT else value,
            present=value is not ABSENT,
            **(content or _as_yaml(value, place)),
        )

    def _content(self, param: Param, shape: Shape, value: Any, place: _Place) -> dict[str, Any] | None:
        """Kind, text, problems and what is inside; None if the kind cannot show the value."""
        if shape.kind in {"object", "list"}:
            if self.left < 0 or len(place.steps) > _DEEPEST:
                return None
            value = ABSENT if value is None and _may_leave_out(param, None) else value
            inside = self._object if shape.kind == "object" else self._list
            return inside(param, shape, value, place)
        return None if shape.kind == "yaml" else _leaf(param, shape, value, place)

    def _object(self, param: Param, shape: Shape, value: Any, place: _Place) -> dict[str, Any] | None:
        if value is ABSENT:
            if shape.defined in place.around:
                return None
            place = replace(place, around=place.around | {shape.defined})
        elif not isinstance(value, dict):
            return None
        fields = self.fields(shape.fields, shape.types, {} if value is ABSENT else value, place)
        counts_as_absent = all(is_blank(each.posted()) for each in fields) and (shape.is_optional or not param.required)
        if value is not ABSENT and counts_as_absent:
            return None
        return {"kind": "object", "fields": fields, "problems": place.words({each.path[-1] for each in fields})}

    def _list(self, param: Param, shape: Shape, value: Any, place: _Place) -> dict[str, Any] | None:
        values = [] if value is ABSENT else value
        if not isinstance(values, list) or len(values) > _MOST_ITEMS or shape.item is None:
            return None
        if value == [] and not (param.required or _may_leave_out(param, [])):
            return None
        item, types = shape.item, shape.types
        items = tuple(
            self.field(item, types, each, place.below(number), label=f"{param.name} {number + 1}")
            for number, each in enumerate(values)
        )
        blank = self.field(item, types, ABSENT, place.below(f"__{len(place.steps)}__"))
        return {"kind": "list", "items": items, "blank": blank, "problems": place.words(range(len(items)))}


def _leaf(param: Param, shape: Shape, value: Any, place: _Place) -> dict[str, Any] | None:
    text = "" if value is ABSENT else shown(shape, value)
    if text is None or not (value is ABSENT or _comes_back(param, shape, value, text)):
        return None
    return {
        "kind": "longtext" if shape.kind == "text" and "\n" in text else shape.kind,
        "text": text,
        "choices": tuple((str(choice), str(choice)) for choice in shape.choices),
        "problems": place.words(),
    }


def _comes_back(param: Param, shape: Shape, value: Any, text: str) -> bool:
    back = typed(shape, text, required=param.required)
    if back is ABSENT:
        return _may_leave_out(param, value)
    is_decimal = shape.kind == "decimal" and isinstance(value, (int, float))  # as text, it is the same number
    return is_decimal or same(back, value)


def _may_leave_out(param: Param, value: Any) -> bool:
    """Whether this is what stands for a value that is not given."""
    return not param.required and same(param.default, value)


def _undeclared(name: str, value: Any, place: _Place) -> Field:
    return Field(name, place.steps, value=value, present=True, **_as_yaml(value, place))


def _as_yaml(value: Any, place: _Place) -> dict[str, Any]:
    """A value as YAML; what a person wrote that is none stays as it is."""
    is_wrong = any(each.shown.expected == WANTED and each.steps == place.steps for each in place.problems)
    if value is ABSENT:
        text = ""
    elif is_wrong and isinstance(value, str):
        text = value
    else:
        try:
            text = write(value)
        except ValueError:  # at least it is shown, with the problem that it has
            text = json.dumps(value)
    return {"kind": "yaml", "text": text, "problems": place.words()}
