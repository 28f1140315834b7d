"""Plausible values for the sample of an adopted notification."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from notify.adopting.deciding import singular

if TYPE_CHECKING:
    from notify.adopting.deciding import Decided, Declared, Kind
    from notify.adopting.slots import Slot

_DEEPEST = 3
_TEXTS: tuple[tuple[str, tuple[str, str]], ...] = (
    (r"(?:first|given|nick)_?name", ("Ada", "Grace")),
    (r"(?:last|family|sur)_?name", ("Lovelace", "Hopper")),
    (r"(?:company|organi[sz]ation|team|workspace|shop|brand|site|app|product)(?:_name)?", ("Acme", "Example")),
    (r"(?:user_?)?name|full_name|customer|author|sender_name|(?:.*_)?by", ("Ada Lovelace", "Grace Hopper")),
    (r"(?:.*_)?(?:street|address|address_line|line1|line_1)", ("1 Example Street", "2 Example Street")),
    (r"(?:.*_)?city", ("London", "Paris")),
    (r"(?:.*_)?country", ("Ireland", "France")),
    (r"(?:.*_)?(?:zip|zip_code|postcode|postal_code)", ("10115", "75001")),
    (r"(?:.*_)?(?:code|otp|pin)", ("482913", "175024")),
    (r"(?:.*_)?(?:phone|telephone|mobile)", ("+1 555 0100", "+1 555 0101")),
    (r"currency(?:_code)?", ("EUR", "USD")),
    (r"(?:.*_)?(?:currency_symbol)", ("€", "$")),
    (r"(?:.*_)?(?:number|id|reference|ref)", ("A-1001", "A-1002")),
    (r"(?:.*_)?plan(?:_name)?", ("Team", "Business")),
    (r"(?:.*_)?ip(?:_address)?", ("192.0.2.7", "198.51.100.4")),
    (r"(?:.*_)?(?:total|amount|price|subtotal)", ("42.00", "7.50")),
    (r"(?:.*_)?(?:date|day|time)", ("14 March 2026", "15 March 2026")),
)
_PICTURE = re.compile(r"image|img|logo|avatar|photo|picture|thumbnail|icon|banner")
_PEOPLE = re.compile(
    r"user|customer|client|author|inviter|invitee|recipient|guest|member|person|owner|host|attendee|assignee|contact"
    r"|employee|student|teacher|visitor|sender|creator|friend|manager|buyer|seller|reviewer|driver|commenter|admin|patient"
)
_ATOMS: dict[str, tuple[Any, Any]] = {
    "Decimal": ("42.00", "7.50"),
    "float": (42.5, 7.25),
    "bool": (True, True),
    "date": ("2026-03-14", "2026-03-15"),
    "datetime": ("2026-03-14T09:30:00", "2026-03-15T18:00:00"),
    "Email": ("ada@acme.example", "grace@acme.example"),
    "Html": ("<p>A paragraph of the mail.</p>", "<p>Another paragraph.</p>"),
}


class Sampling:
    """Makes values of the declared types."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared

    def full(self) -> dict[str, Any]:
        """A value for every param, also for those that may be left out."""
        return {name: self._value(param.kind, param.slot, 0, 0) for name, param in self._declared.params.items()}

    def least(self) -> dict[str, Any]:
        """What differs in a sample that leaves out what may be left out; empty if everything is needed."""
        return {
            name: param.default
            for name, param in self._declared.params.items()
            if param.is_optional or (param.kind.name in {"bool", "list"} and param.default in (False, []))
        }

    def _value(self, kind: Kind, slot: Slot, number: int, depth: int) -> Any:
        if kind.name == "list":
            assert kind.inner is not None  # noqa: S101  # a list is of something
            item = slot.item or slot
            return [] if depth > _DEEPEST else [self._value(kind.inner, item, each, depth + 1) for each in (0, 1)]
        if kind.name == "dict":
            assert kind.inner is not None  # noqa: S101  # the same
            inner = slot.value or slot
            return {
                key: self._value(kind.inner, inner, each, depth + 1) for each, key in enumerate(("first", "second"))
            }
        fields = self._declared.types.get(kind.name) or self._declared.shared.get(kind.name)
        if fields is not None:
            return {name: self._field(field, number, depth + 1) for name, field in fields.items()}
        return _scalar(kind.name, slot, number)

    def _field(self, field: Decided, number: int, depth: int) -> Any:
        if field.is_optional and depth > _DEEPEST:
            return None
        return self._value(field.kind, field.slot, number, depth)


def _scalar(name: str, slot: Slot, number: int) -> Any:
    if name in _ATOMS:
        return _ATOMS[name][number]
    if name == "int":
        return {"year": 2026, "width": 160, "height": 40}.get(slot.name, (3, 2)[number])
    if name == "Url":
        stem = re.sub(r"_?(?:url|uri|link|href)$", "", slot.name)
        path = (stem or "page").replace("_", "-")
        return f"https://acme.example/{path}{'.png' if _PICTURE.search(slot.name) else ''}"
    text = _text(slot, number)
    return f"{text}\nA second line.\n" if name == "Text" else text


def _text(slot: Slot, number: int) -> str:
    constants = [each for each in slot.constants if isinstance(each, str) and each]
    if constants:
        return constants[number % len(constants)]
    if "key" in slot.marks:
        return "first"
    owner = singular(slot.owner.name) if slot.owner is not None else ""
    if slot.name == "name" and owner and not _PEOPLE.search(owner):
        return f"{('Example', 'Other')[number]} {owner.replace('_', ' ')}"
    for pattern, values in _TEXTS:
        if re.fullmatch(pattern, slot.name):
            return values[number]
    is_item = slot.owner is not None and slot.owner.item is slot
    words = (singular(slot.name) if is_item else slot.name).replace("_", " ").strip().capitalize() or "Text"
    return words if number == 0 else f"{words} two"
