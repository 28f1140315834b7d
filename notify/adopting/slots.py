"""What is learned about each value that a template reads from outside, while the template is followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MISSING: Any = object()
"""Stands for a value that is not known."""


@dataclass(eq=False, slots=True)
class Slot:
    """A param, a field of one, or the items of one.

    Attributes:
        name: what it is called; an item has its list's name.
        owner: the value that it is a field or an item of.
        line: where it is first met.
        fields: by name, each a value of its own.
        item: what a loop over it gives, or an index.
        value: what any key of it gives, where it is a mapping with keys that are not known.
        marks: how it is used, such as `money`, `url`, `text`; `words` is used as text, which a number can be too.
        constants: what it is compared with.
        defaults: what stands in for it where it is not given; MISSING for what is no constant.
        is_tested: whether a condition asks if there is something.
        is_defined_asked: whether a condition asks if it is defined.
        is_shown: whether its own value is used.
        is_unguarded: whether some use of it follows no such question.
        is_own: whether a template of the project reads it, and not only one that ships with notify.
        numbers: the values that are added to it, multiplied by it and the like, with itself.
        peers: the values that it is compared with by `<` and the like.
    """

    name: str
    owner: Slot | None = None
    line: int = 0
    fields: dict[str, Slot] = field(default_factory=dict)
    item: Slot | None = None
    value: Slot | None = None
    marks: set[str] = field(default_factory=set)
    constants: list[Any] = field(default_factory=list)
    defaults: list[Any] = field(default_factory=list)
    is_tested: bool = False
    is_defined_asked: bool = False
    is_shown: bool = False
    is_unguarded: bool = False
    is_own: bool = False
    numbers: set[Slot] = field(default_factory=set)
    peers: set[Slot] = field(default_factory=set)

    def field_of(self, name: str, line: int) -> Slot:
        """The field of that name."""
        if name not in self.fields:
            self.fields[name] = Slot(name, self, line)
        return self.fields[name]

    def items(self) -> Slot:
        """Its items."""
        if self.item is None:
            self.item = Slot(self.name, self, self.line)
        return self.item

    def values(self) -> Slot:
        """What its keys give."""
        if self.value is None:
            self.value = Slot(self.name, self, self.line)
        return self.value

    def is_below(self, other: Slot) -> bool:
        """Whether it is a part of the other, however deep."""
        owner, seen = self.owner, {self}
        while owner is not None and owner not in seen:
            if owner is other:
                return True
            seen.add(owner)
            owner = owner.owner
        return False


@dataclass(frozen=True, slots=True)
class Val:
    """What an expression may be.

    Attributes:
        slots: the values from outside that it is, unchanged.
        sure: those of them that are not None here.
        numbers: the values from outside that it is computed from.
        constant: what a constant says.
        kind: `text`, `int`, `float` or `list`, where the template makes the value itself.
        items: what a loop over it gives, where the template makes the list itself.
        row: its parts, where they are known one by one.
        names: attributes that stand for the parts.
        options: the texts that it may be, where those are known.
        special: a macro, an imported template, a namespace, a method.
    """

    slots: tuple[Slot, ...] = ()
    sure: frozenset[Slot] = frozenset()
    numbers: tuple[Slot, ...] = ()
    constant: Any = MISSING
    kind: str = ""
    items: Val | None = None
    row: tuple[Val, ...] = ()
    names: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    special: Any = None


def _merged(specials: list[Any]) -> Any:
    """Of several mappings that the template writes out, one with what any has under a key."""
    mappings = [each for each in specials if isinstance(each, dict)]
    if len(mappings) < 2 or len(mappings) < len(specials):  # noqa: PLR2004  # then there is nothing to merge
        return specials[0] if specials else None
    keys = dict.fromkeys(key for each in mappings for key in each)
    return {key: either(*(each[key] for each in mappings if key in each)) for key in keys}


OWN = Val()
"""Something that the template makes itself."""
TEXT = Val(kind="text")


def either(*values: Val) -> Val:
    """One of several values."""
    kinds = {value.kind for value in values}
    specials = [value.special for value in values if value.special is not None]
    return Val(
        slots=tuple(dict.fromkeys(slot for value in values for slot in value.slots)),
        sure=frozenset().union(*(value.sure for value in values)),
        numbers=tuple(dict.fromkeys(slot for value in values for slot in value.numbers)),
        kind=kinds.pop() if len(kinds) == 1 else "",
        items=next((value.items for value in values if value.items is not None), None),
        row=next((value.row for value in values if value.row), ()),
        options=tuple(dict.fromkeys(option for value in values for option in value.options)),
        special=_merged(specials),
    )
