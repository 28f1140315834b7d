"""Suggestions for names that are not known."""

from __future__ import annotations

from notify.suggest import did_you_mean, nearest


def test_nearest_puts_the_most_alike_first() -> None:
    """A typo finds its name."""
    assert nearest("oder", ["welcome", "order", "invoice"])[0] == "order"


def test_did_you_mean_names_one() -> None:
    """A near name is suggested."""
    assert did_you_mean("htlm", ["html", "text"]) == "did you mean 'html'?"
    assert did_you_mean("prod", ["production", "test"]) == "did you mean 'production'?"


def test_did_you_mean_lists_all_when_none_is_near() -> None:
    """Without a near name, all are listed; without any, nothing is said."""
    assert did_you_mean("zzz", ["html", "text"]) == "there are: html, text"
    assert did_you_mean("zzz", []) == ""
