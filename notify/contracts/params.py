"""How the params of a notification changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.contracts.canonical import Forming, contract_form, without_none
from notify.contracts.change import BOTH, CALLER, QUEUE, SAFE, Change
from notify.contracts.fitting import Fitting
from notify.params import AliasType, DictOf, ListOf, Literal, ObjectType, OneOf
from notify.params.types import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.contracts.canonical import Form
    from notify.contracts.change import View
    from notify.definition import Definition
    from notify.params import Contract, Param, Type, TypeDefinition

_CONSTRAINTS = frozenset({"min_length", "max_length", "pattern", "ge", "gt", "le", "lt", "schemes"})
_ANY_OBJECT: dict[str, Form] = {"": {"fields": {}}}


def params_changes(old: Definition, new: Definition) -> Iterator[Change]:
    """What changed of the params, down to the fields of their types."""
    before, after = old.contract, new.contract
    if before is None and after is None:
        return
    if before is None or after is None:
        breaks, word = (BOTH, "are declared now") if before is None else (SAFE, "are no longer declared")
        kind = "params-declared" if before is None else "params-undeclared"
        yield Change(kind, new.id, f"the params {word}", new.location, breaks)
        return
    found = list(_Walk(new, before, after).changes(before.params, after.params, ""))
    yield from found
    if not found and (before.model or after.model) and contract_form(before) != contract_form(after):
        yield Change("model-changed", new.id, "the type of all params changed", new.location, BOTH)


class _Walk:
    """Goes through params and fields side by side."""

    def __init__(self, new: Definition, before: Contract, after: Contract) -> None:
        self._id = new.id
        self._place = new.location
        self._types = before.types, after.types
        self._forming = Forming(before.types), Forming(after.types)
        self._inside: set[tuple[str, str]] = set()

    def changes(self, old: Mapping[str, Param], new: Mapping[str, Param], prefix: str) -> Iterator[Change]:
        """Every change of some params, or of the fields of a type."""
        for name, param in new.items():
            if name not in old:
                word = "required" if param.required else "may be left out"
                breaks = BOTH if param.required else SAFE
                yield self._change(
                    "param-added", f"the param {prefix}{name} ({param.annotation}, {word}) is new", param, breaks
                )
        for name in sorted(old.keys() - new.keys()):
            yield self._change("param-removed", f"the param {prefix}{name} is gone", None, CALLER)
        for name, param in new.items():
            if name in old:
                yield from self._same(old[name], param, f"{prefix}{name}")

    def _same(self, old: Param, new: Param, path: str) -> Iterator[Change]:
        if new.required != old.required:
            kind, breaks = ("param-required", BOTH) if new.required else ("param-optional", SAFE)
            word = "is required now" if new.required else "may be left out now"
            yield self._change(kind, f"the param {path} {word}", new, breaks)
        elif not new.required and old.default != new.default:
            shown = "" if old.sensitive or new.sensitive else f": {old.default!r:.60} is {new.default!r:.60} now"
            yield self._change("default-changed", f"the default of the param {path} changed{shown}", new, SAFE)
        if new.sensitive != old.sensitive:
            word = "is sensitive now" if new.sensitive else "is no longer sensitive, so that logs and listings show it"
            yield self._change("sensitive-changed", f"the param {path} {word}", new, SAFE if new.sensitive else QUEUE)
        yield from self._type(old, new, path)

    def _type(self, old: Param, new: Param, path: str) -> Iterator[Change]:
        before = self._forming[0].node(old.type, old.constraints)
        after = self._forming[1].node(new.type, new.constraints)
        if old.required != new.required:  # that None is taken, or not, is said already
            before, after = without_none(before), without_none(after)
        forms = before, after
        olds, news = self._object(old.type, 0), self._object(new.type, 1)
        outer = _outer(forms[0]), _outer(forms[1])
        if olds is None or news is None or _bare(outer[0]) != _bare(outer[1]):
            types = self._forming[0].types, self._forming[1].types
            yield from self._retyped(old, new, path, forms, types)
            return
        yield from self._retyped(old, new, path, outer, (_ANY_OBJECT, _ANY_OBJECT))
        pair = olds[1].name, news[1].name
        if pair not in self._inside:
            self._inside.add(pair)
            yield from self.changes(olds[1].fields, news[1].fields, f"{path}{news[0]}.")
            self._inside.discard(pair)

    def _retyped(
        self,
        old: Param,
        new: Param,
        path: str,
        forms: tuple[Form, Form],
        types: tuple[Mapping[str, Form], Mapping[str, Form]],
    ) -> Iterator[Change]:
        """The change of a type or its constraints, if there is one."""
        before, after = forms
        by_caller = Fitting(*types, dropping=False).fits(before, after)
        by_queue = by_caller or Fitting(*types, dropping=True).fits(before, after)
        is_back = Fitting(*reversed(types), dropping=False).fits(after, before)
        is_same = by_caller and is_back
        if is_same and _outer(before) == _outer(after):
            return
        breaks: tuple[View, ...] = (*(() if by_caller else CALLER), *(() if by_queue else QUEUE))
        word = (
            "takes the same"
            if is_same
            else "takes more"
            if by_caller
            else "takes less"
            if is_back
            else "takes other values"
        )
        if _bare(before) == _bare(after):
            kind = "constraint-loosened" if by_caller else "constraint-tightened"
            shown = f"{_constraints(old)}, now {_constraints(new)}"
        else:
            kind = "param-retyped" if by_caller == is_back else "param-widened" if by_caller else "param-narrowed"
            shown = old.annotation if old.annotation == new.annotation else f"{old.annotation}, now {new.annotation}"
        yield self._change(kind, f"the param {path} {word} ({shown})", new, breaks)

    def _object(self, kind: Type, side: int, seen: frozenset[str] = frozenset()) -> tuple[str, ObjectType] | None:
        """The one object type inside a type, and the steps to it: `[]` for each list or mapping."""
        if isinstance(kind, (ListOf, DictOf)):
            found = self._object(kind.item if isinstance(kind, ListOf) else kind.value, side, seen)
            return None if found is None else (f"[]{found[0]}", found[1])
        if isinstance(kind, OneOf):
            arms = [arm for arm in kind.arms if arm != NONE]
            return self._object(arms[0], side, seen) if len(arms) == 1 else None
        if isinstance(kind, Literal) or kind.name in seen:
            return None
        types: Mapping[str, TypeDefinition] = self._types[side]
        defined = types.get(kind.name)
        if isinstance(defined, AliasType):
            return self._object(defined.target.type, side, seen | {kind.name})
        return ("", defined) if isinstance(defined, ObjectType) else None

    def _change(self, kind: str, message: str, param: Param | None, breaks: tuple[View, ...]) -> Change:
        return Change(kind, self._id, message, self._place if param is None else param.location, breaks)


def _outer(form: Form) -> Form:
    """A form in which every object type is the same."""
    if "ref" in form:
        return {"ref": ""}
    return {
        key: _outer(value) if isinstance(value, dict) and key in {"list", "dict"} else value
        for key, value in form.items()
    } | ({"any": [_outer(arm) for arm in form["any"]]} if "any" in form else {})


def _bare(form: Form) -> Form:
    """A form without constraints."""
    bare = {key: value for key, value in form.items() if key not in _CONSTRAINTS}
    for key in ("list", "dict"):
        if key in bare:
            bare[key] = _bare(bare[key])
    if "any" in bare:
        bare["any"] = [_bare(arm) for arm in bare["any"]]
    return bare


def _constraints(param: Param) -> str:
    """The type of a param with its constraints, as the long form has them."""
    said = "".join(f", {rule}: {value}" for rule, value in sorted(param.constraints.items()))
    return f"{param.annotation}{said}"
