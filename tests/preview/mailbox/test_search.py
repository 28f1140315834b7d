"""`notify.preview.mailbox.search`: the query language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notify import ConfigError
from notify.preview.mailbox import Mail, Query

MAIL = Mail(
    id="a1",
    received=datetime(2026, 11, 30, 12, 0, tzinfo=UTC),
    size=1000,
    message_id="<a@b>",
    subject="Your  Invoice Nº 4711, Straße",
    sender="Acme Shop <shop@acme.example>",
    to="Ada Lovelace <ada@example.com>",
    cc="Zoë <zoe@example.com>",
    snippet="",
    recipients=("ada@example.com", "hidden@example.com"),
    return_path="bounces@acme.example",
    notification="billing.invoice_paid",
    locale="de",
    tags=("Orders", "two words"),
    attachments=("invoice.pdf",),
    has_text=True,
    has_html=False,
)
TEXT = "Dear Ada,\nplease pay\nsoon: https://acme.example/pay?id=1"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("  ", True),
        ("INVOICE", True),
        ("invoice 4711", True),
        ('"invoice nº"', True),
        ('"nº invoice"', False),
        ("STRASSE", True),
        ("hidden@example.com", True),
        ("zoë", True),
        ('"please pay soon"', True),
        ('"please pay soon', True),
        ("receipt", False),
        ("-receipt", True),
        ("-invoice", False),
        ('-"please pay"', False),
        ("from:acme", True),
        ("From:ada", False),
        ('from:"acme shop"', True),
        ("to:lovelace", True),
        ("to:hidden", True),
        ("to:zoe", False),
        ("cc:zoe", True),
        ("subject:invoice", True),
        ("subject:pay", False),
        ("-subject:pay", True),
        ("tag:orders", True),
        ("tag:order", False),
        ('tag:"two words"', True),
        ("type:billing.invoice_paid", True),
        ("type:billing.*", True),
        ("type:billing", False),
        ("-type:*", False),
        ("has:attachment", True),
        ("has:attachments", True),
        ("has:html", False),
        ("-has:html", True),
        ("has:wings", False),
        ("after:2026-11-29", True),
        ("after:2026-12-02", False),
        ("before:2026-12-02", True),
        ("before:2026-11-29", False),
        ("after:2026-11-30T12:00:00Z", True),
        ("before:2026-11-30T12:00:00Z", False),
        ("after:2026-11-30T14:00:01+02:00", False),
        ("-after:2026-12-02", True),
        ("https://acme.example/pay?id=1", True),
        ("soon:", True),
        ("re:invoice", False),
        ('subject:""', True),
        ("-", False),
        ("from:", False),
        ("from:acme to:ada invoice -cc:ada", True),
        ("from:acme to:bob", False),
    ],
)
def test_what_a_query_finds(query: str, found: bool) -> None:  # noqa: FBT001 - a column of the table
    """Words and operators find what they say, a minus turns them round, and what is no operator is a word."""
    assert found is Query.parse(query).matches(MAIL, lambda: TEXT)


def test_days_are_those_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A date without a zone begins at the local midnight."""
    import time

    monkeypatch.setenv("TZ", "Pacific/Auckland")  # where it is 1 December already
    time.tzset()

    assert Query.parse("after:2026-12-01").matches(MAIL, str)
    monkeypatch.undo()
    time.tzset()


def test_the_text_is_asked_for_last() -> None:
    """Where a summary decides, no mail is opened."""

    def text() -> str:
        pytest.fail("the text was asked for")

    assert not Query.parse("word subject:no").matches(MAIL, text)
    assert Query.parse("invoice").matches(MAIL, text)


@pytest.mark.parametrize(
    "query",
    ["after:tomorrow", "-before:2026-13-01", 'after:""', "before:30.11.2026", "after:0001-01-01T00:00:00+23:59"],
)
def test_a_wrong_date_is_an_error(query: str) -> None:
    """It says which operator, and what a date looks like."""
    with pytest.raises(ConfigError, match=r"search: (after|before): expected a date such as 2026-11-30"):
        Query.parse(query)
