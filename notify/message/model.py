"""The message and its envelope, as values."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notify.addresses import Address, addresses
from notify.errors import AddressError
from notify.frozen import FrozenMapping
from notify.message.checks import (
    as_attachments,
    check_boundary,
    check_headers,
    check_message_id,
    check_subject,
    check_text,
    in_utc,
)
from notify.message.compose import compose
from notify.message.labels import as_metadata, as_tags, check_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.message.attachment import Attachment


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a server is told to take the message from and to: SMTP's sender and recipients, apart from the content.

    Both are bare addresses (RFC 5321, section 2.3.1); `recipients` holds each one once.
    """

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A rendered mail: what its reader sees, whom it goes to, and what transports want to know of it.

    What could forge a header or break the mail is refused here, so that whatever carries a message can trust it.

    Attributes:
        sender: the From address.
        to: the recipients that all see.
        subject: one line of text in any script.
        text: the plain text; any kind of line break.
        html: the HTML; sent beside the text, or alone.
        cc: further recipients that all see.
        bcc: recipients that nobody sees: they are in the envelope only.
        reply_to: where answers go, if not to the sender.
        headers: extra headers as (name, value) pairs, or a mapping; none that notify writes itself, none twice.
        attachments: files, and what the HTML shows as `cid:...`.
        tags: words that a provider files the message under; one, or several.
        metadata: what a provider is to report back with its events: text by name, kept as a read-only copy.
        return_path: where bounces go, if not to the sender.
        notification: the id of the definition that it was rendered from.
        category: the definition's category; without `marketing`, the mail says `Auto-Submitted` (RFC 3834).
        locale: the locale that it was rendered for.
        message_id: `<left@right>`; made up at the sender's domain if left out.
        date: an aware time, kept in UTC and whole seconds; now, if left out.
        boundary: what begins the boundaries of the parts; made up if left out.

    Raises:
        AddressError: a header's name or value, or an address, cannot be used.
        MessageError: another attribute is of the wrong kind, or a body cannot be encoded.
    """

    sender: Address
    to: tuple[Address, ...] = ()
    subject: str
    text: str | None = None
    html: str | None = None
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=FrozenMapping, hash=False)
    return_path: Address | None = None
    notification: str | None = None
    category: str | None = None
    locale: str | None = None
    message_id: str = ""
    date: datetime = field(default_factory=_now)
    boundary: str = ""

    def __post_init__(self) -> None:
        self._read_addresses()
        if not (self.to or self.cc or self.bcc):
            raise AddressError("a message needs a recipient: give to=, cc= or bcc=")
        check_subject(self.subject)
        if self.headers != ():
            object.__setattr__(self, "headers", check_headers(self.headers or ()))
        if self.text is not None:
            check_text("text", self.text)
        if self.html is not None:
            check_text("HTML", self.html)
        if self.attachments != ():
            object.__setattr__(self, "attachments", as_attachments(self.attachments))
        self._read_labels()
        self._fill()

    def _read_addresses(self) -> None:
        """Take addresses in any form that an Address can be made of, as `Notifier.send` does."""
        for name in ("sender", "return_path"):
            one: Any = getattr(self, name)
            if type(one) is not Address and (one is not None or name == "sender"):
                object.__setattr__(self, name, Address.of(one))
        for name in ("to", "cc", "bcc", "reply_to"):
            some: Any = getattr(self, name)
            if some != () and not (type(some) is tuple and all(type(one) is Address for one in some)):
                object.__setattr__(self, name, addresses(some))

    def _read_labels(self) -> None:
        """Take one tag for several, and hold on to nothing that the caller can change."""
        if self.tags != ():
            object.__setattr__(self, "tags", as_tags(self.tags))
        if self.metadata or type(self.metadata) is not FrozenMapping:
            object.__setattr__(self, "metadata", as_metadata(self.metadata))
        for name in ("notification", "category", "locale"):
            if (word := getattr(self, name)) is not None:
                check_word(name, word)

    def _fill(self) -> None:
        """Fix all that would else differ each time the message is written."""
        object.__setattr__(self, "date", in_utc(self.date))
        chance = "" if self.message_id and self.boundary else os.urandom(24).hex()
        if self.message_id:
            check_message_id(self.message_id)
        else:
            object.__setattr__(self, "message_id", f"<{chance[:32]}@{self.sender.domain}>")
        if self.boundary:
            check_boundary(self.boundary)
        else:
            object.__setattr__(self, "boundary", f"=_{chance[32:]}")

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address of the headers and the envelope."""
        bounces = () if self.return_path is None else (self.return_path,)
        return (self.sender, *self.to, *self.cc, *self.bcc, *self.reply_to, *bounces)

    @property
    def envelope(self) -> Envelope:
        """The bounce address (or the sender), and each of `to`, `cc` and `bcc` once, in that order."""
        recipients = dict.fromkeys(address.email for address in (*self.to, *self.cc, *self.bcc))
        return Envelope((self.return_path or self.sender).email, tuple(recipients))

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it: some address has a local part that is not ASCII."""
        return not all(address.email.isascii() for address in self.addresses)

    def replace(self, **changes: Any) -> Message:
        """The same message with some attributes changed; Message-ID and Date stay unless they are among them.

        Raises:
            AddressError, MessageError: as when a message is built.
        """
        return dataclasses.replace(self, **changes)

    def as_bytes(self, *, eight_bit: bool = False, smtputf8: bool = False) -> bytes:
        """The message as it is sent (RFC 5322, with CRLF).

        The octets are the same each time, as long as the file at an attachment's `path` is; `Notifier.render` puts the
        file's content into the message instead.

        Args:
            eight_bit: whether the server offers 8BITMIME (RFC 6152); bodies are 7-bit without it.
            smtputf8: whether it offers SMTPUTF8 (RFC 6531); then such an address stands in the header in UTF-8.

        Raises:
            RefusedError: an address needs SMTPUTF8, and it is not offered.
            ConfigError: an attachment cannot be read.
            MessageError: an invitation is not text, or an address field does not read back as it should.
        """
        return compose(self, eight_bit=eight_bit, smtputf8=smtputf8)
