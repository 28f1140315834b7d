"""Connections of urllib3 in which nothing takes longer than it may, and of which is known how far they came.

urllib3 limits each read. A server that sends an octet a second is never late for that, so here the limit is for the
whole of an answer; and asking for the server's address has one, too.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any, ClassVar

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from notify_smtp.lookup import addresses

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse as Answer

_STALE = 30.0  # nobody says when idle connections are ended; this is sooner than is usual


class NotConnectedError(Exception):
    """There is no connection, and so nothing was sent.

    Attributes:
        phase: connect or tls.
        reason: why.
        trusted: False if it is a matter of certificates or of TLS as such, which a person must mend.
    """

    def __init__(self, phase: str, reason: str, *, trusted: bool = True) -> None:
        super().__init__(reason)
        self.phase = phase
        self.reason = reason
        self.trusted = trusted


class TimedConnection(HTTPConnection):
    """A connection whose `timeout` is for all of connecting, and for the whole of an answer."""

    debuglevel: ClassVar[int] = 0  # type: ignore[misc]
    """Whatever the standard library's is: that would print the key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._used = 0.0

    @property
    def is_connected(self) -> bool:
        """Whether it may carry a further request."""
        return super().is_connected and time.monotonic() - self._used < _STALE

    def connect(self) -> None:
        """Connect, and start TLS where that is wanted.

        Raises:
            NotConnectedError: one of them failed.
        """
        try:
            super().connect()
        except ssl.SSLCertVerificationError as error:
            reason = f"the certificate of {self.host} cannot be trusted: {error.verify_message}"
            raise NotConnectedError("tls", reason, trusted=False) from None
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            raise NotConnectedError("tls", "the connection was closed") from None
        except ssl.SSLError as error:
            reason = f"no TLS with {self.host}: {error.reason or error}"
            raise NotConnectedError("tls", reason, trusted=False) from None
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise NotConnectedError("tls", f"no TLS with {self.host}: {words(error)}") from None
        self._used = time.monotonic()

    def getresponse(self) -> Answer:  # type: ignore[override]  # as urllib3's own
        """The answer, once its head is there."""
        end = time.monotonic() + float(self.timeout or 0.0)
        self.response_class = lambda sock, **given: HTTPResponse(_Timed(sock, end), **given)  # type: ignore[arg-type, assignment]
        answer = super().getresponse()
        self._used = time.monotonic()
        return answer

    def _new_conn(self) -> socket.socket:
        end = time.monotonic() + float(self.timeout or 0.0)
        try:
            found = addresses(self._dns_host, self.port, end - time.monotonic())
        except OSError as error:
            raise NotConnectedError("connect", f"the name {self.host} cannot be resolved ({words(error)})") from None
        failures = []
        for family, kind, protocol, _, address in dict.fromkeys(found):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(max(end - time.monotonic(), 0.001))
                sock.connect(address)
            except OSError as error:
                sock.close()
                failures.append(f"{address[0]}: {words(error)}")
            else:
                sock.settimeout(self.timeout)
                return sock
        raise NotConnectedError("connect", f"no connection to {self.host}:{self.port} ({', '.join(failures)})")


class TimedSecureConnection(TimedConnection, HTTPSConnection):
    """The same under TLS."""


def words(error: BaseException) -> str:
    """What happened to a connection, in words that a person understands."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


class _Timed:
    """A socket for http.client to read an answer from, until a time."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._socket = sock
        self._end = end

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads from."""
        return io.BufferedReader(_TimedFile(self._socket, self._socket.makefile("rb", buffering=0), self._end))


class _TimedFile(io.RawIOBase):
    def __init__(self, sock: socket.socket, file: socket.SocketIO, end: float) -> None:
        super().__init__()
        self._socket = sock
        self._file = file
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._end - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(remaining)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()
