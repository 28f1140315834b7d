"""Whether every value that one type takes is taken by another, told from their canonical forms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from notify.contracts.canonical import without_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.contracts.canonical import Form

_TEXTS = frozenset({"str", "Text"})
_TAKEN_BY = {
    "str": _TEXTS,
    "Text": _TEXTS,
    "Email": _TEXTS,
    "Url": _TEXTS,
    "Path": _TEXTS,
    "int": frozenset({"float", "Decimal"}),
    "float": frozenset({"Decimal"}),
}
"""The built-in types that take the values of another. `Html` and `Markdown` are not escaped, so that they take none."""
_ENDLESS = float("inf")


class Fitting:
    """Compares types of an old contract with those of a new one.

    Where it cannot tell, it says no.

    Args:
        old: `types` of the old contract's form.
        new: `types` of the new contract's form.
        dropping: whether fields that the new contract does not have are left out of the values, as `compatible` does:
            not inside of unions and aliases, where it is not known which fields are meant.
    """

    def __init__(self, old: Mapping[str, Form], new: Mapping[str, Form], *, dropping: bool) -> None:
        self._old = old
        self._new = new
        self._dropping = dropping
        self._assumed: set[tuple[str, str]] = set()

    def fits(self, old: Form, new: Form) -> bool:
        """Whether the new type takes every value of the old one."""
        if self._dropping and (_is_open(old, self._old) or _is_open(new, self._new)):
            return Fitting(self._old, self._new, dropping=False).fits(old, new)
        if "ref" in old and "ref" in new:
            return self._recursive(old["ref"], new["ref"])
        if (arms := _arms(old, self._old)) is not None:
            return all(self.fits(arm, new) for arm in arms)
        if (arms := _arms(new, self._new)) is not None:
            return any(self.fits(old, arm) for arm in arms)
        return self._single(old, new)

    def fields(self, old: Form, new: Form) -> bool:
        """Whether a mapping of the old fields is one of the new fields."""
        if not self._dropping and old.keys() - new.keys():
            return False
        for name, field in new.items():
            before = old.get(name)
            if field["required"] and (before is None or not before["required"]):
                return False
            if before is not None and not self.fits(before["type"], field["type"]):
                return False
        return True

    def _recursive(self, old: str, new: str) -> bool:
        if (old, new) in self._assumed:  # a type that contains itself: what holds of it holds inside of it
            return True
        before = set(self._assumed)
        self._assumed.add((old, new))
        taken = self._defined(self._old[old], self._new[new])
        if not taken:
            self._assumed = before  # what was found by assuming it is not certain either
        return taken

    def _defined(self, old: Form, new: Form) -> bool:
        if "fields" in old and "fields" in new:
            return self.fields(old["fields"], new["fields"])
        if "alias" in old and "alias" in new:
            return self.fits(old["alias"], new["alias"])
        return False

    def _single(self, old: Form, new: Form) -> bool:
        if "choices" in old:
            return all(_is_taken(value, new) for value in old["choices"])
        for kind in ("list", "dict"):
            if kind in old and kind in new:
                return _is_looser(old, new) and self.fits(old[kind], new[kind])
        if "model" in old:
            return old == new
        if "type" not in old or "type" not in new:
            return False
        is_wider = new["type"] in _TAKEN_BY.get(old["type"], ())
        return (old["type"] == new["type"] or is_wider) and _is_looser(old, new)


def _is_open(form: Form, types: Mapping[str, Form]) -> bool:
    """Whether it is a union of more than one type and None, or an alias."""
    return "any" in without_none(form) or "alias" in types.get(form.get("ref", ""), ())


def _arms(form: Form, types: Mapping[str, Form]) -> list[Form] | None:
    """The arms of a union, or the one type that an alias stands for; None for other types."""
    alias = types.get(form.get("ref", ""), {}).get("alias")
    return form.get("any") if alias is None else [alias]


def _is_taken(value: str | int, new: Form) -> bool:
    """Whether a type takes one value of a choice."""
    if "choices" in new:
        return value in new["choices"]
    if isinstance(value, int):
        return new.get("type") in {"int", "float", "Decimal"} and _is_looser({"ge": value, "le": value}, new)
    pattern = new.get("pattern")
    is_text = new.get("type") in _TEXTS and (pattern is None or re.search(pattern, value) is not None)
    return is_text and _is_looser({"min_length": len(value), "max_length": len(value), "pattern": pattern}, new)


def _is_looser(old: Form, new: Form) -> bool:
    """Whether what keeps the old constraints keeps the new ones."""
    return (
        new.get("min_length", 0) <= old.get("min_length", 0)
        and new.get("max_length", _ENDLESS) >= old.get("max_length", _ENDLESS)
        and _lowest(new) <= _lowest(old)
        and _highest(new) >= _highest(old)
        and new.get("pattern") in {None, old.get("pattern")}
        and (new.get("type") != "Url" or {*old.get("schemes", ())} <= {*new.get("schemes", ())})
    )


def _lowest(form: Form) -> tuple[Any, bool]:
    """The lower bound, and whether it is left out itself."""
    return max((form.get("ge", -_ENDLESS), False), (form.get("gt", -_ENDLESS), "gt" in form))


def _highest(form: Form) -> tuple[Any, bool]:
    """The upper bound, and whether it is one itself."""
    return min((form.get("le", _ENDLESS), True), (form.get("lt", _ENDLESS), "lt" not in form))
