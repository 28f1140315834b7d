"""What `owner.name` is, and whether there is such a thing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from jinja2.runtime import LoopContext

from notify.checks.analysis.values import (
    ANY,
    Instance,
    ListOf,
    MappingOf,
    Missing,
    Nothing,
    Record,
    Row,
    Scalar,
    Special,
    Unknown,
    Value,
    join,
    of,
    scalar,
)
from notify.params import Html, Markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.checks.analysis.values import Arm

_CLASSES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float,),
    "bool": (bool,),
    "Decimal": (Decimal,),
    "bytes": (bytes,),
    "date": (date,),
    "datetime": (datetime,),
    "time": (time,),
    "timedelta": (timedelta,),
    "Html": (Html,),
    "Markdown": (Markdown, Html),
}
_NUMBERS = frozenset({"day", "month", "year", "hour", "minute", "second", "days", "seconds"})
_LOOP = frozenset(name for name in dir(LoopContext) if not name.startswith("_"))
_SAME = frozenset({"upper", "lower", "title", "capitalize", "strip", "lstrip", "rstrip", "swapcase", "casefold"})
_CLEAN = frozenset({"replace", "format", "strftime", "isoformat", "join", "zfill", "ljust", "rjust", "center"})
_LISTS = frozenset({"split", "rsplit", "splitlines"})
NEIGHBOURS = frozenset({"previtem", "nextitem"})
LOOPS = frozenset({"index", "index0", "revindex", "revindex0", "length", "depth", "depth0"})


def member(owner: Value, name: str) -> Value | None:
    """The attribute or key of that name; None if no arm of the owner has it.

    None and missing arguments are passed over: they are told of elsewhere.
    """
    arms = [arm for arm in owner.arms if not isinstance(arm, (Nothing, Missing))]
    if not arms:
        return ANY
    found = [value for arm in arms if (value := _of_arm(arm, name)) is not None]
    if not found:
        return None
    # Where some arm has none, the value is only as sure as that.
    values = found if len(found) == len(arms) else [*found, ANY]
    return join(values).with_taint(owner.tainted)


def known_members(owner: Value) -> set[str]:
    """The names that there are."""
    return {name for arm in owner.arms for name in _names(arm) if not name.startswith("_")}


def _of_arm(arm: Arm, name: str) -> Value | None:  # noqa: C901, PLR0911  # one for each kind
    if isinstance(arm, Unknown):
        return ANY
    if isinstance(arm, Record):
        found = arm.get(name)
        return found if found is not None else _method(arm, name, dir(dict))
    if isinstance(arm, MappingOf):
        return _method(arm, name, dir(dict)) or arm.value
    if isinstance(arm, (ListOf, Row)):
        if isinstance(arm, Row) and name in arm.names:
            return arm.items[arm.names.index(name)]
        if name.lstrip("-").isdigit():
            return indexed(arm, int(name))
        return _method(arm, name, {*dir(list), *dir(tuple)})
    if isinstance(arm, Scalar):
        if name in _NUMBERS and name in _names(arm):
            return scalar("int")
        if name.lstrip("-").isdigit() and str in classes(arm):
            return of(arm)
        return _method(arm, name, _names(arm))
    if isinstance(arm, Instance):
        return ANY if name in dir(arm.kind) else None
    return _of_special(arm, name) if isinstance(arm, Special) else ANY


def _of_special(arm: Special, name: str) -> Value | None:
    if arm.kind == "module":
        found: Value | None = arm.about.get(name)
        return found
    if arm.kind == "loop":
        if name not in _LOOP:
            return None
        return arm.about.item if name in NEIGHBOURS else scalar("int" if name in LOOPS else "bool")
    return ANY


def indexed(arm: ListOf | Row, number: int) -> Value:
    """An item by its number."""
    if isinstance(arm, ListOf):
        return arm.item
    return arm.items[number] if -len(arm.items) <= number < len(arm.items) else ANY


def _method(arm: Arm, name: str, names: Iterable[str]) -> Value | None:
    return of(Special("method", arm, name)) if name in set(names) else None


def _names(arm: Arm) -> Iterable[str]:
    if isinstance(arm, Record):
        return arm.fields
    if isinstance(arm, Scalar):
        return {name for kind in classes(arm) for name in dir(kind)}
    if isinstance(arm, Instance):
        return dir(arm.kind)
    if isinstance(arm, Row):
        return arm.names
    if isinstance(arm, Special):
        return set(arm.about.exported) if arm.kind == "module" else _LOOP if arm.kind == "loop" else ()
    return ()


def classes(arm: Scalar) -> tuple[type, ...]:
    """The Python classes of a scalar."""
    return _CLASSES.get(arm.name, (str,) if arm.name != "markup" else (Html, str))


def called(method: Special) -> Value:
    """What a method of a value gives."""
    arm, name = method.about, method.name
    if isinstance(arm, Record):
        value = join(field for key in arm.fields if (field := arm.get(key)) is not None) if list(arm.fields) else ANY
        return _of_mapping(value, name)
    if isinstance(arm, MappingOf):
        return _of_mapping(arm.value, name)
    if isinstance(arm, Scalar) and (str in classes(arm) or name in {"strftime", "isoformat"}):
        if name in _SAME:
            return of(arm)
        if name in _CLEAN:
            return scalar("str")
        if name in _LISTS:
            return of(ListOf(scalar("str")))
    return ANY


def _of_mapping(value: Value, name: str) -> Value:
    if name == "items":
        return of(ListOf(of(Row((scalar("str"), value)))))
    if name == "values":
        return of(ListOf(value))
    if name == "keys":
        return of(ListOf(scalar("str")))
    return ANY  # `get` gives None, or the default, where there is no such key
