"""Whom a project's mails come from and are answered to, and where it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.addresses import Address
    from notify.checks.whole import Whole
    from notify.errors import Location


class Person(NamedTuple):
    """An address that the project writes.

    Attributes:
        field: `sender` or `reply_to`.
        address: the address.
        location: where it stands.
    """

    field: str
    address: Address
    location: Location


def people(whole: Whole) -> Iterator[Person]:
    """The senders of the environment and of the definitions, and whom these have answered to."""
    try:
        default = whole.environment.sender
    except ConfigError:
        default = None
    if default is not None:
        name = whole.notifier.environment
        section = whole.configuration.environments.get(name)
        is_own = section is not None and "sender" in section.values
        yield Person("sender", default, whole.at("environments", name, "sender") if is_own else whole.at("sender"))
    for definition in whole.definitions:
        fields = {"sender": (definition.sender,) if definition.sender else (), "reply_to": definition.reply_to}
        for field, addresses in fields.items():
            for each in addresses:
                yield Person(field, each, whole.place(definition, field))
