"""Lists of addresses in a header (RFC 5322, section 3.4): a comma stays a comma, a name stays a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.errors import MessageError
from notify.mime.readback import emails_of
from notify.mime.words import MAX_LINE, encoded_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.addresses import Address

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_ADDRESS = r"[A-Za-z0-9!#$%&'*+/^_`{|}~.-]++@[a-z0-9.-]++"
_UNMISTAKABLE = re.compile(rf"(?:(?:[A-Za-z0-9!#$%&'*+/^_`{{|}}~-]++ )++<{_ADDRESS}>|{_ADDRESS})\Z")
"""Words, then an address, with nothing in them that means anything in a list of addresses or in an encoded word."""
_PRINTABLE = re.compile(r"[ -~]*\Z")
_LONGEST_PLAIN_NAME = 900
"""Octets as it is written, quotes included. A long name in ASCII rather makes a long line than encoded words: not all
readers join those well."""


def mailbox_list(name: str, addresses: Sequence[Address]) -> str:
    """The field `name` with these addresses, folded after commas where it can be, ended by CRLF.

    A local part that is not ASCII is written as it is, in UTF-8 (RFC 6532). What was written is read back before it is
    used.

    Raises:
        MessageError: it does not read as these addresses and no others: one was not checked, or this is a fault here.
    """
    if len(addresses) == 1 and (field := _plain(name, addresses[0])):
        return field
    field = _written(name, addresses)
    if emails_of(field) != [address.email for address in addresses]:
        raise MessageError(
            f"header {name}: as written, {field!r:.200} does not read as the addresses that were given, so nothing is "
            "sent; this is a fault of notify, unless an Address was changed after it was made"
        )
    return field


def _plain(name: str, address: Address) -> str:
    """The field of one address that can be read in one way only, as it is written here; empty for any other."""
    mailbox = f"{address.name} <{address.email}>" if address.name else address.email
    return f"{name}: {mailbox}\r\n" if len(name) + len(mailbox) <= MAX_LINE - 2 and _UNMISTAKABLE.match(mailbox) else ""


def _written(name: str, addresses: Sequence[Address]) -> str:
    room = MAX_LINE - len(name) - 2
    mailboxes = [_tokens(address.name, address.email, room) for address in addresses]
    for tokens in mailboxes[:-1]:
        tokens[-1] += ","
    lines, line = [], f"{name}:"
    for number, tokens in enumerate(mailboxes):
        whole = " ".join(tokens)
        if len(line) + 1 + len(whole) <= MAX_LINE:
            line += f" {whole}"
            continue
        # The first mailbox begins beside the header's name, any other on a line of its own.
        for position, token in enumerate(tokens if number == 0 or 1 + len(whole) > MAX_LINE else [whole]):
            if (number and not position) or (position and len(line) + 1 + len(token) > MAX_LINE):
                lines.append(line)
                line = ""
            line += f" {token}"
    return "\r\n".join([*lines, line, ""])


def _tokens(name: str, email: str, room: int) -> list[str]:
    """What may stand on a line of its own: the name's words, then the address."""
    if not name:
        return [email]
    if _PRINTABLE.match(name) and "=?" not in name:
        plain = name if _ATOMS.match(name) else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if len(plain) <= _LONGEST_PLAIN_NAME:
            return [plain, f"<{email}>"]
    return [*encoded_words(name, room), f"<{email}>"]
