"""What an environment does to messages: redirect, allow, prefix."""

from __future__ import annotations

import pytest

from notify.addresses import Address, addresses
from notify.configuration import Policy
from notify.errors import RefusedError
from notify.message import Message

QA = Address("qa@acme.example")


def message(
    *, to: list[str], cc: list[str] | None = None, bcc: list[str] | None = None, only: tuple[str, ...] = ()
) -> Message:
    """A message to some people."""
    return Message(
        sender=Address("hello@acme.example"),
        to=addresses(to),
        cc=addresses(cc),
        bcc=addresses(bcc),
        only=only,
        subject="Hi",
        text="Hello\n",
        headers=(("X-Ticket", "1"),),
    )


def header(message: Message, name: str) -> str | None:
    """An extra header of the message."""
    return dict(message.headers).get(name)


def test_without_rules_a_message_is_left_alone() -> None:
    """It is the very same object."""
    original = message(to=["a@example.com"])

    assert Policy().apply(original) is original


def test_every_recipient_is_redirected() -> None:
    """One message of one; the originals, blind ones too, stand in X-Original-To."""
    original = message(to=["a@example.com", "b@example.com"], cc=["c@x.example"], bcc=["d@x.example"])
    left = Policy(redirect_to=QA).apply(original)

    assert left.envelope.recipients == ("qa@acme.example",)
    assert (left.to, left.cc, left.bcc) == ((QA,), (), ())
    assert header(left, "X-Original-To") == "a@example.com, b@example.com, c@x.example, d@x.example"
    assert header(left, "X-Ticket") == "1"


def test_allowed_recipients_stay() -> None:
    """Globs hold on whole addresses, whatever the case; the rest is redirected."""
    policy = Policy(redirect_to=QA, allow=("*@ACME.example",))
    left = policy.apply(message(to=["Dev@acme.example", "a@example.com"], cc=["lead@acme.example"]))

    assert left.envelope.recipients == ("Dev@acme.example", "qa@acme.example", "lead@acme.example")
    assert header(left, "X-Original-To") == "a@example.com"


def test_a_message_to_allowed_recipients_only_is_left_alone() -> None:
    """Nothing is redirected, so nothing is noted."""
    original = message(to=["dev@acme.example"])

    assert Policy(redirect_to=QA, allow=("*@acme.example",)).apply(original) is original


def test_who_had_a_blind_copy_is_not_told_to_those_who_still_get_the_message() -> None:
    """The header would give it away."""
    policy = Policy(redirect_to=QA, allow=("dev@acme.example",))
    left = policy.apply(message(to=["dev@acme.example"], bcc=["secret@x.example"]))

    assert left.envelope.recipients == ("dev@acme.example", "qa@acme.example")
    assert b"secret@x.example" not in left.as_bytes()


def test_a_glob_holds_on_the_whole_address() -> None:
    """`acme.example` alone allows nobody, nor does a domain that only ends alike."""
    assert not Policy(allow=("acme.example",)).allows(QA)
    assert not Policy(allow=("*@acme.example",)).allows(Address("a@acme.example.evil.example"))


def test_without_redirect_others_are_refused() -> None:
    """Nothing is dropped in silence."""
    policy = Policy(allow=("*@acme.example",))
    with pytest.raises(RefusedError, match=r"a@example\.com is not among those") as caught:
        policy.apply(message(to=["dev@acme.example", "a@example.com"]))

    assert caught.value.recipient == "a@example.com"
    assert policy.apply(message(to=["dev@acme.example"])).to == (Address("dev@acme.example"),)


def test_an_empty_list_allows_nobody() -> None:
    """Whoever empties the list does not mean everybody."""
    with pytest.raises(RefusedError, match="allows \\(nobody\\)"):
        Policy(allow=()).apply(message(to=["a@example.com"]))


def test_the_subject_is_marked_once() -> None:
    """Applying the policy twice changes nothing more."""
    policy = Policy(subject_prefix="[staging] ", redirect_to=QA)
    left = policy.apply(message(to=["a@example.com"]))

    assert left.subject == "[staging] Hi"
    assert policy.apply(left).subject == "[staging] Hi"


@pytest.mark.parametrize(
    "original",
    [
        message(to=["a@example.com"], bcc=["secret@x.example"]),
        message(to=["dev@acme.example", "a@example.com"], cc=["b@example.com"]),
        message(to=["a@example.com"], cc=["QA <qa@acme.example>"]),
        message(to=[], bcc=["qa@acme.example", "secret@x.example"]),
    ],
)
def test_what_was_redirected_stays_as_it_is(original: Message) -> None:
    """When it comes again, it goes to the same people and still says whom it was for."""
    policy = Policy(redirect_to=QA, allow=("dev@acme.example",))
    left = policy.apply(original)

    assert "qa@acme.example" in left.envelope.recipients
    assert header(left, "X-Original-To")
    assert policy.apply(left) is left


@pytest.mark.parametrize(
    ("only", "recipients"),
    [
        (("a@example.com",), ("qa@acme.example",)),
        (("a@example.com", "secret@x.example"), ("qa@acme.example",)),
        (("dev@acme.example",), ("dev@acme.example",)),
        (("secret@x.example", "dev@acme.example"), ("dev@acme.example", "qa@acme.example")),
    ],
)
def test_a_message_for_some_is_redirected_for_those(only: tuple[str, ...], recipients: tuple[str, ...]) -> None:
    """One copy for all of them who are not allowed, none for the others; its octets are those that all would get."""
    policy = Policy(redirect_to=QA, allow=("dev@acme.example",))
    whole = message(to=["a@example.com", "dev@acme.example"], cc=["b@example.com"], bcc=["secret@x.example"])
    left = policy.apply(whole.replace(only=only))

    assert recipients == left.envelope.recipients
    assert policy.apply(whole).as_bytes() == left.as_bytes()
    assert policy.apply(left) is left


def test_a_message_for_allowed_people_only_is_left_alone() -> None:
    """Nobody is redirected, so that it stays for whom it is."""
    original = message(to=["dev@acme.example", "qa@acme.example"], only=("dev@acme.example",))

    assert Policy(redirect_to=QA, allow=("*@acme.example",)).apply(original) is original


def test_who_does_not_get_the_message_need_not_be_allowed() -> None:
    """It may stand in the header: those whom the message is for count."""
    policy = Policy(allow=("*@acme.example",))
    original = message(to=["dev@acme.example", "a@example.com"], only=("dev@acme.example",))

    assert policy.apply(original) is original
    with pytest.raises(RefusedError, match=r"a@example\.com is not among those"):
        policy.apply(original.replace(only=("a@example.com",)))
