"""From what was learned about the values to the types that the definition declares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from notify.adopting.slots import MISSING
from notify.params.types import BUILTINS, ObjectType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.adopting.slots import Slot
    from notify.params import Types

_URL = re.compile(r"(?:^|_)(?:url|uri|link|href)$")
_EMAIL = re.compile(r"(?:^|_)e?mail(?:_address)?$")
_DATETIME = re.compile(r"(?:_at|_datetime|^datetime|timestamp)$")
_DATE = re.compile(r"(?:_on|_date|^date|_day|^day|birthday|deadline|_until)$")
_BOOL = re.compile(r"^(?:is|has|can|should|was|did|needs|wants|allows|show)_|_(?:enabled|active|verified)$")
_MONEY = re.compile(
    r"(?:^|_)(?:price|amount|total|subtotal|tax|vat|cost|fee|balance|discount|shipping_cost|salary|refund)(?:_due|_paid)?$"
)
_COUNT = re.compile(r"(?:^|_)(?:count|quantity|qty|days|hours|minutes)$|^(?:num|number_of|n)_")
_WHOLE = re.compile(
    r"(?:^|_)(?:percent|percentage|year|age|level|score|position|rank|days|hours|minutes|seconds|nights|weeks|months)(?:_|$)"
)
_TEXT_NAME = re.compile(r"(?:^|_)(?:number|code|id|reference|name|title|token|phone|zip|label|text)$")
_DATE_PARTS = frozenset({"year", "month", "day"})
_TIME_PARTS = frozenset({"hour", "minute", "second", "microsecond", "tzinfo"})
_TEXTS = frozenset({"text", "sliced", "key"})
_NUMBERS = frozenset({"number", "money", "float", "int"})


@dataclass(slots=True)
class Kind:
    """A type: a built-in one, `list` or `dict` of another, or a type of the definition's own."""

    name: str
    inner: Kind | None = None

    def __str__(self) -> str:
        """As it is written in a definition."""
        if self.inner is None:
            return self.name
        return f"list[{self.inner}]" if self.name == "list" else f"dict[str, {self.inner}]"


@dataclass(slots=True)
class Decided:
    """A param or a field as it is declared; `default` is MISSING where it has none."""

    slot: Slot
    kind: Kind
    is_optional: bool = False
    default: Any = MISSING

    def written(self) -> Any:
        """As it stands in a definition: an annotation, or the long form."""
        annotation = f"{self.kind} | None" if self.is_optional else str(self.kind)
        return annotation if self.default is MISSING else {"type": annotation, "default": self.default}


@dataclass(slots=True)
class Declared:
    """What a definition declares: params, the fields of its types, and those of shared types that it uses."""

    params: dict[str, Decided] = field(default_factory=dict)
    types: dict[str, dict[str, Decided]] = field(default_factory=dict)
    shared: dict[str, dict[str, Decided]] = field(default_factory=dict)


def declared(params: Mapping[str, Slot], shared: Types) -> Declared:
    """The params and types of a definition, from what its templates read.

    Args:
        params: what the templates read, by name.
        shared: the types of notify.yaml.
    """
    deciding = _Deciding(shared)
    found = {name: deciding.decided(slot) for name, slot in params.items() if not _is_shipped(slot)}
    return Declared(found, deciding.types, deciding.shared)


def is_always_given(slot: Slot) -> bool:
    """Whether the template asks if a value is defined, which a param that has no default always is."""
    return slot.is_defined_asked and not slot.is_tested and not slot.defaults and _is_used(slot)


def _is_shipped(slot: Slot) -> bool:
    return not slot.is_own


def _is_used(slot: Slot) -> bool:
    return slot.is_shown or bool(slot.fields) or slot.item is not None or slot.value is not None


class _Deciding:
    def __init__(self, shared: Types) -> None:
        self.types: dict[str, dict[str, Decided]] = {}
        self.shared: dict[str, dict[str, Decided]] = {}
        self._all_shared = shared
        self._names: dict[Slot, str] = {}

    def decided(self, slot: Slot) -> Decided:
        """The type of a value, and its default."""
        kind = self._kind(slot)
        for default in slot.defaults:
            if default is not MISSING and default is not None and _fits(default, kind):
                return Decided(slot, kind, default=_as(default, kind))
        if kind.name == "bool":
            return Decided(slot, kind, default=False) if slot.is_tested else Decided(slot, kind)
        if not slot.is_tested or "chosen" in slot.marks:
            return Decided(slot, kind)
        if kind.name == "list":
            return Decided(slot, kind, default=[])
        return Decided(slot, kind) if slot.is_unguarded else Decided(slot, kind, is_optional=True, default=None)

    def _kind(self, slot: Slot) -> Kind:
        if slot in self._names:
            return Kind(self._names[slot])
        marks = slot.marks
        if slot.fields:
            return self._with_fields(slot)
        if slot.value is not None or ("mapping" in marks and slot.item is None):
            return Kind("dict", self._kind(slot.value) if slot.value is not None else Kind("str"))
        if slot.item is not None or "list" in marks:
            return Kind("list", self._kind(slot.item) if slot.item is not None else Kind("str"))
        if "sized" in marks and not slot.is_shown and slot.name.endswith("s"):
            return Kind("list", Kind("str"))
        return Kind(scalar_of(slot))

    def _with_fields(self, slot: Slot) -> Kind:
        names = slot.fields.keys()
        if names <= _DATE_PARTS | _TIME_PARTS:
            is_datetime = names & _TIME_PARTS or "datetime" in slot.marks or _DATETIME.search(slot.name)
            return Kind("datetime" if is_datetime else "date")
        common = self._all_shared.get(_type_name(slot))
        if isinstance(common, ObjectType) and _agrees(slot, common):
            fields = {
                each: Decided(slot.field_of(each, 0), Kind(param.annotation)) for each, param in common.fields.items()
            }
            self.shared[common.name] = fields
            return Kind(common.name)
        name = self._names[slot] = self._new_name(slot)
        fields = self.types[name] = {}
        for each, inner in slot.fields.items():
            fields[each] = self.decided(inner)
        return self._shared(slot, name)

    def _new_name(self, slot: Slot) -> str:
        name = _type_name(slot)
        taken = {*self.types, *self._all_shared, *BUILTINS, "list", "dict"}
        if name in taken and slot.owner is not None and slot.owner.name != slot.name:
            name = _camel(slot.owner.name) + name
        base, number = name, 2
        while name in taken:
            name, number = f"{base}{number}", number + 1
        return name

    def _shared(self, slot: Slot, name: str) -> Kind:
        """The same fields of the same types are one type."""
        mine = {key: value.written() for key, value in self.types[name].items()}
        for other, fields in self.types.items():
            is_same = other != name and {key: value.written() for key, value in fields.items()} == mine
            if is_same and _base(other) == _base(name) and name not in str(mine):
                del self.types[name]
                self._names[slot] = other
                return Kind(other)
        return Kind(name)


def scalar_of(slot: Slot) -> str:
    """The type of a value that has no parts, in agreement with those that it is compared with."""
    found = _by_itself(slot)
    if found != "str" or not slot.peers:
        return found
    group = _group(slot)
    if any(each.marks & _TEXTS or any(isinstance(c, str) for c in each.constants) for each in group):
        return "str"
    others = {_by_itself(each) for each in group}
    moments = others & {"date", "datetime"}
    if moments:
        return min(moments)
    return "Decimal" if others <= {"str", "int", "float", "Decimal"} else "str"


def _group(slot: Slot) -> set[Slot]:
    """A value and all that it is compared with, by way of others too."""
    found, waiting = {slot}, [slot]
    while waiting:
        more = waiting.pop().peers - found
        found |= more
        waiting += more
    return found


def _by_itself(slot: Slot) -> str:  # noqa: C901, PLR0911, PLR0912  # one for each type
    marks, name = slot.marks, slot.name.lower()
    is_text = bool(slot.constants) or any(isinstance(each, str) and each for each in slot.defaults)
    if "html" in marks and not marks & {"url", "line"}:
        return "Html"
    if "url" in marks:
        return "Url"
    if "email" in marks:
        return "Email"
    if "datetime" in marks or "date" in marks:
        return "datetime" if "datetime" in marks or _DATETIME.search(name) else "date"
    if _is_number(slot):
        return _number(slot)
    if "bool" in marks and not is_text:
        return "bool"
    if "breaks" in marks and "line" not in marks:
        return "Text"
    if is_text or "words" in marks or marks & _TEXTS:
        return "Email" if _EMAIL.search(name) and not slot.constants else "str"
    if _URL.search(name) and slot.is_shown:
        return "Url"
    if _EMAIL.search(name) and slot.is_shown:
        return "Email"
    if _BOOL.search(name) or ((slot.is_tested or slot.is_defined_asked) and not slot.is_shown):
        return "bool"
    if _DATETIME.search(name):
        return "datetime"
    if _DATE.search(name):
        return "date"
    if _TEXT_NAME.search(name) or "container" in marks or "" in slot.defaults:
        return "str"
    if _MONEY.search(name):
        return "Decimal"
    return "int" if _COUNT.search(name) else "str"


def _is_number(slot: Slot) -> bool:
    is_text = any(isinstance(each, str) for each in (*slot.constants, *slot.defaults))
    is_marked = bool(slot.marks & _NUMBERS) or any(type(each) in {int, float} for each in slot.defaults)
    return is_marked and not ("text" in slot.marks or is_text)


def _number(slot: Slot) -> str:
    # The other side of an addition may be a float, which a Decimal cannot be added to.
    if any("float" in each.marks for each in (slot, *slot.numbers)):
        return "int" if _COUNT.search(slot.name) else "float"
    fractions = any(isinstance(each, float) for each in slot.defaults)
    if "money" in slot.marks or _MONEY.search(slot.name) or fractions:
        return "Decimal"
    is_whole = "int" in slot.marks or any(isinstance(each, int) for each in slot.defaults)
    return "int" if is_whole or _COUNT.search(slot.name) or _is_whole(slot) else "Decimal"


def _is_whole(slot: Slot) -> bool:
    return slot.name.endswith("s") or _WHOLE.search(slot.name) is not None


def _fits(default: Any, kind: Kind) -> bool:
    expected: dict[str, type | tuple[type, ...]] = {
        "str": str, "Text": str, "Html": str, "bool": bool, "int": int, "float": (int, float), "Decimal": (int, float),
    }  # fmt: skip
    if kind.name in {"list", "dict"}:
        return default in ([], {})
    if isinstance(default, bool) is not (kind.name == "bool"):
        return False
    return kind.name in expected and isinstance(default, expected[kind.name])


def _as(default: Any, kind: Kind) -> Any:
    if kind.name in {"list", "dict"}:
        return [] if kind.name == "list" else {}
    return str(default) if kind.name == "Decimal" else default


def _type_name(slot: Slot) -> str:
    is_item = slot.owner is not None and (slot.owner.item is slot or slot.owner.value is slot)
    return _camel(singular(slot.name) if is_item else slot.name)


def _agrees(slot: Slot, common: ObjectType) -> bool:
    """Whether a shared type has what a template reads; nested types are not compared."""
    plain = all(param.required and param.annotation in BUILTINS for param in common.fields.values())
    return plain and all(
        name in common.fields
        and not (inner.fields or inner.item or inner.value)
        and scalar_of(inner) in {"str", common.fields[name].annotation}
        for name, inner in slot.fields.items()
    )


def _camel(name: str) -> str:
    made = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    return made if made[:1].isalpha() else f"Type{made}"


def singular(name: str) -> str:
    """What one of several is called, in English."""
    if name.endswith("ies") and len(name) > 4:  # noqa: PLR2004  # not `ties`
        return f"{name[:-3]}y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) and len(name) > 1 else name


def _base(name: str) -> str:
    return name.rstrip("0123456789")
