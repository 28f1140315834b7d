"""Where choices are kept: what a store does, and the one that lasts as long as the process."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from notify.consent.choices import Choice, Decision, decided
from notify.consent.scopes import person
from notify.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.addresses import AddressLike
    from notify.configuration.categories import Category
    from notify.consent.scopes import Scope
    from notify.plugins import Plugins


@runtime_checkable
class Preferences(Protocol):
    """Choices by person. Safe to share between threads.

    `person` gives the form of an address under which they are kept, so that A@x.example and a@x.example are one.
    """

    def allows(self, recipient: AddressLike, category: Category, notification: str) -> Decision:
        """Whether a mail may be sent: what `decided` makes of the recipient's choices.

        Raises:
            NotifyError: the store cannot be read.
        """
        ...

    def unsubscribe(self, recipient: AddressLike, scope: Scope, *, source: str = "") -> None:
        """Keep that mails are not wanted, as the last choice. Said again with none in between, it changes nothing.

        Raises:
            NotifyError: the store cannot be written; then nothing was.
        """
        ...

    def resubscribe(self, recipient: AddressLike, scope: Scope, *, source: str = "") -> None:
        """Keep that mails are wanted, likewise."""
        ...

    def of(self, recipient: AddressLike) -> tuple[Choice, ...]:
        """Somebody's choices, one a scope, in the order in which they were made; none of who is not known.

        Raises:
            NotifyError: the store cannot be read.
        """
        ...


class MemoryPreferences:
    """Choices in this process, for tests and development.

    Args:
        clock: gives the time, with a time zone.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or _now
        self._choices: dict[str, dict[Scope, Choice]] = {}
        self._lock = threading.Lock()

    def allows(self, recipient: AddressLike, category: Category, notification: str) -> Decision:
        """See `Preferences`."""
        return decided(self.of(recipient), category, notification)

    def unsubscribe(self, recipient: AddressLike, scope: Scope, *, source: str = "") -> None:
        """See `Preferences`."""
        self._keep(person(recipient), scope, source, wanted=False)

    def resubscribe(self, recipient: AddressLike, scope: Scope, *, source: str = "") -> None:
        """See `Preferences`."""
        self._keep(person(recipient), scope, source, wanted=True)

    def of(self, recipient: AddressLike) -> tuple[Choice, ...]:
        """See `Preferences`."""
        with self._lock:
            return tuple(self._choices.get(person(recipient), {}).values())

    def _keep(self, recipient: str, scope: Scope, source: str, *, wanted: bool) -> None:
        with self._lock:
            kept = self._choices.setdefault(recipient, {})
            last = next(reversed(kept.values()), None)
            if last is not None and (last.scope, last.wanted) == (scope, wanted):
                return
            # A clock may stand still, or be set back; the order is what counts.
            at = self._clock() if last is None else max(self._clock(), last.at + timedelta(microseconds=1))
            kept.pop(scope, None)
            kept[scope] = Choice(scope, wanted, at, source)


def preferences_of(plugins: Plugins) -> Preferences | None:
    """The store that a plugin brings, if any does.

    Raises:
        PluginError: what it brings is no store.
    """
    found = plugins.preferences()
    if found is None:
        return None
    name, store = found
    if not isinstance(store, Preferences):
        raise PluginError(
            f"the plugin {name!r} gave {type(store).__name__} in notify_preferences, which lacks a method of "
            f"notify.consent.Preferences: allows, unsubscribe, resubscribe, of"
        )
    return store


def _now() -> datetime:
    return datetime.now(UTC)
