"""What somebody changed on the preference page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.consent.scopes import ALL, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.consent.forms import Fields
    from notify.consent.offers import Offers

ON, OFF, WANTED = "on", "off", "wanted"
"""The fields: what the page showed as wanted and as not wanted, and the boxes that are checked now."""


def changed(form: Fields, offers: Offers) -> Iterator[tuple[Scope, bool]]:
    """Each box that somebody changed, and whether the mails are wanted; categories come first.

    The page may be old: a box that nobody touched says nothing. A notification is told with its category, since the
    page said both.
    """
    on, wanted = set(form.get(ON, ())), set(form.get(WANTED, ()))
    categories: set[str] = set()
    for scope in sorted(_shown(form, offers), key=lambda scope: scope.kind):
        text = str(scope)
        category = offers.category_of(scope).name
        if (text in on) != (text in wanted) or category in categories:
            if scope.kind == "category":
                categories.add(category)
            yield scope, text in wanted


def _shown(form: Fields, offers: Offers) -> Iterator[Scope]:
    """What the page showed, as far as there is such a thing to choose."""
    for text in dict.fromkeys((*form.get(ON, ()), *form.get(OFF, ()))):
        try:
            scope = Scope.parse(text)
        except ValueError:
            continue
        if scope != ALL and offers.is_known(scope) and not offers.category_of(scope).must_deliver:
            yield scope
