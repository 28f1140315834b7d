"""What somebody unsubscribes from, and as whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from notify.addresses import Address
from notify.errors import AddressError
from notify.fitting import fit

if TYPE_CHECKING:
    from notify.addresses import AddressLike

Kind = Literal["all", "category", "notification"]
KINDS: tuple[Kind, ...] = ("all", "category", "notification")


@dataclass(frozen=True, slots=True)
class Scope:
    """All mails that may be left, those of a category, or those of one notification.

    Attributes:
        kind: which of the three.
        name: the category's name or the notification's id; empty for all.

    Raises:
        ValueError: there is a name for all, or none for the others, or one that no database takes.
    """

    kind: Kind
    name: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"expected a scope of {', '.join(KINDS)}, got {self.kind!r:.40}")
        if (self.kind == "all") == bool(self.name):
            raise ValueError("the scope of all has no name" if self.name else f"the scope of a {self.kind} has a name")
        if fit(self.name) != self.name:
            raise ValueError(f"expected the name of a {self.kind}, got {self.name!r:.60}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A scope as `str` writes it.

        Raises:
            ValueError: it is none.
        """
        kind, _, name = text.partition(":")
        return cls(kind, name)  # type: ignore[arg-type]  # checked there

    @classmethod
    def category(cls, name: str) -> Self:
        """That of a category."""
        return cls("category", name)

    @classmethod
    def notification(cls, name: str) -> Self:
        """That of a notification."""
        return cls("notification", name)

    def covers(self, category: str, notification: str) -> bool:
        """Whether it is about mails of this category and notification."""
        return self.kind == "all" or self.name == (category if self.kind == "category" else notification)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


ALL = Scope("all")


def person(address: AddressLike) -> str:
    """The address under which somebody's choices are kept: in lower case, since people do not mean two by it.

    Raises:
        AddressError: it is no address.
    """
    return Address.of(address).email.lower()


def known_as(address: str) -> str:
    """The same of an address as others write it, who may give its domain in any script; what is none stays."""
    if address.isascii():
        return address.lower()
    try:
        return person(address)
    except AddressError:
        return address.lower()
