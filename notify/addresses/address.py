"""One mailbox as a value, and the forms in which people give it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from notify.addresses.syntax import checked_email, checked_name, mailbox, quoted
from notify.errors import AddressError


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: an address and perhaps the name that people read beside it.

    Attributes:
        email: the local part as typed, `@`, the domain in ASCII (IDNA 2008) and lower case; at most 254 octets.
        name: the display name as people read it, of any length and in any script.

    Raises:
        AddressError: `email` is not exactly one address, or `name` holds a line break or another control character.
    """

    email: str
    name: str = ""

    def __post_init__(self) -> None:
        try:
            email = checked_email(self.email)
            name = checked_name(self.name)
        except (AttributeError, TypeError):
            raise AddressError(f"an address and its name are text; got {self.email!r} and {self.name!r}") from None
        if email is not self.email:
            object.__setattr__(self, "email", email)
        if name is not self.name:
            object.__setattr__(self, "name", name)

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `Ada <ada@x.example>`, `"Lovelace, Ada" <ada@x.example>` or `ada@x.example`.

        Raises:
            AddressError: it is anything else; one text gives one mailbox, never two.
        """
        name, email = mailbox(text)
        return cls(email, name)

    @classmethod
    def of(cls, value: AddressLike) -> Address:
        """An address from any of its forms: text, a `(name, address)` pair, or an Address.

        Raises:
            AddressError: the value has another form, or is no address.
        """
        if isinstance(value, Address):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        if _is_pair(value):
            return cls(value[1], value[0])
        raise AddressError(f"expected an address as text, as a (name, address) pair or as Address, got {value!r}")

    @property
    def local(self) -> str:
        """What stands before the `@`."""
        return self.email.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """What stands after the `@`, in ASCII."""
        return self.email.rpartition("@")[2]

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it: the local part is not ASCII (RFC 6531)."""
        return not self.email.isascii()

    def __str__(self) -> str:
        return f"{quoted(self.name)} <{self.email}>" if self.name else self.email


AddressLike = str | tuple[str, str] | Address
"""How an address may be given: `"Ada <ada@x.example>"`, `("Ada", "ada@x.example")` or an Address."""


def addresses(value: AddressLike | Iterable[AddressLike] | None) -> tuple[Address, ...]:
    """All addresses that `value` gives: one in any form, several as an iterable, or none.

    A tuple of two texts is one `(name, address)` pair; several addresses are best given as a list.

    Raises:
        AddressError: one of them is no address.
    """
    if value is None:
        return ()
    if _is_pair(value):
        return (Address(value[1], value[0]),)
    if isinstance(value, (str, Address)):
        return (Address.of(value),)
    if isinstance(value, Iterable):
        return tuple(map(Address.of, value))
    raise AddressError(f"expected an address or a list of them, got {value!r}")


def _is_pair(value: object) -> TypeGuard[tuple[str, str]]:
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str)  # noqa: PLR2004  # that is a pair
