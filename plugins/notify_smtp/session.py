"""One session with a server, which always knows how far it got.

The order is RFC 5321's: greeting, EHLO, STARTTLS, EHLO again, AUTH, and then for each message MAIL, RCPT, DATA, the
text and the final dot. Whatever goes wrong becomes an error of notify here and nowhere else.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import ssl
import time
from typing import TYPE_CHECKING

from notify.errors import DeliveryError, TransportConfigError
from notify_smtp import auth
from notify_smtp.connection import BLOCK, Connection, Deadline, GarbledError, LostError
from notify_smtp.submission import Delivered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify_smtp.endpoint import Endpoint
    from notify_smtp.replies import Interpreter, Reply
    from notify_smtp.submission import Submission

_log = logging.getLogger("notify.smtp")

_CONTROLS = re.compile("[\r\n\0]")
_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_CLOSING = 421
_GO_ON = 354
_UNKNOWN_COMMAND = (500, 502)
_IDLE = 5.0
_PATIENCE_AT_QUIT = 2.0


class Session:
    """A session over a connection, logged in. Use `Session.open`.

    Attributes:
        phase: how far it got: greeting, ehlo, starttls, tls, auth, mail, rcpt, data, body, final, reset, quit.
        dot_sent: the final dot of the message in hand went out, and no answer has come yet.
        features: what the server offered after its last EHLO: keyword to arguments.
        sent: how many messages it carried.
        usable: another message can be offered.
        idle_since: when it was last given back, on the monotonic clock.
    """

    def __init__(self, endpoint: Endpoint, interpreter: Interpreter, connection: Connection) -> None:
        self._endpoint = endpoint
        self._interpreter = interpreter
        self._connection = connection
        self._secured = False
        self._dirty = False
        self._rejected: dict[str, DeliveryError] = {}
        self.phase = "greeting"
        self.dot_sent = False
        self.features: dict[str, tuple[str, ...]] = {}
        self.sent = 0
        self.usable = True
        self.idle_since = time.monotonic()

    @classmethod
    def open(cls, endpoint: Endpoint, interpreter: Interpreter, context: ssl.SSLContext, deadline: Deadline) -> Session:
        """Connect, start TLS and log in.

        Raises:
            DeliveryError: one of them failed; nothing was sent.
        """
        try:
            connection = Connection.open(endpoint.host, endpoint.port, endpoint.timeout, deadline)
        except LostError as lost:
            raise interpreter.lost("connect", str(lost), dot_sent=False) from None
        session = cls(endpoint, interpreter, connection)
        try:
            with session._border():
                session._begin(context)
        except BaseException:
            session.abandon()
            raise
        return session

    def deliver(self, submission: Submission, deadline: Deadline) -> Delivered:
        """Carry one message.

        Raises:
            DeliveryError: it was not taken, or, for UnknownOutcomeError, nobody knows.
        """
        self._connection.deadline = deadline
        self._rejected = {}
        with self._border():
            self.phase = "mail"
            octets, options = self._prepare(submission)
            self._dirty = True
            self._expect(self._ask(f"MAIL FROM:<{submission.sender}>{options}"), submission)
            self.phase = "rcpt"
            self._offer_recipients(submission)
            self.phase = "data"
            self._expect(self._ask("DATA"), submission, _GO_ON)
            reply = self._transfer(octets, submission)
        self._dirty = False
        self.sent += 1
        found = re.search(self._endpoint.provider_id, reply.text)
        return Delivered(self._interpreter.scrub(str(reply)), found[1] if found else None, self._rejected)

    def ready(self, deadline: Deadline) -> bool:
        """Whether the session, used before, can take another message; asks the server where that is not certain."""
        self._connection.deadline = deadline
        if not self.usable or self._connection.stirs():
            return False
        idle = time.monotonic() - self.idle_since > _IDLE
        if not self._dirty and not idle:
            return True
        self.phase = "reset"
        try:
            reply = self._ask("RSET" if self._dirty else "NOOP")
        except (LostError, GarbledError):
            return False
        self._dirty = False
        return reply.positive

    def quit(self) -> None:
        """Say goodbye, whatever comes of it: a message that was taken stays taken."""
        if self.usable:
            self.phase = "quit"
            self._connection.deadline = Deadline(_PATIENCE_AT_QUIT)
            with contextlib.suppress(LostError, GarbledError):
                self._ask("QUIT")
        self.abandon()

    def abandon(self) -> None:
        """Close the connection without a word."""
        self.usable = False
        self._connection.close()

    # the beginning

    def _begin(self, context: ssl.SSLContext) -> None:
        if self._endpoint.tls == "implicit":
            self._start_tls(context)
        self.phase = "greeting"
        self._expect(self._answer())
        self._hello()
        if self._endpoint.tls == "starttls":
            self.phase = "starttls"
            if "STARTTLS" not in self.features:
                raise self._interpreter.misconfigured(
                    self.phase, "the server does not offer STARTTLS, and nothing is sent in clear",
                    "Check host and port; a port for TLS from the start (465) needs tls: implicit.",
                )  # fmt: skip
            self._expect(self._ask("STARTTLS"))
            self._start_tls(context)
            self._hello()
        if self._endpoint.credentials:
            self._log_in()

    def _hello(self) -> None:
        self.phase = "ehlo"
        reply = self._ask(f"EHLO {self._own_name()}")
        bare = self._endpoint.tls == "none" and not self._endpoint.credentials
        if reply.code in _UNKNOWN_COMMAND and bare:
            reply = self._ask(f"HELO {self._own_name()}")
        self._expect(reply)
        self.features = {}
        for line in reply.lines[1:]:
            keyword, *arguments = line.upper().replace("AUTH=", "AUTH ").split() or [""]
            self.features[keyword] = (*self.features.get(keyword, ()), *arguments)

    def _own_name(self) -> str:
        name = self._endpoint.local_hostname or socket.gethostname()
        return name if self._endpoint.local_hostname or _NAME.fullmatch(name) else self._connection.local_address

    def _start_tls(self, context: ssl.SSLContext) -> None:
        self.phase = "tls"
        host = self._endpoint.host
        try:
            self._connection.secure(context, host)
        except GarbledError as garbled:
            raise self._interpreter.misconfigured("starttls", str(garbled)) from None
        except ssl.SSLCertVerificationError as error:
            raise self._interpreter.misconfigured(
                self.phase, f"the certificate of {host} cannot be trusted: {error.verify_message}",
                "Nothing was sent. A private certificate authority is named by ca_file.",
            ) from None  # fmt: skip
        except ssl.SSLError as error:
            raise self._interpreter.misconfigured(
                self.phase, f"no TLS with {host}: {error.reason or error}",
                "Check that tls (starttls or implicit) is the right one for this port.",
            ) from None  # fmt: skip
        self._secured = True

    def _log_in(self) -> None:
        self.phase = "auth"
        credentials = self._endpoint.credentials
        if credentials is None or not self._secured:
            raise self._interpreter.misconfigured(self.phase, "a password is not sent without TLS")
        offered = self.features.get("AUTH", ())
        mechanism = auth.choose(credentials, offered)
        if mechanism is None:
            raise self._interpreter.misconfigured(
                self.phase, f"the server offers no way to log in that is known: {', '.join(offered) or 'none at all'}",
                "A server that wants no login needs no username.",
            )  # fmt: skip
        self._expect(auth.log_in(self._ask, credentials, mechanism))

    # one message

    def _prepare(self, submission: Submission) -> tuple[bytes, str]:
        """The octets as this server can take them, and what MAIL says about them."""
        refused = self._interpreter.refused
        if submission.smtputf8 and "SMTPUTF8" not in self.features:
            raise refused(self.phase, "an address has letters outside ASCII before the @, and the server does not "
                          "offer SMTPUTF8")  # fmt: skip
        eight_bit = "8BITMIME" in self.features
        octets = submission.octets(eight_bit=eight_bit)
        breaks = octets.count(b"\r\n")
        if not octets.endswith(b"\r\n") or breaks != octets.count(b"\r") or breaks != octets.count(b"\n"):
            raise refused(self.phase, "the message has a bare CR or LF, or no line break at its end")
        options = ""
        if size := self.features.get("SIZE"):
            limit = int(size[0]) if size[0].isdecimal() else 0
            if 0 < limit < len(octets):
                raise refused(self.phase, f"the message's size is {len(octets)} octets, and the server takes {limit}")
        if "SIZE" in self.features:
            options += f" SIZE={len(octets)}"
        if eight_bit and not octets.isascii():
            options += " BODY=8BITMIME"
        return octets, options + (" SMTPUTF8" if submission.smtputf8 else "")

    def _offer_recipients(self, submission: Submission) -> None:
        """Name each recipient; those refused are kept with their errors.

        Raises:
            DeliveryError: all were refused, or the server is done with this session.
        """
        for recipient in submission.recipients:
            reply = self._ask(f"RCPT TO:<{recipient}>")
            if reply.positive:
                continue
            error = self._refusal(reply, submission, recipient)
            if not self.usable or isinstance(error, TransportConfigError):
                raise error
            self._rejected[recipient] = error
        if len(self._rejected) == len(submission.recipients):
            raise self._interpreter.nobody(self._rejected)

    def _transfer(self, octets: bytes, submission: Submission) -> Reply:
        """Send the text and the final dot, and wait for the verdict."""
        self.phase = "body"
        stuffed = octets.replace(b"\r\n.", b"\r\n..")
        view = memoryview(b"." + stuffed if stuffed.startswith(b".") else stuffed)
        _log.debug("C: (%d octets)", len(view))
        try:
            while view and not self._connection.stirs():
                self._connection.send(view[:BLOCK])
                view = view[BLOCK:]
            interrupted = self._connection.stirs()
        except LostError:
            if not self._connection.stirs():
                raise
            interrupted = True
        if interrupted:
            self.usable = False
            raise self._refusal(self._answer(), submission)
        self._connection.send(b".\r\n")
        self.phase, self.dot_sent = "final", True
        reply = self._answer(patience=2.0)
        self.dot_sent = False
        self._expect(reply, submission)
        return reply

    # words

    def _ask(self, line: str, *, shown: str | None = None) -> Reply:
        if _CONTROLS.search(line):
            raise self._interpreter.refused(self.phase, "a command would have a line break or a NUL in it")
        _log.debug("C: %s", line if shown is None else shown)
        self._connection.send(line.encode() + b"\r\n")
        return self._answer()

    def _answer(self, patience: float = 1.0) -> Reply:
        reply = self._connection.reply(patience)
        _log.debug("S: %s", self._interpreter.scrub(str(reply)))
        if reply.code == _CLOSING:
            self.usable = False
        return reply

    def _expect(self, reply: Reply, submission: Submission | None = None, code: int | None = None) -> None:
        if (reply.code != code) if code else not reply.positive:
            raise self._refusal(reply, submission)

    def _refusal(self, reply: Reply, submission: Submission | None, recipient: str | None = None) -> DeliveryError:
        self.usable = self.usable and reply.code // 100 in {4, 5}
        return self._interpreter.refusal(
            self.phase,
            reply,
            sender=submission.sender if submission else "",
            author=submission.author if submission else "",
            recipient=recipient,
            rejected=self._rejected,
        )

    @contextlib.contextmanager
    def _border(self) -> Iterator[None]:
        """Turn what goes wrong with the connection into an error of notify."""
        try:
            yield
        except (LostError, GarbledError) as error:
            self.usable = False
            raise self._interpreter.lost(
                self.phase, str(error), dot_sent=self.dot_sent, rejected=self._rejected
            ) from None
