"""Transports in one line."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.dsn import Dsn, is_dsn
from notify.errors import ConfigError


def test_all_parts() -> None:
    """Each part is found, and percent signs are decoded."""
    dsn = Dsn.parse("smtp+starttls://apikey:S%2FG@127.0.0.1:2525/x%20y?timeout=10&ca_file=/a")

    assert dsn == Dsn(
        "smtp", "starttls", "apikey", "S/G", "127.0.0.1", 2525, "/x y", {"timeout": "10", "ca_file": "/a"}
    )


@pytest.mark.parametrize(
    "text", ["memory:", "null:", "console:", "file:///tmp/mail", "sendgrid://KEY@default", "sendgrid_api://KEY@default"]
)
def test_the_short_forms(text: str) -> None:
    """A scheme alone is enough."""
    assert is_dsn(text)
    assert Dsn.parse(text).scheme == text.partition(":")[0]


def test_an_ipv6_host() -> None:
    """Brackets go."""
    assert Dsn.parse("smtp://[::1]:25").host == "::1"


def test_groups_nest() -> None:
    """Members are names or DSNs, and a group may hold a group."""
    dsn = Dsn.parse("failover(sendgrid roundrobin(a b)  smtp://h:25)")

    assert dsn.scheme == "failover"
    assert dsn.members == ("sendgrid", "roundrobin(a b)", "smtp://h:25")


def test_upper_case_schemes_are_taken() -> None:
    """As in any URL."""
    assert Dsn.parse("SMTP+STARTTLS://h").scheme == "smtp"
    assert Dsn.parse("FAILOVER(a b)").scheme == "failover"


@pytest.mark.parametrize(
    "text", ["my-smtp://u:pw@h", "smtp//u:pw@h", "failover(smtp://u:pw@h", "smtp://u:pw@h:x", " x://u:pw@h"]
)
def test_what_looks_like_a_dsn_is_never_a_name(text: str) -> None:
    """An error about an unknown name would show the password."""
    with pytest.raises(ConfigError) as caught:
        Dsn.parse(text)

    assert is_dsn(text)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("text", ["sendgrid", "my-ses", "file"])
def test_a_name_is_no_dsn(text: str) -> None:
    """A word names a configured transport."""
    assert not is_dsn(text)


@pytest.mark.parametrize(
    "text",
    ["nothing", "smtp://h:port", "smtp://h?timeout", "smtp://h?a=1&a=2", "failover()", "failover(a (b)", "smtp://[::1"],
)
def test_a_wrong_dsn_is_one_clear_error(text: str) -> None:
    """A typo never comes as a ValueError of the standard library."""
    with pytest.raises(ConfigError):
        Dsn.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "sendgrid://SG.secret@default:x",
        "smtp://user:2525#SG.secret@mail.example.com",
        "smtp://user:SG.secret%@mail.example.com",
        "smtp://user:SG.secret%zz@mail.example.com",
        "smtp://user:SG.secret\t1@mail.example.com",
        "smtp://user:2525?SG.secret@mail.example.com",
        "smtp://user:SG.secret@mail.example.com:0",
        "smtp://user:SG.secret@mail.example.com#",
    ],
)
def test_a_wrong_dsn_is_never_repeated(text: str) -> None:
    """It may hold a key; and a character that has to be escaped never makes a user into a host."""
    with pytest.raises(ConfigError) as caught:
        Dsn.parse(text)

    assert "SG.secret" not in str(caught.value)
    assert "2525" not in str(caught.value)


def test_a_secret_is_not_shown() -> None:
    """Neither the user nor the password is in the words of a DSN."""
    assert "SG.secret" not in repr(Dsn.parse("sendgrid://SG.secret@default"))


@given(st.text())
def test_any_text_is_a_dsn_or_a_config_error(text: str) -> None:
    """No text makes anything else happen."""
    with contextlib.suppress(ConfigError):
        Dsn.parse(text)
