"""What a template's expression may be: a set of arms, each a kind of value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from notify.checks.analysis.written import Spot


@dataclass(frozen=True, slots=True)
class Unknown:
    """Anything; it never causes an alarm."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """None."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An argument that a call does not give; `what` says so, `spot` is the call."""

    what: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without parts, by the name of its type; `markup` is HTML that the template made itself."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, or any other sequence."""

    item: Value


@dataclass(frozen=True, slots=True)
class Row:
    """A sequence whose parts are known one by one; `names` are attributes for them."""

    items: tuple[Value, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping with any keys."""

    value: Value


class Fields:
    """The fields of a record, each looked up when it is first asked for, since types contain themselves."""

    def __init__(self, name: str, fields: Mapping[str, Callable[[], Value]], *, closed: bool = True) -> None:
        self.name = name
        self.closed = closed
        self._fields = fields
        self._known: dict[str, Value] = {}

    def __iter__(self) -> Any:
        return iter(self._fields)

    def get(self, name: str) -> Value | None:
        """The field of that name."""
        if name not in self._known and name in self._fields:
            self._known[name] = self._fields[name]()
        return self._known.get(name)


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping whose keys are known; `narrowed` has fields of which more is known than `fields` says."""

    fields: Fields
    narrowed: tuple[tuple[str, Value], ...] = ()

    def get(self, name: str) -> Value | None:
        """The field of that name; unknown where there may be more than are declared."""
        for key, value in self.narrowed:
            if key == name:
                return value
        found = self.fields.get(name)
        return found if found is not None or self.fields.closed else ANY


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of the framework's own, such as the recipient."""

    kind: type


@dataclass(frozen=True, slots=True, eq=False)
class Special:
    """What only templates have: a macro, a module, `loop`, a namespace, a method; `about` is whose or which."""

    kind: str
    about: Any = None
    name: str = ""


Arm = Unknown | Nothing | Missing | Scalar | ListOf | Row | MappingOf | Record | Instance | Special


@dataclass(frozen=True, slots=True)
class Value:
    """An expression's value.

    Attributes:
        arms: what it may be; none where the place is never reached.
        tainted: whether a param has a say in it.
        passed: where it was handed to a macro, as it is.
        root: the name of the context that it is the value of.
    """

    arms: frozenset[Arm]
    tainted: bool = False
    passed: Spot | None = None
    root: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether nothing can be said about it."""
        return UNKNOWN in self.arms or not self.arms

    @property
    def may_be_none(self) -> bool:
        """Whether a param lets it be None."""
        return self.tainted and NOTHING in self.arms

    @property
    def missing(self) -> Missing | None:
        """The argument that it should have been."""
        return next((arm for arm in self.arms if isinstance(arm, Missing)), None)

    def names(self) -> set[str]:
        """The names of its scalars."""
        return {arm.name for arm in self.arms if isinstance(arm, Scalar)}

    def only(self, wanted: Callable[[Arm], bool]) -> Value:
        """The same with some arms; those that are unknown stay."""
        arms = frozenset(arm for arm in self.arms if isinstance(arm, Unknown) or wanted(arm))
        return self if len(arms) == len(self.arms) else replace(self, arms=arms)

    def given(self) -> Value:
        """The same without None, and without what is missing."""
        return self.only(lambda arm: not isinstance(arm, (Nothing, Missing)))

    def derived(self, *arms: Arm) -> Value:
        """Another value that is made of this one."""
        return Value(frozenset(arms), self.tainted)

    def with_taint(self, tainted: bool) -> Value:  # noqa: FBT001  # the one thing it is about
        """The same, depending on a param if this or the other did."""
        return replace(self, tainted=True) if tainted and not self.tainted else self


UNKNOWN = Unknown()
NOTHING = Nothing()
ANY = Value(frozenset({UNKNOWN}))
NEVER = Value(frozenset())


def scalar(name: str, *, tainted: bool = False) -> Value:
    """A value of a scalar type."""
    return Value(frozenset({Scalar(name)}), tainted)


def of(arm: Arm, *, tainted: bool = False) -> Value:
    """A value of one arm."""
    return Value(frozenset({arm}), tainted)


def join(values: Iterable[Value]) -> Value:
    """A value that is one of several."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return distinct[0]
    arms: frozenset[Arm] = frozenset().union(*(value.arms for value in distinct))
    roots = {value.root for value in distinct}
    passed = {value.passed for value in distinct}
    return Value(
        arms,
        any(value.tainted for value in distinct),
        passed.pop() if len(passed) == 1 else None,
        roots.pop() if len(roots) == 1 else "",
    )
