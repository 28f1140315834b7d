"""Header fields: folded before blanks, encoded only where they must be."""

from __future__ import annotations

import re
from email import message_from_string, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message.wire import assert_on_the_wire, same

from notify.errors import AddressError
from notify.mime import parameters, structured, unstructured

VALUE = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=300)


def read(field: str) -> str:
    """The value of a field as the standard library reads it."""
    assert_on_the_wire(f"{field}\r\n".encode(), eight_bit=False)
    return str(message_from_string(field, policy=policy.default).values()[0])


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("Welcome  aboard", "Subject: Welcome  aboard\r\n"),
        ("", "Subject: \r\n"),
        ("Tom & Jerry <tj>", "Subject: Tom & Jerry <tj>\r\n"),
        ("Größe", "Subject: =?utf-8?b?R3LDtsOfZQ==?=\r\n"),
        ("Große Freude", "Subject: =?utf-8?q?Gro=C3=9Fe_Freude?=\r\n"),
        ("=?utf-8?q?x?=", "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?=\r\n"),
        ("bell\a", "Subject: =?utf-8?q?bell=07?=\r\n"),
        ("y" * 300, f"Subject: {'y' * 300}\r\n"),
    ],
)
def test_subject(value: str, field: str) -> None:
    """Plain text stays as it is; the rest goes as encoded words."""
    assert field == unstructured("Subject", value)


def test_fold_before_blanks() -> None:
    """A long text is folded before a run of blanks, which stays whole."""
    value = "lorem   ipsum " * 20

    field = unstructured("Subject", value)

    assert max(map(len, field.split("\r\n"))) <= 78
    assert f"Subject: {value.strip()}" == field.replace("\r\n", "")


@pytest.mark.parametrize("value", ["y" * 1000, "a" + " " * 1000 + "b", "ö" * 1000, "a 🎈" * 300])
@pytest.mark.parametrize("name", ["Subject", "X-" + "N" * 70])
def test_no_fold_point(name: str, value: str) -> None:
    """Text that cannot be folded goes as encoded words, beside a long name as beside a short one."""
    field = unstructured(name, value)

    assert max(map(len, field.split("\r\n"))) <= 76
    assert same(value) == same(read(field))


@given(VALUE)
def test_any_text(value: str) -> None:
    """Whatever the text, a reader gets it back."""
    assert same(value.strip(" \t")) == same(read(unstructured("X-Ticket", value)))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=900), st.integers(1, 5))
def test_structured(word: str, times: int) -> None:
    """What programs read is whole after unfolding, even if it looks like an encoded word."""
    value = " ".join([f"=?{word}"] * times)

    field = structured("X-SMTPAPI", value)

    assert f"X-SMTPAPI: {value}\r\n" == re.sub(r"\r\n(?=[ \t])", "", field)
    assert max(map(len, field.split("\r\n"))) <= 998


@pytest.mark.parametrize("value", ["<https://example.com/ä>", "y" * 999, "a\x7f"])
def test_structured_faults(value: str) -> None:
    """What would have to be encoded is refused, with the header's name."""
    with pytest.raises(AddressError, match="header List-Unsubscribe"):
        structured("List-Unsubscribe", value)


@pytest.mark.parametrize(
    ("filename", "field"),
    [
        ("a b.pdf", 'Content-Disposition: attachment;\r\n filename="a b.pdf"\r\n'),
        ('a"b.pdf', "Content-Disposition: attachment;\r\n filename*=utf-8''a%22b.pdf\r\n"),
        ("Größe.pdf", "Content-Disposition: attachment;\r\n filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf\r\n"),
    ],
)
def test_parameters(filename: str, field: str) -> None:
    """A short name in ASCII is quoted, another percent-encoded."""
    assert field == parameters("Content-Disposition", "attachment", filename=filename)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=255))
def test_any_filename(filename: str) -> None:
    """Whatever the name, a reader gets it back, in lines of at most 76."""
    field = parameters("Content-Disposition", "attachment", filename=filename)

    assert max(map(len, field.split("\r\n"))) <= 78
    assert_on_the_wire(f"{field}\r\n".encode(), eight_bit=False)
    assert filename.strip() == (message_from_string(field, policy=policy.compat32).get_filename() or "").strip()
