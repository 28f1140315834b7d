"""The pages of a project keep what people choose in its outbox's database, and the next mail heeds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.making import YAML, notifier_of, path_of, serving

from notify import SuppressedError
from notify.consent import Scope
from notify.consent.application import consent_app
from notify.suppression import DatabasePreferences

if TYPE_CHECKING:
    from pathlib import Path


def test_one_click(tmp_path: Path, url: str) -> None:
    """It is kept without anything being given, and the next mail of the category is not sent; others are."""
    with notifier_of(tmp_path, f"{YAML}outbox: {url}\n") as notifier:
        notifier.outbox.migrate()
        with serving(consent_app(notifier)) as site:
            link = path_of((notifier.render("weekly", to="Ada@example.com").text or "").split()[0])
            answers = [site.ask("GET", link).status, *(site.one_click(link).status for _ in range(3))]
        chosen = notifier.preferences.of("ada@example.com")
        receipt = notifier.send("weekly", to="ada@example.com")
        other = notifier.send("shop.order_paid", to="ada@example.com")

        assert [200] * 4 == answers
        assert isinstance(notifier.preferences, DatabasePreferences)
        assert [(Scope.category("digest"), False, "the unsubscribe link")] == [
            (each.scope, each.wanted, each.source) for each in chosen
        ]
        assert ("ada@example.com",) == other.accepted
        assert isinstance(receipt.rejected["ada@example.com"], SuppressedError)
        assert "unsubscribed from category:digest on 20" in str(receipt.rejected["ada@example.com"])


def test_the_page_shows_what_was_chosen(tmp_path: Path, url: str) -> None:
    """At once, also when somebody comes back."""
    with notifier_of(tmp_path, f"{YAML}outbox: {url}\n") as notifier:
        notifier.outbox.migrate()
        with serving(consent_app(notifier)) as site:
            link = path_of((notifier.render("weekly", to="ada@example.com").text or "").split()[1])
            left = site.form(link, "action=leave")
            back = site.form(link, "action=save&off=category%3Adigest&wanted=category%3Adigest")
        receipt = notifier.send("weekly", to="ada@example.com")

        assert [200, 200] == [left.status, back.status]
        assert ("ada@example.com",) == receipt.accepted
        assert [("all", False), ("category:digest", True)] == [
            (str(each.scope), each.wanted) for each in notifier.preferences.of("ada@example.com")
        ]
