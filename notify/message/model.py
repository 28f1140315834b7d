"""The message and its envelope, as values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.addresses import Address, addresses
from notify.errors import AddressError
from notify.message.checks import (
    as_attachments,
    check_boundary,
    check_headers,
    check_message_id,
    check_subject,
    encoded,
    in_utc,
)
from notify.message.compose import compose
from notify.message.identity import chance, now
from notify.message.labels import (
    DELIVERIES,
    NO_METADATA,
    NO_OPTIONS,
    as_metadata,
    as_options,
    as_tags,
    check_delivery,
    check_word,
)
from notify.message.only import as_only
from notify.wire import WireText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from notify.addresses import AddressLike
    from notify.message.attachment import Attachment

    People = AddressLike | Iterable[AddressLike] | None


class Envelope(NamedTuple):
    """Who a server is told to take the message from and to: SMTP's sender and recipients, apart from the content.

    Both are bare addresses (RFC 5321, section 2.3.1); `recipients` holds each one once.
    """

    sender: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, init=False)
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
        only: bare addresses of those of `to`, `cc` and `bcc` whom the message is for, where the others have it already;
            empty for all. It narrows the envelope, in whose order it is kept; the octets stay the same.
        reply_to: where answers go, if not to the sender.
        headers: extra headers as (name, value) pairs, or a mapping; none that notify writes itself, none twice.
        attachments: files, and what the HTML shows as `cid:...`.
        tags: words that a provider files the message under; one, or several.
        metadata: what a provider is to report back with its events: text by name, kept as a read-only copy.
        options: what one provider only understands: values by name, by the provider's name, as a read-only copy.
        delivery: `at_least_once` if the message may be offered again, here or through another transport, when it is not
            known whether it was taken; `at_most_once` if not.
        return_path: where bounces go, if not to the sender.
        notification: the id of the definition that it was rendered from.
        category: the definition's category; without `marketing`, the mail says `Auto-Submitted` (RFC 3834).
        locale: the locale that it was rendered for.
        message_id: `<left@right>`; made up at the sender's domain if left out.
        date: an aware time, kept in UTC and whole seconds; now, if left out.
        boundary: what begins the boundaries of the parts; made up if left out.
        octets: the text and the HTML in UTF-8, as they were given.

    Raises:
        AddressError: a header's name or value, or an address, cannot be used.
        MessageError: another attribute is of the wrong kind, or a body cannot be encoded; `only` names somebody else.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str | None
    html: str | None
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    only: tuple[str, ...]
    reply_to: tuple[Address, ...]
    headers: tuple[tuple[str, str], ...]
    attachments: tuple[Attachment, ...]
    tags: tuple[str, ...]
    metadata: Mapping[str, str] = field(hash=False)
    options: Mapping[str, Mapping[str, Any]] = field(hash=False)
    delivery: str
    return_path: Address | None
    notification: str | None
    category: str | None
    locale: str | None
    message_id: str
    date: datetime
    boundary: str
    octets: tuple[bytes | None, bytes | None] = field(init=False, repr=False, compare=False)

    def __init__(  # a mail has many parts
        self,
        *,
        sender: AddressLike,
        to: People = (),
        subject: str,
        text: str | WireText | None = None,
        html: str | WireText | None = None,
        cc: People = (),
        bcc: People = (),
        only: str | Iterable[str] | None = (),
        reply_to: People = (),
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = (),
        attachments: Attachment | Iterable[Attachment] | None = (),
        tags: str | Iterable[str] | None = (),
        metadata: Mapping[str, str] | None = NO_METADATA,
        options: Mapping[str, Mapping[str, Any]] | None = NO_OPTIONS,
        delivery: str = DELIVERIES[0],
        return_path: AddressLike | None = None,
        notification: str | None = None,
        category: str | None = None,
        locale: str | None = None,
        message_id: str = "",
        date: datetime | None = None,
        boundary: str = "",
    ) -> None:
        sender = sender if type(sender) is Address else Address.of(sender)
        # Most of these are nothing, and each call counts: this runs for every message.
        to = _people(to)
        cc = cc if cc == () else _people(cc)
        bcc = bcc if bcc == () else _people(bcc)
        reply_to = reply_to if reply_to == () else _people(reply_to)
        if not (to or cc or bcc):
            raise AddressError("a message needs a recipient: give to=, cc= or bcc=")
        check_subject(subject)
        if notification is not None:
            check_word("notification", notification)
        if category is not None:
            check_word("category", category)
        if locale is not None:
            check_word("locale", locale)
        if delivery is not DELIVERIES[0]:
            check_delivery(delivery)
        if message_id:
            check_message_id(message_id)
        if boundary:
            check_boundary(boundary)
        made_up = "" if message_id and boundary else chance()
        octets = encoded("text", text), encoded("HTML", html)
        # All at once, since a frozen dataclass takes them one by one, each by a call.
        self.__dict__.update(
            sender=sender,
            to=to,
            subject=subject,
            text=text,
            html=html,
            cc=cc,
            bcc=bcc,
            only=() if only == () else as_only(only, (*to, *cc, *bcc)),
            reply_to=reply_to,
            headers=() if headers == () else check_headers(headers or ()),
            attachments=() if attachments == () else as_attachments(attachments),
            tags=() if tags == () else as_tags(tags),
            metadata=NO_METADATA if metadata is NO_METADATA else as_metadata(metadata),
            options=NO_OPTIONS if options is NO_OPTIONS else as_options(options),
            delivery=delivery,
            return_path=return_path if return_path is None else Address.of(return_path),
            notification=notification,
            category=category,
            locale=locale,
            message_id=message_id or f"<{made_up[:32]}@{sender.email.rpartition('@')[2]}>",
            date=now() if date is None else in_utc(date),
            boundary=boundary or f"=_+{made_up[32:]}",
            octets=octets,
        )
        # A body that is at hand in UTF-8 becomes text when somebody looks at it.
        if type(text) is WireText:
            del self.__dict__["text"]
        if type(html) is WireText:
            del self.__dict__["html"]

    if not TYPE_CHECKING:  # pragma: no branch  # else any attribute would be one

        def __getattr__(self, name: str) -> str:
            if name not in {"text", "html"} or "octets" not in self.__dict__:
                raise AttributeError(f"a message has no attribute {name!r}")
            value = self.__dict__[name] = str(self.octets[name == "html"])
            return value

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address of the headers and the envelope."""
        bounces = () if self.return_path is None else (self.return_path,)
        hidden = self.bcc
        if hidden and self.only:
            hidden = tuple(address for address in hidden if address.email in self.only)
        return (self.sender, *self.to, *self.cc, *hidden, *self.reply_to, *bounces)

    @property
    def envelope(self) -> Envelope:
        """The bounce address (or the sender), and each of `to`, `cc` and `bcc` once, in that order.

        Of a message with `only`, those alone.
        """
        recipients = self.only or tuple(dict.fromkeys([address.email for address in (*self.to, *self.cc, *self.bcc)]))
        return Envelope((self.return_path or self.sender).email, recipients)

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it: some address has a local part that is not ASCII."""
        return not "".join([address.email for address in self.addresses]).isascii()

    def replace(self, **changes: Any) -> Message:
        """The same message with some attributes changed; Message-ID and Date stay unless they are among them.

        Raises:
            AddressError, MessageError: as when a message is built.
        """
        return dataclasses.replace(self, **changes)

    def as_bytes(self, *, eight_bit: bool = False, smtputf8: bool = False) -> bytes:
        """The message as it is sent (RFC 5322, with CRLF): WireOctets, which promise that.

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


def _people(given: People) -> tuple[Address, ...]:
    """Addresses in any form that an Address can be made of, as `Notifier.send` takes them."""
    if given == ():
        return ()
    if type(given) is tuple and len(given) == 1 and type(given[0]) is Address:
        return (given[0],)
    return addresses(given)
