"""Octets, lines and time: one TCP connection to a server, in which nothing is unbounded.

Every answer has a time limit for the whole of it, not for each octet, and a limit of lines; the attempt has a deadline.
"""

from __future__ import annotations

import contextlib
import socket
import ssl

from notify_smtp.deadline import Deadline
from notify_smtp.faults import GarbledError, LostError, SilentError
from notify_smtp.lookup import addresses
from notify_smtp.replies import Reply
from notify_smtp.waiting import waiter

CONNECT_TIMEOUT = 10.0
_LONGEST_LINE = 4096  # RFC 5321, section 4.5.3.1.5, says 512; some servers say more
_MOST_LINES = 128
_MOST_UNREAD = 1 << 20
BLOCK = 65536
_SOON = 0.001
_CODES = {b"%d" % code: code for code in range(200, 600)}
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_MOST_KNOWN = 32

# With more room in the kernel a whole message, final dot included, is "sent" before the server has read a line of it,
# and a connection that ends in the middle of the text could not be told from one that ends after it.
_SEND_BUFFER = 131072


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
        self._timeout = timeout
        self._socket = sock
        self._buffer = b""
        self._read = 0  # how much of it
        self._known: dict[bytes, Reply] = {}
        self._ended = ""
        self.deadline = deadline
        self.secured = False
        self._use(sock)

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
        if self.unread:
            raise GarbledError("the server sent something in front of the TLS handshake")
        try:
            self._socket.settimeout(self._seconds())
            # a socket whose peer is gone would be wrapped without a handshake and without an error
            self._socket.getpeername()
            wrapped = context.wrap_socket(self._socket, server_hostname=host, do_handshake_on_connect=False)
            self._socket = wrapped
            wrapped.do_handshake()
            self.secured = True
            self._use(wrapped)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            raise LostError(_words(error)) from None
        except ssl.SSLError:
            raise
        except OSError as error:
            raise LostError(_words(error)) from None

    def send(self, data: bytes | memoryview, quiet: int = 0) -> int:
        """Write `data`, its first `quiet` octets only for as long as nothing comes from the other side.

        What comes while the other side takes nothing is kept for `reply`: two sides that both wait to be read would
        wait for ever (RFC 2920, section 3.2).

        Returns:
            How many octets were written: all, or fewer than `quiet`.

        Raises:
            LostError: the connection ended, a block was not taken in time, or more came than answers can be.
        """
        self._seconds()
        view, written, end = memoryview(data), 0, None
        while written < len(view):
            if written < quiet and self.stirs():
                break
            try:
                written += self._socket.send(view[written : written + BLOCK])
                end = None
            except _NOT_NOW:
                end = end or Deadline(self._seconds())
                self._wait_to_write(end, written)
            except OSError as error:
                raise LostError(_words(error), written) from None
        return written

    @property
    def unread(self) -> int:
        """How many octets have been received and not been read."""
        return len(self._buffer) - self._read

    @property
    def unread_lines(self) -> int:
        """How many whole lines have been received and not been read."""
        return self._buffer.count(b"\n", self._read)

    def stirs(self) -> bool:
        """Whether something came that nobody asked for, or the end of the connection; never waits."""
        return bool(self.unread or self._ended) or ((self._held or self._wait(0.0)) and self._receive())

    def reply(self, patience: float = 1.0) -> Reply:
        """Read one answer, of one line or more; it may take `patience` times the timeout.

        Raises:
            LostError: the connection ended before the answer did, or the time was up.
            GarbledError: it is not an answer of RFC 5321, section 4.2, or an endless one.
        """
        stop = self._buffer.find(b"\n", self._read) + 1
        if stop and (known := self._known.get(self._buffer[self._read : stop])) is not None:
            self._read = stop
            return known
        line, end = self._line(patience)
        return self._known.get(line) or self._parsed(line, patience, end)

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

    @property
    def _held(self) -> bool:
        """Whether TLS holds octets that were taken from the system already."""
        return isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0

    def _use(self, sock: socket.socket) -> None:
        """Talk over this socket from now on; nothing but the waiter ever waits."""
        sock.settimeout(0)
        self._socket = sock
        self._wait = waiter(sock)

    def _parsed(self, line: bytes, patience: float, end: Deadline | None) -> Reply:
        """The answer that begins with a line."""
        code = _CODES.get(line[:3])
        if code is None:
            raise GarbledError("the server's answer is not SMTP")
        first, lines = line, [_words_of(line)]
        while line[3:4] == b"-":
            line, end = self._line(patience, end)
            if line[:3] != first[:3]:
                raise GarbledError("the server's answer is not SMTP")
            lines.append(_words_of(line))
            if len(lines) > _MOST_LINES:
                raise GarbledError(f"the server's answer has more than {_MOST_LINES} lines")
        reply = Reply(code, tuple(lines))
        if line is first and len(self._known) < _MOST_KNOWN:  # most answers are the same each time
            self._known[line] = reply
        return reply

    def _line(self, patience: float, end: Deadline | None = None) -> tuple[bytes, Deadline | None]:
        """The next line with its end, and when the answer has to be whole, if it had to be waited for."""
        scanned = self._read
        while (stop := self._buffer.find(b"\n", scanned) + 1) == 0:
            self._buffer, self._read = self._buffer[self._read :], 0
            scanned = len(self._buffer)
            if scanned > _LONGEST_LINE:
                raise GarbledError(f"the server's answer has a line of more than {_LONGEST_LINE} octets")
            end = end or Deadline(self._seconds(patience))
            self._fill(end)
        begin, self._read = self._read, stop
        return self._buffer[begin:stop], end

    def _fill(self, end: Deadline) -> None:
        """Wait for more."""
        if not self._ended and not self._held and not self._wait(end.remaining):
            raise SilentError(f"no answer within {end.seconds:.3g} seconds")
        if not self._ended:
            self._receive()
        if self._ended:
            raise LostError(self._ended)

    def _receive(self) -> bool:
        """Take what has come, be it the end; whether there was anything."""
        try:
            received = self._socket.recv(BLOCK)
        except _NOT_NOW:
            return False
        except OSError as error:
            self._ended = _words(error)
            return True
        if not received:
            self._ended = "the server closed the connection"
        self._buffer = self._buffer[self._read :] + received if self.unread else received
        self._read = 0
        return True

    def _wait_to_write(self, end: Deadline, written: int) -> None:
        """Wait until more can be written, or something has come, which is then kept."""
        if not self._wait(end.remaining, write=True, read=not self._ended):
            raise LostError("timed out", written)
        if not self._ended:
            self._receive()
        if self.unread > _MOST_UNREAD:
            raise LostError("the server talks without end", written)


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


def _words_of(line: bytes) -> str:
    """What follows the code of a line, without its end."""
    words = line.removesuffix(b"\n").removesuffix(b"\r")
    return words[4 if line[3:4] in {b" ", b"-"} else 3 :].decode("utf-8", "backslashreplace")


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, (ConnectionResetError, BrokenPipeError, ssl.SSLError)):
        return "the server closed the connection"
    return (error.strerror or str(error)).lower()
