"""One message on its way: the envelope, and the octets in the form that a server can take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify import DeliveryError, Message
    from notify_smtp.signing import Signer


class Serialise(Protocol):
    """Writes the message as RFC 5322 with CRLF; `Message.as_bytes` is one."""

    def __call__(self, *, eight_bit: bool = False, smtputf8: bool = False) -> bytes:
        """The octets, for a server with or without 8BITMIME and SMTPUTF8."""
        ...


@dataclass(slots=True, eq=False)
class Submission:
    """What one mail transaction needs.

    Attributes:
        sender: the envelope's sender.
        recipients: the envelope's recipients.
        serialise: gives the octets.
        author: the address in From, for messages about it.
        smtputf8: an address needs a server with SMTPUTF8 (RFC 6531).
        message_id: the Message-ID, for the receipt.
        delivery: whether it may be offered again when it is not known whether it was taken; see `Message`.
    """

    sender: str
    recipients: tuple[str, ...]
    serialise: Serialise
    author: str = ""
    smtputf8: bool = False
    message_id: str = ""
    delivery: str = "at_most_once"
    _octets: dict[bool, bytes] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, message: Message, signer: Signer | None = None) -> Submission:
        """The submission of a message to all of its envelope, signed if there is somebody to do that.

        Raises:
            TransportConfigError: it cannot be signed.
        """
        envelope = message.envelope
        return cls(
            sender=envelope.sender,
            recipients=envelope.recipients,
            serialise=message.as_bytes if signer is None else signer.serialiser(message),
            author=message.sender.email,
            smtputf8=message.needs_smtputf8,
            message_id=message.message_id,
            delivery=message.delivery,
        )

    def octets(self, *, eight_bit: bool) -> bytes:
        """The message; written once for each kind of server, however often it is asked for."""
        if eight_bit not in self._octets:
            self._octets[eight_bit] = self.serialise(eight_bit=eight_bit, smtputf8=self.smtputf8)
        return self._octets[eight_bit]


class Delivered(NamedTuple):
    """The server's yes: its answer to the final dot, its own id of the message, and whom it had refused before."""

    response: str
    provider_id: str | None
    rejected: Mapping[str, DeliveryError]
