"""Marked-up values."""

from __future__ import annotations

from markupsafe import escape

from notify.params import Html, Markdown


def test_html_is_not_escaped() -> None:
    """It says itself that it is HTML."""
    assert escape(Html("<b>")) == "<b>"
    assert escape(Markdown("<b>")) == "&lt;b&gt;"


def test_markdown_has_its_source() -> None:
    """As plain text."""
    assert Markdown("*x*").source == "*x*"
    assert type(Markdown("*x*").source) is str
