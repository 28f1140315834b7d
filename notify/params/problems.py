"""What pydantic found, in our words: the param's dotted name, what was expected, what came."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.errors import ParamProblem
from notify.params.types import BUILTINS, NONE, AliasType, DictOf, ListOf, Name, ObjectType, OneOf, Param, Type
from notify.params.words import dotted, expected, got
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic_core import ErrorDetails

    from notify.params.types import TypeDefinition

_LIMITS = {
    "string_too_long": ("text of at most {max_length} characters", "{length} characters"),
    "string_too_short": ("text of at least {min_length} characters", "{length} characters"),
    "bytes_too_long": ("at most {max_length} bytes", "{length}"),
    "bytes_too_short": ("at least {min_length} bytes", "{length}"),
    "too_long": ("at most {max_length} items", "{length}"),
    "too_short": ("at least {min_length} items", "{length}"),
    "greater_than": ("a number greater than {gt}", ""),
    "greater_than_equal": ("a number of at least {ge}", ""),
    "less_than": ("a number less than {lt}", ""),
    "less_than_equal": ("a number of at most {le}", ""),
    "finite_number": ("a finite number", ""),
    "string_unicode": ("text in valid Unicode", "a lone surrogate"),
}
_DEEPEST_SHOWN = 20
_NESTED = frozenset({"recursion_loop", "recursion_depth_exceeded"})
_NUMERALS = {"int": re.compile(r"-?[0-9]+"), "float": re.compile(r"-?[0-9]+(\.[0-9]+)?")}
_TEXTS = frozenset({"str", "Text", "Html", "Markdown", "Email", "Url", "Path"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem and the way to its value: the name of a param, then names of fields and numbers of items."""

    steps: tuple[str | int, ...]
    shown: ParamProblem


@dataclass(slots=True)
class _Spot:
    """What the contract says about a place in the values."""

    type: Type | None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    sensitive: bool = False
    siblings: Iterable[str] = ()
    keys_hidden_from: int | None = None
    """After how many steps the keys of a sensitive mapping begin, which are as secret as its values."""


def explain(
    errors: Iterable[ErrorDetails],
    params: Mapping[str, Param],
    types: Mapping[str, TypeDefinition],
    *below: str,
    hidden: Iterable[str] = (),
) -> list[Problem]:
    """Every error as a problem, in the same order.

    Args:
        errors: what pydantic found.
        params: the params by name.
        types: the types by name.
        below: leads to the value that was validated.
        hidden: dotted names of sensitive values.
    """
    paths = [name.replace("[]", "").split(".") for name in hidden]
    return [_explain(error, (*below, *error["loc"]), params, types, paths) for error in errors]


def unknown(steps: tuple[str | int, ...], known: Iterable[str]) -> Problem:
    """The problem of a param, or a field, that is not declared; its value is not shown: it may be a secret."""
    hint = did_you_mean(str(steps[-1]), known) or "there are none"
    return Problem(steps, ParamProblem(dotted(steps), "no param of that name", "one", hint))


def _explain(
    error: ErrorDetails,
    steps: tuple[str | int, ...],
    params: Mapping[str, Param],
    types: Mapping[str, TypeDefinition],
    hidden: Sequence[Sequence[str]],
) -> Problem:
    spot = _find(steps, params, types)
    name = dotted([step for step in steps if step != "[key]"][:_DEEPEST_SHOWN]) or "params"
    if error["type"] in {"extra_forbidden", "invalid_key"}:
        return unknown(steps, spot.siblings)
    wanted, came, hint = _words(error, spot, types)
    is_sensitive = spot.sensitive or any(_leads_to(path, steps) or _holds(steps, path) for path in hidden)
    if is_sensitive and error["type"] != "missing":
        came, hint = "***", ""
    if spot.keys_hidden_from is not None:
        name = dotted(steps[: spot.keys_hidden_from])
    return Problem(steps, ParamProblem(name, wanted, came, hint))


def _leads_to(path: Sequence[str], steps: Sequence[str | int]) -> bool:
    """Whether a sensitive path is among the steps, in order; between them pydantic names items and arms of unions."""
    rest = iter(steps)
    return all(step in rest for step in path)


def _holds(steps: Sequence[str | int], path: Sequence[str]) -> bool:
    """Whether the value at these steps should hold the one of a sensitive path: of the wrong kind, it may be it."""
    names = [step for step in steps if isinstance(step, str)]
    return bool(names) and names == list(path[: len(names)])


def _words(error: ErrorDetails, spot: _Spot, types: Mapping[str, TypeDefinition]) -> tuple[str, str, str]:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    came = "nothing" if kind == "missing" else got(value)
    if kind in _NESTED:
        return "values that end", "one that contains itself", ""
    if kind in _LIMITS:
        wanted, length = _LIMITS[kind]
        figures = {**context, "length": len(value) if hasattr(value, "__len__") else "more"}
        return wanted.format(**figures), length.format(**figures) or came, ""
    if spot.type is None:
        return "a mapping" if kind == "dict_type" else _foreign(error), came, ""
    wanted = expected(spot.type, types, spot.constraints)
    if kind == "string_pattern_mismatch" and "pattern" in spot.constraints:
        wanted = f"text matching {spot.constraints['pattern']}"
    reason = str(context.get("error", "")) if kind == "value_error" else ""
    return wanted, came, reason if reason or kind == "missing" else _hint(spot.type, value)


def _foreign(error: ErrorDetails) -> str:
    """What a model of the application says, without pydantic's opening words."""
    words = error["msg"]
    for opening in ("Input should be ", "Value error, ", "Assertion failed, "):
        words = words.removeprefix(opening)
    return {"missing": "a value"}.get(error["type"], words)


def _hint(kind: Type, value: object) -> str:
    names = {arm.name for arm in (kind.arms if isinstance(kind, OneOf) else (kind,)) if isinstance(arm, Name)}
    if names & _TEXTS and isinstance(value, (int, float)):
        return "quote it"
    if isinstance(value, str) and any(_NUMERALS[name].fullmatch(value) for name in names & _NUMERALS.keys()):
        return "write it without quotes"
    if "bool" in names and str(value).lower() in {"true", "false", "yes", "no", "on", "off", "1", "0"}:
        return "write true or false without quotes"
    return ""


def _find(steps: Sequence[str | int], params: Mapping[str, Param], types: Mapping[str, TypeDefinition]) -> _Spot:
    """Follow an error's location through the types."""
    spot = _Spot(None, siblings=params)
    fields: Mapping[str, Param] | None = params
    hidden_from: int | None = None
    for number, step in enumerate(steps):
        if hidden_from is None and spot.sensitive and isinstance(spot.type, DictOf):
            hidden_from = number
        if step == "[key]":
            return _Spot(Name("str"), sensitive=spot.sensitive, keys_hidden_from=hidden_from)
        if fields is not None:
            param = fields.get(str(step))
            if param is None:
                return _Spot(None, sensitive=spot.sensitive, siblings=fields)
            spot = _Spot(param.type, param.constraints, spot.sensitive or param.sensitive, fields)
        else:
            spot = _Spot(_item(spot.type), sensitive=spot.sensitive)
        spot, fields = _resolve(spot, types)
    spot.keys_hidden_from = hidden_from
    return spot


def _resolve(spot: _Spot, types: Mapping[str, TypeDefinition]) -> tuple[_Spot, Mapping[str, Param] | None]:
    """Through aliases and `| None`, to the fields of an object type if it is one."""
    kind = spot.type
    if isinstance(kind, OneOf) and len(arms := [arm for arm in kind.arms if arm != NONE]) == 1:
        kind = arms[0]
    defined = types.get(kind.name) if isinstance(kind, Name) else None
    if isinstance(defined, AliasType):
        inner = defined.target
        constraints = {**inner.constraints, **spot.constraints}
        return _resolve(_Spot(inner.type, constraints, spot.sensitive or inner.sensitive, spot.siblings), types)
    if defined is None and isinstance(kind, Name) and kind.name not in BUILTINS:  # a field of the application's model
        kind = None
    fields = defined.fields if isinstance(defined, ObjectType) else None
    return _Spot(kind, spot.constraints, spot.sensitive, spot.siblings), fields


def _item(kind: Type | None) -> Type | None:
    if isinstance(kind, ListOf):
        return kind.item
    return kind.value if isinstance(kind, DictOf) else None
