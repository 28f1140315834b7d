"""Commands and answers over a connection, and what it means when one of them goes wrong."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from notify_smtp.faults import GarbledError, LostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.errors import DeliveryError
    from notify_smtp.connection import Connection
    from notify_smtp.replies import Interpreter, Reply
    from notify_smtp.submission import Submission
    from notify_smtp.transcript import Transcript

_log = logging.getLogger("notify.smtp")

_CLOSING = 421
_INTERMEDIATE = 3


class Conversation:
    """Knows how far it got, so that every fault can be given its class.

    Attributes:
        connection: the connection.
        interpreter: makes the errors.
        phase: greeting, ehlo, starttls, tls, auth, mail, rcpt, data, body, final, reset, quit.
        dot_sent: the final dot of the message in hand went out, and the server has not refused it.
        willing: the server has not ended the conversation, nor said anything that ends it.
        rejected: the recipients of the message in hand that were refused, each with its error.
        transcript: where what is said is noted, if it is: for the message in hand, or before the first.
    """

    def __init__(self, connection: Connection, interpreter: Interpreter, transcript: Transcript | None = None) -> None:
        self.connection = connection
        self.interpreter = interpreter
        self.phase = "greeting"
        self.dot_sent = False
        self.rejected: dict[str, DeliveryError] = {}
        self.willing = True
        self.transcript = transcript
        self._owed = 1  # the greeting

    @property
    def usable(self) -> bool:
        """Whether both sides wait for the next command: the server is willing, and no answer is owed.

        An answer is owed from before a command is written until the answer was read whole, and after 3yz until the
        answer to what it invited. So whatever interrupts an exchange, a signal too, leaves this false.
        """
        return self.willing and self._owed == 0

    def give_up(self) -> None:
        """Expect nothing more of this server."""
        self.willing = False

    def ask(self, line: str, *, shown: str | None = None) -> Reply:
        """Send a command and read its answer; `shown` is what the log may see of it.

        Raises:
            RefusedError: the command would end in the middle; it is not sent.
            LostError, GarbledError: there is no answer.
        """
        self.interpreter.check(self.phase, line)
        shown = line if shown is None else shown
        _log.debug("C: %s", shown)
        if self.transcript is not None:
            self.transcript.add("C", shown)
        self._owed = 1
        self.connection.send(line.encode() + b"\r\n")
        return self.answer()

    def owe(self, lines: Sequence[str], transcript: Transcript | None = None) -> bytes:
        """The octets of commands that are about to be written at once; each of them will have an answer."""
        if _log.isEnabledFor(logging.DEBUG):
            for line in lines:
                _log.debug("C: %s", line)
        if transcript is not None:
            for line in lines:
                transcript.add("C", line)
        self._owed += len(lines)
        return "".join([f"{line}\r\n" for line in lines]).encode()

    def answer(self, patience: float = 1.0) -> Reply:
        """Read the next answer that is owed, which may take `patience` times the timeout.

        Raises:
            LostError, GarbledError: there is none.
        """
        reply = self.connection.reply(patience)
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("S: %s", self.interpreter.scrub(str(reply)))
        if self.transcript is not None:
            self.transcript.add("S", str(reply))
        if reply.code == _CLOSING:
            self.willing = False
        if reply.code // 100 != _INTERMEDIATE:
            self._owed -= 1
        return reply

    def expect(self, reply: Reply, submission: Submission | None = None, code: int | None = None) -> None:
        """Go on if the answer is the one hoped for: this code, or any 2yz.

        Raises:
            DeliveryError: it is another.
        """
        if (reply.code != code) if code else not reply.positive:
            raise self.refusal(reply, submission)

    def refusal(self, reply: Reply, submission: Submission | None, recipient: str | None = None) -> DeliveryError:
        """The error for an answer at this phase; one that makes no sense ends the conversation."""
        if reply.code // 100 not in {4, 5}:
            self.give_up()
        return self.interpreter.refusal(
            self.phase,
            reply,
            sender=submission.sender if submission else "",
            author=submission.author if submission else "",
            recipient=recipient,
            rejected=self.rejected,
        )

    @contextlib.contextmanager
    def border(self) -> Iterator[None]:
        """Turn what goes wrong with the connection inside into an error of notify."""
        try:
            yield
        except (LostError, GarbledError) as lost:
            raise self.broken(lost) from None

    def broken(self, lost: LostError | GarbledError) -> DeliveryError:
        """The error for a connection that is of no more use."""
        self.give_up()
        return self.interpreter.lost(self.phase, str(lost), dot_sent=self.dot_sent, rejected=self.rejected)
