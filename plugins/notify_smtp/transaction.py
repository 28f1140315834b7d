"""One mail transaction: MAIL, RCPT, DATA, the text, the verdict.

A server that offers PIPELINING (RFC 2920) is told the sender, the recipients and DATA at once, and the answers are
matched to them one by one. Nothing that an answer can say lets a text go to nobody, or to the wrong ones: the text is
written after the last of these answers has come, and only if it is the 354 of a transaction in which somebody was
accepted.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from notify.errors import TemporaryError, TransportConfigError
from notify_smtp.connection import BLOCK
from notify_smtp.faults import GarbledError, LostError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify.errors import DeliveryError
    from notify_smtp.conversation import Conversation
    from notify_smtp.replies import Reply
    from notify_smtp.submission import Submission
    from notify_smtp.transcript import Transcript

_log = logging.getLogger("notify.smtp")

_DOT = re.compile(rb"\n\.")
_GO_ON = 354
_INVITATION = 3
_AT_ONCE = 101  # MAIL and a hundred RCPTs: the answers fit into what the systems of both sides keep unread
_PATIENCE_WITH_FINAL_DOT = 2.0


class Transaction:
    """A transaction in a conversation, step by step: agree, hand over, hear the verdict.

    Args:
        talk: the conversation.
        submission: what it carries.
        recipients: whom it is for.
        octets: the text, which ends in a line break.
        options: what MAIL says after the address.
        pipelining: whether commands may be written before the answers to those in front of them have come.
        transcript: where it is noted, if it is.

    Attributes:
        rejected: the recipients that were refused, each with its error.
        rest: those whom the server wants in a further transaction (RFC 5321, section 4.5.3.1.10).
    """

    def __init__(
        self,
        talk: Conversation,
        submission: Submission,
        recipients: tuple[str, ...],
        *,
        octets: bytes,
        options: str,
        pipelining: bool,
        transcript: Transcript | None = None,
    ) -> None:
        self._talk = talk
        self._submission = submission
        self._recipients = recipients
        self._text = _stuffed(octets)
        self._at_once = _AT_ONCE if pipelining else 1
        self._transcript = transcript
        self._commands = [
            f"MAIL FROM:<{submission.sender}>{options}",
            *[f"RCPT TO:<{recipient}>" for recipient in recipients],
            "DATA",
        ]
        self._written = 0
        self._answered = 0
        self._accepted = 0
        self.rejected: dict[str, DeliveryError] = {}
        self.rest: list[str] = []

    @property
    def announced(self) -> bool:
        """Whether its first commands were written behind another text."""
        return self._written > 0

    @property
    def agreeable(self) -> bool:
        """Whether all answers that `agree` needs seem to be there."""
        return self._talk.connection.unread_lines >= len(self._commands) - self._answered

    def agree(self) -> None:
        """Write the commands, as far as they are not written yet, and hear the answers; the server waits for the text.

        Raises:
            DeliveryError: it does not, or nobody is to get it.
            LostError, GarbledError: an answer is missing.
        """
        talk = self._talk
        talk.rejected = self.rejected
        talk.transcript = self._transcript
        talk.phase, talk.dot_sent = "mail", False
        if not talk.willing:
            raise LostError("the session had ended behind another message")
        reply = self._answer(None)
        fault = None if reply.positive else talk.refusal(reply, self._submission)
        fault = self._hear_recipients(fault)
        self._hear_data(fault)

    def hand_over(self, behind: Transaction | None = None) -> None:
        """Write the text and the final dot, and in the same breath the first commands of the transaction behind it.

        Raises:
            DeliveryError: the server refused it in the middle of the text.
            LostError, GarbledError: the connection ended before the dot was written.
        """
        talk, connection = self._talk, self._talk.connection
        talk.phase = "body"
        text = self._text
        _log.debug("C: (%d octets)", len(text))
        if self._transcript is not None:
            self._transcript.add("C", f"({len(text)} octets)")
        edge = max(0, len(text) - BLOCK)  # all before it is written without the dot
        last = text[edge:] + b".\r\n"
        dot = len(last)
        if behind is not None:
            last += behind._next_commands()  # noqa: SLF001 - it is one of us
        try:
            if not edge or connection.send(memoryview(text)[:edge], edge) == edge:
                talk.dot_sent = True  # before it is: a signal may come in between
                talk.dot_sent = connection.send(last, dot) >= dot
        except LostError as lost:
            talk.dot_sent = talk.dot_sent and lost.written >= dot
            if not talk.dot_sent and not connection.stirs():
                raise
            talk.give_up()
        if not talk.dot_sent:
            talk.give_up()
            raise talk.refusal(talk.answer(), self._submission)

    def verdict(self) -> Reply:
        """The server's yes to the text.

        Raises:
            DeliveryError: it says no, or nothing that makes sense.
            LostError, GarbledError: it says nothing.
        """
        talk = self._talk
        talk.phase = "final"
        reply = talk.answer(_PATIENCE_WITH_FINAL_DOT)
        if not reply.positive:
            talk.dot_sent = False
            raise talk.refusal(reply, self._submission)
        return reply

    def witness(self, errors: Iterable[DeliveryError]) -> None:
        """Give what was said to errors of this transaction, if it is noted."""
        if self._transcript is not None:
            self._transcript.attach(errors)

    def _hear_recipients(self, fault: DeliveryError | None) -> DeliveryError | None:
        """The answers to all RCPTs; what is wrong with the transaction as a whole, if it is known already.

        A recipient is in `rest` if the server had room for others and none for this one.
        """
        talk = self._talk
        for number, recipient in enumerate(self._recipients):
            if self._answered == self._written and self.rest:
                self.rest += self._recipients[number:]
                self._commands[self._answered : -1] = []
                break
            talk.phase = "rcpt"
            reply = self._answer(fault)
            if fault is not None:
                continue
            if reply.positive:
                self._accepted += 1
                continue
            error = talk.refusal(reply, self._submission, recipient)
            if not talk.willing:
                raise error
            if isinstance(error, TransportConfigError):
                fault = error
            elif self._accepted and reply.full and type(error) is TemporaryError:
                self.rest.append(recipient)
            else:
                self.rejected[recipient] = error
        return fault

    def _hear_data(self, fault: DeliveryError | None) -> None:
        """The answer to DATA, which must not be a yes when nobody is to get the text."""
        talk = self._talk
        if fault is None and not self._accepted:
            fault = talk.interpreter.nobody(self.rejected)
        talk.phase = "data" if fault is None else talk.phase
        reply = self._answer(fault)
        if fault is not None:
            if reply.code // 100 == _INVITATION:
                # a dot alone would end the text too (RFC 2920, section 3.1), and might be taken for a message
                talk.give_up()
            raise fault
        talk.expect(reply, self._submission, _GO_ON)

    def _answer(self, fault: DeliveryError | None) -> Reply:
        """The next answer; the next commands are written first if all that were written are answered.

        Raises:
            DeliveryError: the fault, once no more answers are owed, or none comes.
            LostError, GarbledError: there is no fault, and no answer.
        """
        talk = self._talk
        if self._answered == self._written:
            if fault is not None:
                raise fault
            talk.connection.send(self._next_commands())
        if fault is not None and not talk.willing:
            raise fault
        try:
            reply = talk.answer()
        except (LostError, GarbledError):
            talk.give_up()
            if fault is not None:
                raise fault from None
            raise
        self._answered += 1
        return reply

    def _next_commands(self) -> bytes:
        """The octets of the next commands; their answers are owed from now on."""
        begin, last = self._written, len(self._commands)
        end = min(begin + self._at_once, last)
        self._written = last if end == last - 1 and self._at_once > 1 else end  # DATA is no group of its own
        return self._talk.owe(self._commands[begin : self._written], self._transcript)


def _stuffed(octets: bytes) -> bytes:
    """The text with the dots doubled that begin a line (RFC 5321, section 4.5.2)."""
    # To look for one takes half as long as to replace none.
    if _DOT.search(octets):
        octets = octets.replace(b"\r\n.", b"\r\n..")
    return b"." + octets if octets.startswith(b".") else octets
