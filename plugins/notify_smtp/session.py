"""One session with a server, which always knows how far it got: MAIL, RCPT, DATA, the text, the final dot."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from typing import TYPE_CHECKING

from notify.errors import DeliveryError, TemporaryError, TransportConfigError
from notify_smtp import opening
from notify_smtp.connection import BLOCK, Deadline, GarbledError, LostError
from notify_smtp.submission import Delivered

if TYPE_CHECKING:
    import ssl

    from notify.errors import RefusedError
    from notify_smtp.conversation import Conversation
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.replies import Interpreter, Reply
    from notify_smtp.submission import Submission

_log = logging.getLogger("notify.smtp")

_GO_ON = 354
_IDLE = 5.0
_PATIENCE_WITH_FINAL_DOT = 2.0
_SECONDS_FOR_QUIT = 2.0


class Session:
    """A session, logged in. Use `Session.open`.

    Attributes:
        features: what the server offers: keyword to arguments.
        sent: how many messages it carried.
        idle_since: when it was last given back, on the monotonic clock.
    """

    def __init__(self, talk: Conversation, features: opening.Features, provider_id: str) -> None:
        self._talk = talk
        self._provider_id = provider_id
        self._dirty = False
        self.features = features
        self.sent = 0
        self.idle_since = time.monotonic()

    @classmethod
    def open(cls, endpoint: Endpoint, interpreter: Interpreter, context: ssl.SSLContext, deadline: Deadline) -> Session:
        """Connect, start TLS and log in.

        Raises:
            DeliveryError: one of them failed; nothing was sent.
        """
        talk = opening.connect(endpoint, interpreter, deadline)
        try:
            with talk.border():
                return cls(talk, opening.begin(talk, endpoint, context), endpoint.provider_id)
        except BaseException:
            talk.connection.close()
            raise

    @property
    def usable(self) -> bool:
        """Whether another message can be offered."""
        return self._talk.usable

    @property
    def phase(self) -> str:
        """How far it got: ready, mail, rcpt, data, body, final, reset, quit."""
        return self._talk.phase

    def deliver(self, submission: Submission, deadline: Deadline) -> Delivered:
        """Carry one message.

        Raises:
            DeliveryError: it was not taken, or, for UnknownOutcomeError, nobody knows.
        """
        talk = self._talk
        talk.connection.deadline = deadline
        reply, rest = self._transact(submission, submission.recipients)
        rejected = dict(talk.rejected)
        while rest:
            _log.info("the server takes no more recipients at once: %d go in a further transaction", len(rest))
            offered = rest
            try:
                _, rest = self._transact(submission, offered)
            except DeliveryError as error:
                # the first ones have the message: what happens to these is no failure of the whole
                rejected |= {**dict.fromkeys(offered, error), **error.rejected}
                break
            rejected |= talk.rejected
        found = re.search(self._provider_id, reply.text)
        return Delivered(talk.interpreter.scrub(str(reply)), found[1] if found else None, rejected)

    def ready(self, deadline: Deadline) -> bool:
        """Whether the session, used before, can take another message; asks the server where that is not certain."""
        self._talk.connection.deadline = deadline
        if not self.usable or self._talk.connection.stirs():
            return False
        idle = time.monotonic() - self.idle_since > _IDLE
        if not self._dirty and not idle:
            return True
        self._talk.phase = "reset"
        try:
            reply = self._talk.ask("RSET" if self._dirty else "NOOP")
        except (LostError, GarbledError):
            return False
        self._dirty = False
        return reply.positive

    def quit(self) -> None:
        """Say goodbye, whatever comes of it: a message that was taken stays taken."""
        try:
            if self.usable:
                self._talk.phase = "quit"
                self._talk.connection.deadline = Deadline(_SECONDS_FOR_QUIT)
                with contextlib.suppress(LostError, GarbledError):
                    self._talk.ask("QUIT")
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Close the connection without a word."""
        self._talk.give_up()
        self._talk.connection.close()

    def _transact(self, submission: Submission, recipients: tuple[str, ...]) -> tuple[Reply, tuple[str, ...]]:
        """One mail transaction: the server's yes, and the recipients that it wants in a further one."""
        talk = self._talk
        talk.rejected = {}
        with talk.border():
            talk.phase = "mail"
            octets, options = self._prepare(submission)
            self._dirty = True
            talk.expect(talk.ask(f"MAIL FROM:<{submission.sender}>{options}"), submission)
            rest = self._offer(recipients, submission)
            talk.phase = "data"
            talk.expect(talk.ask("DATA"), submission, _GO_ON)
            reply = self._transfer(octets, submission)
        self._dirty = False
        self.sent += 1
        return reply, rest

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
        breaks = octets.count(b"\r\n")
        if not octets.endswith(b"\r\n") or breaks != octets.count(b"\r") or breaks != octets.count(b"\n"):
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

    def _offer(self, recipients: tuple[str, ...], submission: Submission) -> tuple[str, ...]:
        """Name each recipient; those refused are kept with their errors.

        Returns:
            The recipients that are left when the server takes no more of them (RFC 5321, section 4.5.3.1.10).

        Raises:
            DeliveryError: all were refused, or the server is done with this session.
        """
        talk = self._talk
        talk.phase = "rcpt"
        for number, recipient in enumerate(recipients):
            reply = talk.ask(f"RCPT TO:<{recipient}>")
            if reply.positive:
                continue
            error = talk.refusal(reply, submission, recipient)
            if not talk.usable or isinstance(error, TransportConfigError):
                raise error
            if number > len(talk.rejected) and reply.full and type(error) is TemporaryError:
                return recipients[number:]
            talk.rejected[recipient] = error
        if len(talk.rejected) == len(recipients):
            raise talk.interpreter.nobody(talk.rejected)
        return ()

    def _transfer(self, octets: bytes, submission: Submission) -> Reply:
        """Send the text and the final dot, and wait for the verdict."""
        talk, connection = self._talk, self._talk.connection
        talk.phase = "body"
        stuffed = octets.replace(b"\r\n.", b"\r\n..")
        view = memoryview(b"." + stuffed if stuffed.startswith(b".") else stuffed)
        _log.debug("C: (%d octets)", len(view))
        try:
            while view and not connection.stirs():
                connection.send(view[:BLOCK])
                view = view[BLOCK:]
            interrupted = connection.stirs()
        except LostError:
            if not connection.stirs():
                raise
            interrupted = True
        if interrupted:
            talk.give_up()
            raise talk.refusal(talk.answer(), submission)
        connection.send(b".\r\n")
        talk.phase, talk.dot_sent = "final", True
        reply = talk.answer(_PATIENCE_WITH_FINAL_DOT)
        talk.dot_sent = False
        talk.expect(reply, submission)
        return reply

    def _refused(self, reason: str) -> RefusedError:
        return self._talk.interpreter.refused(self.phase, reason)
