"""Whether params that were taken under one contract can be sent under another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.contracts.canonical import contract_form, without_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.contracts.canonical import Form
    from notify.errors import ParamProblem
    from notify.params import Contract
    from notify.params.problems import Problem


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What a new contract makes of params of an old one.

    Attributes:
        params: what to send: the old params without `dropped`; defaults are filled in when they are rendered.
        dropped: dotted names of values that were declared then and no longer are.
        problems: why the params cannot be sent; empty where they can.
    """

    params: Mapping[str, Any]
    dropped: tuple[str, ...] = ()
    problems: tuple[ParamProblem, ...] = ()

    def __bool__(self) -> bool:
        return not self.problems


def compatible(old: Form | None, new: Contract | None, params: Mapping[str, Any]) -> Compatibility:
    """Whether params that were valid under the old contract are valid under the new one with its defaults.

    Args:
        old: the canonical form of the contract that they were valid under, as `contract_form` gave it.
        new: the contract of now.
        params: as the caller gave them.

    Raises:
        DefinitionError: a default of the new contract is wrong.
    """
    form = contract_form(new)
    if new is None or form == old:
        return Compatibility(params)
    dropped: list[str] = []
    kept = _kept(params, old, form, dropped) if old and form else dict(params)
    problems: list[Problem] = []
    new.attempt(kept, problems)
    return Compatibility(kept, tuple(dropped), tuple(problem.shown for problem in problems))


def _kept(params: Mapping[str, Any], old: Form, new: Form, dropped: list[str]) -> dict[str, Any]:
    if "model" in old or "model" in new:
        gone = _names(old) - _names(new)
        dropped += sorted(gone & params.keys())
        return {name: value for name, value in params.items() if name not in gone}
    return _Dropping(old["types"], new["types"], dropped).fields(params, old["params"], new["params"], "")


def _names(form: Form) -> set[str]:
    return {*(form["model"].get("properties", ()) if "model" in form else form["params"])}


class _Dropping:
    """Copies values without the fields that the new contract does not have."""

    def __init__(self, old: Mapping[str, Form], new: Mapping[str, Form], dropped: list[str]) -> None:
        self._old = old
        self._new = new
        self._dropped = dropped

    def fields(self, values: Mapping[str, Any], old: Form, new: Form, prefix: str) -> dict[str, Any]:
        kept = {}
        for name, value in values.items():
            path = f"{prefix}{name}"
            if name in old and name not in new:
                self._dropped.append(path)
            elif name in old:
                kept[name] = self._value(value, old[name]["type"], new[name]["type"], path)
            else:
                kept[name] = value
        return kept

    def _value(self, value: Any, old: Form, new: Form, path: str) -> Any:
        old, new = without_none(old), without_none(new)
        if isinstance(value, (list, tuple)) and "list" in old and "list" in new:
            return [self._value(item, old["list"], new["list"], f"{path}[{at}]") for at, item in enumerate(value)]
        if isinstance(value, dict) and "dict" in old and "dict" in new:
            return {key: self._value(item, old["dict"], new["dict"], f"{path}.{key}") for key, item in value.items()}
        before, after = _fields(old, self._old), _fields(new, self._new)
        if isinstance(value, dict) and before is not None and after is not None:
            return self.fields(value, before, after, f"{path}.")
        return value


def _fields(form: Form, types: Mapping[str, Form]) -> Form | None:
    """The fields, if it is an object type."""
    fields: Form | None = types.get(form.get("ref", ""), {}).get("fields")
    return fields
