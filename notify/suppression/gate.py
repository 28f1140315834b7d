"""Who is written to, by the suppression list and by what people chose."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from notify.consent.choices import decided
from notify.delivery.gate import FREE, Judgement
from notify.errors import NotifyError, OutboxError, PluginError
from notify.suppression.preferences import DatabasePreferences
from notify.suppression.verdict import verdict
from notify.suppression.words import choices_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify.configuration.categories import Category
    from notify.consent import Decision, Preferences
    from notify.suppression.suppressions import SuppressionList
    from notify.suppression.words import Word

_log = logging.getLogger("notify.suppression")


class Gate:
    """Says who may be written to (`notify.delivery.gate.Gate`). Safe to share between threads.

    A message without a category is judged as one that may be left.

    Args:
        category: gives what holds for a category, as `Configuration.category` does.
        suppressions: the list, where it is to be heeded.
        preferences: what people chose, where that is; with its own list if it is a `DatabasePreferences`.
    """

    def __init__(
        self,
        category: Callable[[str], Category],
        suppressions: SuppressionList | None = None,
        preferences: Preferences | None = None,
    ) -> None:
        self._category = category
        self._categories: dict[str, Category] = {}
        own = preferences if isinstance(preferences, DatabasePreferences) else None
        self._heeds = suppressions is not None
        self._chooses = own is not None
        self._list = own.suppressions if suppressions is None and own is not None else suppressions
        self._others = preferences if own is None else None

    def judge(self, people: Sequence[str], category: str, notification: str) -> Judgement:
        """Who of a message's recipients is written to; `FREE` in the usual case.

        Args:
            people: bare addresses.
            category: the message's; empty if it was built by hand.
            notification: its id, likewise.

        Raises:
            OutboxError: that cannot be found out now.
            ConfigError: or not without a person, as the tables are missing.
            PluginError: a plugin's store of choices failed.
        """
        kind = self._categories.get(category)
        if kind is None:
            kind = self._categories[category] = self._category(category)
        held: dict[str, str] = {}
        passed: dict[str, str] = {}
        for address in people:
            words: tuple[Word, ...] = ()
            if self._list is not None:
                words = _words(self._list, address, kind)
            if not words and self._others is None and not (self._chooses and kind.opt_in):
                continue
            is_held, reason = self._judged(words, address, kind, notification)
            if reason:
                (held if is_held else passed)[address] = reason
        return Judgement(held, passed) if held or passed else FREE

    def _judged(self, words: tuple[Word, ...], address: str, category: Category, notification: str) -> tuple[bool, str]:
        """Whether somebody is held, and why; no reason where nothing speaks against the mail."""
        if not self._heeds:
            chosen = self._chosen(words, address, category, notification)
            return not chosen.allowed, "" if chosen.allowed else chosen.reason
        found = verdict(words, category, notification)
        if found is not None and not found.passes:
            return True, found.reason
        if self._chooses or self._others is not None:
            chosen = self._chosen(words, address, category, notification)
            if not chosen.allowed:
                return True, chosen.reason
        return False, "" if found is None else found.reason

    def _chosen(self, words: tuple[Word, ...], address: str, category: Category, notification: str) -> Decision:
        if self._others is None:
            return decided(choices_of(words), category, notification)
        try:
            return self._others.allows(address, category, notification)
        except NotifyError:
            raise
        except Exception as error:
            # Its own words may hold an address.
            name = type(self._others).__name__
            raise PluginError(f"the preferences {name} failed in allows: {type(error).__name__}") from error


def _words(suppressions: SuppressionList, address: str, category: Category) -> tuple[Word, ...]:
    """What is known of somebody. Mails that arrive whatever it is do not wait for a database that is gone."""
    try:
        return suppressions.known.words(suppressions.people.name(address))
    except OutboxError:
        if category.passes_suppression and category.must_deliver:
            _log.warning("a mail of the category %s is sent unasked, for the database is gone", category.name)
            return ()
        raise
