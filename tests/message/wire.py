"""Reads messages back with the standard library's parser, after looking at the octets themselves."""

from __future__ import annotations

import re
import unicodedata
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.addresses import Address
    from notify.message import Message

ONCE = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")


def read(message: Message, *, eight_bit: bool = False, smtputf8: bool = False) -> EmailMessage:
    """What a reader makes of `message`; the octets have been held against the rules of RFC 5322 and 2047."""
    data = message.as_bytes(eight_bit=eight_bit, smtputf8=smtputf8)
    assert_on_the_wire(data, eight_bit=eight_bit or smtputf8)
    parsed = message_from_bytes(data, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert [] == parsed.defects
    assert "Bcc" not in parsed
    assert all(len(parsed.get_all(name, [])) <= 1 for name in ONCE)
    return parsed


def assert_on_the_wire(data: bytes, *, eight_bit: bool) -> None:
    """No bare CR or LF, no NUL, no long line, no octet above 127 unless allowed; encoded words within their limits."""
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == data.count(b"\r") == data.count(b"\n")
    assert b"\0" not in data
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert eight_bit or data.isascii()
    head = data.partition(b"\r\n\r\n")[0].decode()
    for line in head.split("\r\n"):
        assert line.strip(" \t")
        words = re.findall(r"=\?utf-8\?[bq]\?[!->@-~]*\?=", line)
        assert all(len(word) <= 75 for word in words)
        assert len(line) <= 76 or not words
    assert_structure(head)


def assert_structure(head: str) -> None:
    """Each line of the head is a field or goes on with one."""
    assert all(re.match(r"[!-9;-~]+:( |$)|[ \t]", line) for line in head.split("\r\n"))


def mailboxes(parsed: EmailMessage, header: str) -> list[tuple[str, str]]:
    """The names and addresses of a header, names without differences in blanks of any script."""
    return [(_name(each.display_name), each.addr_spec) for each in parsed[header].addresses]


def expected(*addresses: Address) -> list[tuple[str, str]]:
    """What `mailboxes` gives for these."""
    return [(_name(each.name), each.email) for each in addresses]


def same(text: str) -> str:
    """`text` without what may differ in a header: composition and runs of blanks."""
    return re.sub(r"[ \t]+", " ", unicodedata.normalize("NFC", text)).strip(" ")


def lines(text: str) -> str:
    """`text` without what may differ in a body: composition, the kind of line break, breaks at the end."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def part(parsed: EmailMessage, *path: int) -> EmailMessage:
    """The part at `path`, such as 0, 1: the second part of the first part."""
    for position in path:
        inner = list(parsed.iter_parts())[position]
        assert isinstance(inner, EmailMessage)
        parsed = inner
    return parsed


def text_of(parsed: EmailMessage, kind: str = "plain") -> str:
    """The decoded text of the `plain` or `html` part."""
    body = parsed.get_body((kind,))
    assert body is not None
    payload = body.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode(body.get_content_charset("missing"))


def _name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
