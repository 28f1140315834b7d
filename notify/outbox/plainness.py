"""Which params can be kept as plain text, because their types leave no doubt what the text stands for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from notify.params import AliasType, DictOf, ListOf, Literal, Name, ObjectType, OneOf
from notify.params.types import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.params import Contract, Type, TypeDefinition


@lru_cache(maxsize=1024)
def plain_params(contract: Contract) -> frozenset[str]:
    """The names of params in which each decimal, date and the like may be text.

    Not those of a union, where a date would come back as the text that another arm takes; of the application's own
    types, which have rules of their own; and with a `float` inside, which takes a Decimal, but no text.
    """
    if contract.model is not None:
        return frozenset()
    params = contract.params.values()
    return frozenset(param.name for param in params if _is_plain(param.type, contract.types, frozenset()))


def _is_plain(kind: Type, types: Mapping[str, TypeDefinition], seen: frozenset[str]) -> bool:
    if isinstance(kind, OneOf):
        arms = [arm for arm in kind.arms if arm != NONE]
        return len(arms) == 1 and _is_plain(arms[0], types, seen)
    if isinstance(kind, (ListOf, DictOf)):
        return _is_plain(kind.item if isinstance(kind, ListOf) else kind.value, types, seen)
    if isinstance(kind, Literal) or kind.name in seen:
        return True
    return _is_plain_name(kind, types, seen | {kind.name})


def _is_plain_name(kind: Name, types: Mapping[str, TypeDefinition], seen: frozenset[str]) -> bool:
    defined = types.get(kind.name)
    if defined is None:
        return kind.name != "float"
    if isinstance(defined, ObjectType):
        return all(_is_plain(field.type, types, seen) for field in defined.fields.values())
    return isinstance(defined, AliasType) and _is_plain(defined.target.type, types, seen)
