"""Lists of addresses: whoever reads them finds the same names and addresses, and no more."""

from __future__ import annotations

from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from message.wire import assert_on_the_wire, expected, mailboxes

from notify.addresses import Address
from notify.mime import mailbox_list

# The parser of Python before 3.13.x puts a blank where a long word is cut (python/cpython#128110), hence short words.
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5) | st.text(
    alphabet='ab,;:<>@"\\()=?.[]ä', max_size=12
)
NAMES = st.lists(WORDS, max_size=12).map(" ".join) | st.text(st.characters(max_codepoint=126, min_codepoint=32))
EMAILS = st.sampled_from(["a@x.example", "first.last@mail.example.com", "k" * 64 + "@" + "e" * 60 + ".example"])


def read(field: str) -> EmailMessage:
    """The field in a message of its own."""
    assert_on_the_wire(f"{field}\r\n".encode(), eight_bit=False)
    parsed = message_from_string(field, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_forms() -> None:
    """Atoms stay bare, other ASCII is quoted, all else is encoded; commas stay commas."""
    given_addresses = [
        Address("a@x.example"),
        Address("b@x.example", "Kim Park"),
        Address("c@x.example", 'Park, "Kim"'),
        Address("d@x.example", "Zoë Kim"),
    ]

    assert mailbox_list("To", given_addresses) == (
        'To: a@x.example, Kim Park <b@x.example>, "Park, \\"Kim\\"" <c@x.example>,\r\n'
        " =?utf-8?q?Zo=C3=AB_Kim?= <d@x.example>\r\n"
    )


def test_many() -> None:
    """Five hundred recipients are folded after commas."""
    many = [Address(f"recipient.{number}@example.com", "Kim") for number in range(500)]

    field = mailbox_list("To", many)

    assert max(map(len, field.split("\r\n"))) <= 78
    assert expected(*many) == mailboxes(read(field), "To")


def test_long_address() -> None:
    """The longest address stands in one piece, beside the header's name or alone on a line."""
    email = "k" * 64 + "@" + ("e" * 60 + ".") * 2 + "e" * 59 + ".example"
    long = [Address(email), Address(email, "Kim"), Address(email, "Kim Park " * 120), Address(email)]

    field = mailbox_list("To", long)

    assert field.startswith(f"To: {email},\r\n Kim\r\n <{email}>,\r\n =?utf-8?q?Kim")
    assert expected(*long) == mailboxes(read(field), "To")


@pytest.mark.parametrize("name", ['"' * 800, "\\" * 449 + ",", ", " * 450, "k" * 901, "k" * 900])
def test_long_names(name: str) -> None:
    """However long a name is when it is quoted, no line is longer than it may be."""
    address = Address("kim@example.com", name)

    ((found, email),) = mailboxes(read(mailbox_list("Reply-To", [address])), "Reply-To")

    assert (name.replace(" ", ""), "kim@example.com") == (found.replace(" ", ""), email)


def test_international() -> None:
    """A local part that is not ASCII stays as it is."""
    assert "To: zoë@x.example\r\n" == mailbox_list("To", [Address("zoë@x.example")])


@given(st.lists(st.tuples(NAMES, EMAILS), min_size=1, max_size=6), st.sampled_from(["To", "Reply-To"]))
def test_any_names(pairs: list[tuple[str, str]], header: str) -> None:
    """Whatever the names, a reader finds exactly these names and addresses."""
    given_addresses = [Address(email, name) for name, email in pairs]

    assert expected(*given_addresses) == mailboxes(read(mailbox_list(header, given_addresses)), header)
