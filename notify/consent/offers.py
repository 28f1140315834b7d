"""What people can choose: the categories of a project, and single notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from notify.consent.choices import decided
from notify.consent.pages import Row
from notify.consent.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.catalog import Catalog
    from notify.configuration import Configuration
    from notify.configuration.categories import Category
    from notify.consent.choices import Choice


@dataclass(frozen=True, slots=True)
class Offers:
    """The categories that have notifications.

    Attributes:
        categories: by name, in the order in which people see them: what they can choose first.
        notifications: the category's name of each notification, by id.
    """

    categories: Mapping[str, Category]
    notifications: Mapping[str, str]

    @classmethod
    def of(cls, configuration: Configuration, catalog: Catalog) -> Self:
        """Those of a project."""
        notifications = {name: catalog[name].category for name in catalog}
        used = set(notifications.values())
        known = [configuration.category(name) for name in configuration.categories if name in used]
        return cls({each.name: each for each in sorted(known, key=lambda each: each.must_deliver)}, notifications)

    def title(self, scope: Scope) -> str:
        """What people read for a scope; empty for all."""
        if scope.kind == "category" and scope.name in self.categories:
            return self.categories[scope.name].title
        return scope.name.replace(".", " ").replace("_", " ").capitalize()

    def rows(self, choices: Iterable[Choice], scope: Scope) -> tuple[Row, ...]:
        """What the preference page shows: each category, and the notifications that somebody chose or came from.

        Args:
            choices: somebody's, the oldest first.
            scope: what the mail was about.
        """
        choices = tuple(choices)
        scopes = [*map(Scope.category, self.categories)]
        named = dict.fromkeys((*(each.scope for each in choices), scope))
        scopes += [each for each in named if each.kind == "notification" and self.is_known(each)]
        rows = (self._row(each, choices) for each in scopes)
        return tuple(sorted(rows, key=lambda row: row.fixed))

    def is_known(self, scope: Scope) -> bool:
        """Whether there is such a category or notification."""
        return scope.kind == "all" or scope.name in (
            self.categories if scope.kind == "category" else self.notifications
        )

    def wanted(self, scope: Scope, choices: Iterable[Choice]) -> bool:
        """Whether mails of a known category or notification are wanted."""
        notification = scope.name if scope.kind == "notification" else ""
        return decided(choices, self.category_of(scope), notification).allowed

    def category_of(self, scope: Scope) -> Category:
        """A known category, or that of a known notification."""
        return self.categories[scope.name if scope.kind == "category" else self.notifications[scope.name]]

    def _row(self, scope: Scope, choices: tuple[Choice, ...]) -> Row:
        category = self.category_of(scope)
        description = category.description if scope.kind == "category" else category.title
        return Row(scope, self.title(scope), description, self.wanted(scope, choices), category.must_deliver)
