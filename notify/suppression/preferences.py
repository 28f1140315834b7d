"""What people chose, in the outbox's database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.consent.choices import Choice, Decision, decided
from notify.consent.scopes import person
from notify.scrubbing import line
from notify.suppression.model import Reason
from notify.suppression.words import AGAINST, WANTED, Word, choices_of

if TYPE_CHECKING:
    from notify.addresses import AddressLike
    from notify.configuration.categories import Category
    from notify.consent.scopes import Scope
    from notify.suppression.suppressions import SuppressionList


class DatabasePreferences:
    """A store of choices (`notify.consent.Preferences`) beside the suppression list. Safe to share between threads.

    What somebody tells a provider is a choice, too.

    Args:
        suppressions: the list.
    """

    def __init__(self, suppressions: SuppressionList) -> None:
        self.suppressions = suppressions

    def allows(self, recipient: AddressLike, category: Category, notification: str) -> Decision:
        """See `Preferences`; what another process changes is seen within a second."""
        return decided(choices_of(self.suppressions.known.words(self._name(recipient))), category, notification)

    def unsubscribe(self, recipient: AddressLike, scope: Scope, *, source: str = "") -> None:
        """See `Preferences`."""
        self._keep(recipient, scope, AGAINST, source)

    def resubscribe(self, recipient: AddressLike, scope: Scope, *, source: str = "") -> None:
        """See `Preferences`."""
        self._keep(recipient, scope, WANTED, source)

    def of(self, recipient: AddressLike) -> tuple[Choice, ...]:
        """See `Preferences`; as the database has it now."""
        return choices_of(self.suppressions.book.of(self._name(recipient)))

    def _name(self, recipient: AddressLike) -> str:
        return self.suppressions.people.name(person(recipient))

    def _keep(self, recipient: AddressLike, scope: Scope, says: int, source: str) -> None:
        said = line(source, self.suppressions.people, person(recipient))
        word = Word(self._name(recipient), scope, Reason.UNSUBSCRIBED, says, None, said)
        self.suppressions.book.keep([word])
