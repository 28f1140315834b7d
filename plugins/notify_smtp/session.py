"""One session with a server, from login to goodbye."""

from __future__ import annotations

import contextlib
import re
import time
from typing import TYPE_CHECKING

from notify.errors import DeliveryError
from notify.message import WireOctets
from notify_smtp import opening
from notify_smtp.deadline import Deadline
from notify_smtp.faults import GarbledError, LostError
from notify_smtp.transaction import Transaction
from notify_smtp.transcript import Transcript

if TYPE_CHECKING:
    import ssl

    from notify.errors import RefusedError
    from notify_smtp.conversation import Conversation
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.replies import Interpreter
    from notify_smtp.submission import Submission

_ALL_BUT_BREAKS = bytes(set(range(256)) - set(b"\r\n"))
_IDLE = 5.0
_SECONDS_FOR_QUIT = 2.0


class Session:
    """A session, logged in. Use `Session.open`.

    Attributes:
        talk: the conversation.
        endpoint: where it is, and how much it may carry.
        features: what the server offers: keyword to arguments.
        pipelining: whether commands may be written before earlier ones are answered (RFC 2920).
        id_pattern: where the answer to a message has the provider's own id.
        sent: how many messages it carried.
        unfinished: a transaction was begun, and not completed.
        idle_since: when it was last given back, on the monotonic clock.
    """

    def __init__(self, talk: Conversation, features: opening.Features, endpoint: Endpoint) -> None:
        self.talk = talk
        self.features = features
        self.pipelining = "PIPELINING" in features
        self.endpoint = endpoint
        self.id_pattern = re.compile(endpoint.provider_id)
        self.sent = 0
        self.unfinished = False
        self.idle_since = time.monotonic()
        self._opening = talk.transcript

    @classmethod
    def open(cls, endpoint: Endpoint, interpreter: Interpreter, context: ssl.SSLContext, deadline: Deadline) -> Session:
        """Connect, start TLS and log in.

        Raises:
            DeliveryError: one of them failed; nothing was sent.
        """
        talk = opening.connect(endpoint, interpreter, deadline)
        try:
            with talk.border():
                return cls(talk, opening.begin(talk, endpoint, context), endpoint)
        except BaseException as error:
            talk.connection.close()
            if talk.transcript is not None and isinstance(error, DeliveryError):
                talk.transcript.attach([error])
            raise

    @property
    def usable(self) -> bool:
        """Whether another message can be offered."""
        return self.talk.usable

    def has_room(self, for_messages: int = 1) -> bool:
        """Whether it may carry so many messages more."""
        return self.sent + for_messages <= self.endpoint.messages_per_connection

    def transaction(self, submission: Submission, recipients: tuple[str, ...]) -> Transaction:
        """A transaction that carries a submission to some of its recipients; nothing is said yet.

        Raises:
            RefusedError: this server cannot take it.
        """
        octets, options = self._prepare(submission)
        interpreter = self.talk.interpreter
        interpreter.check("mail", submission.sender)
        for recipient in recipients:
            interpreter.check("rcpt", recipient)
        return Transaction(
            self.talk, submission, recipients, octets=octets, options=options, pipelining=self.pipelining,
            transcript=self._transcript(),
        )  # fmt: skip

    def ready(self, deadline: Deadline) -> bool:
        """Whether the session, used before, can take another message; asks the server where that is not certain."""
        self.talk.connection.deadline = deadline
        if not self.usable or self.talk.connection.stirs():
            return False
        idle = time.monotonic() - self.idle_since > _IDLE
        if not self.unfinished and not idle:
            return True
        self.talk.phase = "reset"
        try:
            reply = self.talk.ask("RSET" if self.unfinished else "NOOP")
        except (LostError, GarbledError):
            return False
        self.unfinished = False
        return reply.positive

    def quit(self) -> None:
        """Say goodbye, whatever comes of it: a message that was taken stays taken."""
        try:
            if self.usable:
                self.talk.phase = "quit"
                self.talk.connection.deadline = Deadline(_SECONDS_FOR_QUIT)
                with contextlib.suppress(LostError, GarbledError):
                    self.talk.ask("QUIT")
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Close the connection without a word."""
        self.talk.give_up()
        self.talk.connection.close()

    def _transcript(self) -> Transcript | None:
        """Where a transaction is noted, if it is; the first one behind how the session began."""
        if not self.endpoint.transcript:
            return None
        opening, self._opening = self._opening, None
        return opening or Transcript(self.talk.interpreter.scrub)

    def _prepare(self, submission: Submission) -> tuple[bytes, str]:
        """The octets as this server can take them, and what MAIL says about them.

        Raises:
            RefusedError: it cannot take them at all.
        """
        if submission.smtputf8 and "SMTPUTF8" not in self.features:
            raise self._refused(
                "an address has letters outside ASCII before the @, and the server does not offer SMTPUTF8"
            )
        eight_bit = "8BITMIME" in self.features
        octets = submission.octets(eight_bit=eight_bit)
        if not octets.endswith(b"\r\n") or not (type(octets) is WireOctets or _has_crlf_only(octets)):
            raise self._refused("the message has a bare CR or LF, or no line break at its end")
        options = ""
        if "SIZE" in self.features:
            limit = next((int(word) for word in self.features["SIZE"] if word.isdecimal()), 0)
            if 0 < limit < len(octets):
                raise self._refused(f"the message's size is {len(octets)} octets, and the server takes {limit}")
            options += f" SIZE={len(octets)}"
        if eight_bit and not octets.isascii():
            options += " BODY=8BITMIME"
        return octets, options + (" SMTPUTF8" if submission.smtputf8 else "")

    def _refused(self, reason: str) -> RefusedError:
        return self.talk.interpreter.refused("mail", reason)


def _has_crlf_only(octets: bytes) -> bool:
    breaks = octets.translate(None, _ALL_BUT_BREAKS)
    return breaks == b"\r\n" * (len(breaks) // 2)
