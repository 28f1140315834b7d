"""The strict reader of what we write: it finds these addresses, or nothing at all."""

from __future__ import annotations

import pytest
from bounded import bounded

from notify.addresses import Address
from notify.errors import MessageError
from notify.mime import mailbox_list
from notify.mime.readback import emails_of


@pytest.mark.parametrize(
    ("field", "emails"),
    [
        ("To: a@x.example\r\n", ["a@x.example"]),
        ("To: Kim Park <a@x.example>, b@[192.0.2.1]\r\n", ["a@x.example", "b@[192.0.2.1]"]),
        ('To: "evil@evil.example, \\"Kim\\"" <a@x.example>\r\n', ["a@x.example"]),
        ("To: =?utf-8?q?Zo=C3=AB?=\r\n =?utf-8?b?w6s=?= <a@x.example>\r\n", ["a@x.example"]),
        ("To: Kim <a@x.example>,\r\n b@localhost\r\n", ["a@x.example", "b@localhost"]),
        ("To: zoë@x.example\r\n", ["zoë@x.example"]),
        ("To: a=b?c@x.example\r\n", ["a=b?c@x.example"]),
    ],
)  # fmt: skip
def test_reads_what_we_write(field: str, emails: list[str]) -> None:
    """Names of each form, folded or not, are no addresses, whatever they hold."""
    assert emails == emails_of(field)


@pytest.mark.parametrize(
    "value",
    [
        "Park, Kim <a@x.example>",
        "evil@evil.example <a@x.example>",
        "a@x.example,b@x.example",
        "a@x.example,",
        "a@x.example b@x.example",
        "a@x.example\r\nBcc: b@x.example",
        "Friends: a@x.example;",
        "<@y.example:a@x.example>",
        "a(b)@x.example",
        "=?utf-8?q?evil=40evil.example=2C?=@example.com",
        "=?utf-8?q?evil=40evil.example=2C? Kim <a@x.example>",
        "=?utf-8?q?Kim?= Park <a@x.example>",
        '"Kim" Park <a@x.example>',
        '"Kim <a@x.example>',
        '"Kim\\" <a@x.example>',
        "Zoë <a@x.example>",
    ],
)
def test_reads_nothing_else(value: str) -> None:
    """Where two readers could see two things, or a list was cut or lengthened, there is no answer."""
    assert emails_of(f"To: {value}\r\n") is None


def test_what_reads_otherwise_is_not_sent() -> None:
    """An address that was changed after it was checked does not become two."""
    forged = Address("kim@x.example")
    object.__setattr__(forged, "email", "kim@x.example, eve@x.example")

    with pytest.raises(MessageError, match=r"header To: as written, .* nothing is sent"):
        mailbox_list("To", [forged])


@pytest.mark.parametrize("character", ["a ", '"', "\\", "@", "=?utf-8?q?", "=?utf-8?q?a?= ", "<", ", ", "a=", '\\"'])
def test_linear(character: str) -> None:
    """A hundred thousand of anything are read, or refused, in less than a second."""
    with bounded(1):
        for before, after in (("", ""), ('"', ""), ("", " <a@x.example>"), ("a", "@x.example")):
            emails_of(f"To: {before}{character * 100_000}{after}\r\n")
