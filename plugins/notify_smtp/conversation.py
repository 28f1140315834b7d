"""Commands and answers over a connection, and what it means when one of them goes wrong."""

from __future__ import annotations

import contextlib
import logging
import re
from typing import TYPE_CHECKING

from notify_smtp.connection import GarbledError, LostError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import DeliveryError
    from notify_smtp.connection import Connection
    from notify_smtp.replies import Interpreter, Reply
    from notify_smtp.submission import Submission

_log = logging.getLogger("notify.smtp")

_CONTROLS = re.compile("[\r\n\0]")
_CLOSING = 421
_INTERMEDIATE = 3


class Conversation:
    """Knows how far it got, so that every fault can be given its class.

    Attributes:
        connection: the connection.
        interpreter: makes the errors.
        phase: greeting, ehlo, starttls, tls, auth, mail, rcpt, data, body, final, reset, quit.
        dot_sent: the final dot of the message in hand went out, and no answer has come yet.
        rejected: the recipients of the message in hand that were refused, each with its error.
    """

    def __init__(self, connection: Connection, interpreter: Interpreter) -> None:
        self.connection = connection
        self.interpreter = interpreter
        self.phase = "greeting"
        self.dot_sent = False
        self.rejected: dict[str, DeliveryError] = {}
        self._willing = True
        self._owed = False

    @property
    def usable(self) -> bool:
        """Whether both sides wait for the next command: the server is willing, and no answer is owed.

        An answer is owed from before a command is written until the answer was read whole, and after 3yz until the
        answer to what it invited. So whatever interrupts an exchange, a signal too, leaves this false.
        """
        return self._willing and not self._owed

    def give_up(self) -> None:
        """Expect nothing more of this server."""
        self._willing = False

    def ask(self, line: str, *, shown: str | None = None) -> Reply:
        """Send a command and read its answer; `shown` is what the log may see of it.

        Raises:
            RefusedError: the command would end in the middle; it is not sent.
            LostError, GarbledError: there is no answer.
        """
        if _CONTROLS.search(line):
            raise self.interpreter.refused(self.phase, "a command would have a line break or a NUL in it")
        _log.debug("C: %s", line if shown is None else shown)
        self._owed = True
        self.connection.send(line.encode() + b"\r\n")
        return self.answer()

    def answer(self, patience: float = 1.0) -> Reply:
        """Read an answer, which may take `patience` times the timeout.

        Raises:
            LostError, GarbledError: there is none.
        """
        reply = self.connection.reply(patience)
        _log.debug("S: %s", self.interpreter.scrub(str(reply)))
        if reply.code == _CLOSING:
            self.give_up()
        self._owed = reply.code // 100 == _INTERMEDIATE
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
        except (LostError, GarbledError) as error:
            self.give_up()
            raise self.interpreter.lost(
                self.phase, str(error), dot_sent=self.dot_sent, rejected=self.rejected
            ) from None
