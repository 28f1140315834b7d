"""Octets, lines and time: one TCP connection to a server, in which nothing is unbounded.

Every answer has a time limit for the whole of it, not for each octet, and a limit of lines; the attempt has a deadline.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import time
from dataclasses import dataclass, field

from notify_smtp.lookup import addresses
from notify_smtp.replies import Reply

CONNECT_TIMEOUT = 10.0
_LONGEST_LINE = 4096  # RFC 5321, section 4.5.3.1.5, says 512; some servers say more
_MOST_LINES = 128
BLOCK = 65536
_SOON = 0.001
_LINE = re.compile(rb"([2-5]\d\d)([ -]?)(.*)", re.DOTALL)

# With more room in the kernel a whole message, final dot included, is "sent" before the server has read a line of it,
# and a connection that ends in the middle of the text could not be told from one that ends after it.
_SEND_BUFFER = 131072


class LostError(Exception):
    """The connection ended, or the other side said nothing in time; the text says which."""


class GarbledError(Exception):
    """What came is not SMTP, or is more than an answer may be; the text says which."""


@dataclass(slots=True)
class Deadline:
    """The end of an attempt: `seconds` from now."""

    seconds: float
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    @property
    def remaining(self) -> float:
        """Seconds left; negative when it has passed."""
        return self._end - time.monotonic()


class Connection:
    """A connected socket, perhaps under TLS.

    Args:
        sock: the connected socket.
        timeout: seconds for one whole answer, and for each block that is written.
        deadline: when all has to be over; it may be set anew for the next message.

    Attributes:
        secured: TLS is in use.
    """

    def __init__(self, sock: socket.socket, timeout: float, deadline: Deadline) -> None:
        self._socket = sock
        self._buffer = bytearray()
        self._timeout = timeout
        self.deadline = deadline
        self.secured = False

    @classmethod
    def open(cls, host: str, port: int, timeout: float, deadline: Deadline) -> Connection:
        """Connect to the first of the host's addresses that answers; asking for them counts as well.

        Raises:
            LostError: none does; with what each of them said.
        """
        try:
            found = addresses(host, port, min(timeout, deadline.remaining))
        except OSError as error:
            raise LostError(f"the name {host} cannot be resolved ({error.strerror or error})") from None
        failures = []
        for family, kind, protocol, _, address in dict.fromkeys(found):
            seconds = min(timeout, CONNECT_TIMEOUT, deadline.remaining)
            try:
                return cls(_connected(family, kind, protocol, address, seconds), timeout, deadline)
            except OSError as error:
                failures.append(f"{address[0]}: {_words(error)}")
        raise LostError(f"no connection to {host}:{port} ({', '.join(failures)})")

    @property
    def local_address(self) -> str:
        """This side's address as RFC 5321, section 4.1.3, writes it: `[192.0.2.1]`, `[IPv6:2001:db8::1]`."""
        address = str(self._socket.getsockname()[0])
        return f"[IPv6:{address.partition('%')[0]}]" if ":" in address else f"[{address}]"

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Start TLS.

        Raises:
            LostError: the connection ended, or the handshake took too long.
            GarbledError: the server had sent something before the handshake.
            ssl.SSLError: the handshake failed; `ssl.SSLCertVerificationError` if the certificate did.
        """
        if self._buffer:
            raise GarbledError("the server sent something in front of the TLS handshake")
        try:
            self._socket.settimeout(self._seconds())
            # a socket whose peer is gone would be wrapped without a handshake and without an error
            self._socket.getpeername()
            wrapped = context.wrap_socket(self._socket, server_hostname=host, do_handshake_on_connect=False)
            self._socket = wrapped
            wrapped.do_handshake()
            self.secured = True
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise LostError(_words(error)) from None
        except ssl.SSLError:
            raise
        except OSError as error:
            raise LostError(_words(error)) from None

    def send(self, data: bytes | memoryview) -> None:
        """Write all of `data`, block by block.

        Raises:
            LostError: the connection ended, or a block was not taken in time.
        """
        view = memoryview(data)
        try:
            while view:
                self._socket.settimeout(self._seconds())
                view = view[self._socket.send(view[:BLOCK]) :]
        except OSError as error:
            raise LostError(_words(error)) from None

    def stirs(self) -> bool:
        """Whether something came that nobody asked for, or the end of the connection; never waits."""
        if not self._buffer:
            self._socket.settimeout(0)
            try:
                self._buffer += self._socket.recv(BLOCK)
            except (BlockingIOError, ssl.SSLWantReadError):
                return False
            except OSError:
                return True
        return True

    def reply(self, patience: float = 1.0) -> Reply:
        """Read one answer, of one line or more; it may take `patience` times the timeout.

        Raises:
            LostError: the connection ended before the answer did, or the time was up.
            GarbledError: it is not an answer of RFC 5321, section 4.2, or an endless one.
        """
        end = Deadline(self._seconds(patience))
        code, more = 0, True
        lines: list[str] = []
        while more:
            line = _LINE.fullmatch(self._line(end))
            if line is None or (lines and code != int(line[1])):
                raise GarbledError("the server's answer is not SMTP")
            code, more = int(line[1]), line[2] == b"-"
            lines.append(line[3].decode("utf-8", "backslashreplace"))
            if len(lines) > _MOST_LINES:
                raise GarbledError(f"the server's answer has more than {_MOST_LINES} lines")
        return Reply(code, tuple(lines))

    def close(self) -> None:
        """Close the socket without a word."""
        with contextlib.suppress(OSError):
            self._socket.close()

    def _seconds(self, patience: float = 1.0) -> float:
        """The time that one answer or one block may take.

        Raises:
            LostError: the deadline has passed.
        """
        seconds = min(self._timeout * patience, self.deadline.remaining)
        if seconds <= 0:
            raise LostError(f"the deadline of {self.deadline.seconds:g} seconds has passed")
        return seconds

    def _line(self, end: Deadline) -> bytes:
        scanned = 0
        while (stop := self._buffer.find(b"\n", scanned)) < 0:
            scanned = len(self._buffer)
            if scanned > _LONGEST_LINE:
                raise GarbledError(f"the server's answer has a line of more than {_LONGEST_LINE} octets")
            self._fill(end)
        line = bytes(self._buffer[:stop])
        del self._buffer[: stop + 1]
        return line.removesuffix(b"\r")

    def _fill(self, end: Deadline) -> None:
        self._socket.settimeout(max(end.remaining, _SOON))
        try:
            received = self._socket.recv(BLOCK)
        except TimeoutError:
            raise LostError(f"no answer within {end.seconds:.3g} seconds") from None
        except OSError as error:
            raise LostError(_words(error)) from None
        if not received:
            raise LostError("the server closed the connection")
        self._buffer += received


def _connected(family: int, kind: int, protocol: int, address: tuple[object, ...], seconds: float) -> socket.socket:
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        sock.settimeout(max(seconds, _SOON))
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, (ConnectionResetError, BrokenPipeError, ssl.SSLError)):
        return "the server closed the connection"
    return (error.strerror or str(error)).lower()
