"""Octets and lines of the scripted server's side of a connection, and every way to mistreat the other side."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    import threading

_LONGEST_LINE = 70_000
_POLL = 0.05
_BLOCK = 8192


class OverError(Exception):
    """The connection is over, by the client's will or by the script's."""


class Wire:
    """A connected socket, read by lines.

    Args:
        sock: the socket.
        stopping: set when the server is about to stop; nothing waits longer than that.
        violations: where lines are put that do not end in CR LF.

    Attributes:
        buffer: what came and was not read yet.
    """

    def __init__(self, sock: socket.socket, stopping: threading.Event, violations: list[str]) -> None:
        self._socket = sock
        self._stopping = stopping
        self._violations = violations
        self.buffer = bytearray()

    def send(self, text: str) -> None:
        """Send text as it is."""
        self._socket.sendall(text.encode())

    def say(self, *lines: str) -> int:
        """Send lines; the code of the last one, or 0 if it has none."""
        self.send("".join(f"{line}\r\n" for line in lines))
        return int(lines[-1][:3]) if lines[-1][:3].isdecimal() else 0

    def line(self) -> str:
        """The next line, without its end.

        Raises:
            OverError: there is none, or it does not end.
        """
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > _LONGEST_LINE:
                raise OverError
            self.fill()
        text = self.buffer[: end + 1].decode("utf-8", "backslashreplace")
        del self.buffer[: end + 1]
        if not text.endswith("\r\n"):
            self._violations.append(text)
        return text.rstrip("\r\n")

    def fill(self) -> None:
        """Wait for more.

        Raises:
            OverError: the client has left.
        """
        received = self._socket.recv(65536)
        if not received:
            raise OverError
        self.buffer += received

    def secure(self, context: ssl.SSLContext) -> None:
        """Start TLS; what came before it was not said under it and is forgotten."""
        self.buffer.clear()
        self._socket = context.wrap_socket(self._socket, server_side=True)

    def drip(self, text: str, interval: float) -> None:
        """Send one octet each `interval` seconds."""
        for octet in text.encode():
            self._socket.sendall(bytes([octet]))
            self.wait(interval)

    def flood(self, text: str, seconds: float) -> None:
        """Send a text over and over."""
        end = time.monotonic() + seconds
        block = text * (_BLOCK // len(text) + 1)
        while time.monotonic() < end and not self._stopping.is_set():
            self.send(block)

    def wait(self, seconds: float) -> None:
        """Neither read nor say anything."""
        self._stopping.wait(seconds)

    def hang(self, seconds: float) -> None:
        """Say nothing until the time is up or the client leaves."""
        end = time.monotonic() + seconds
        with contextlib.suppress(ValueError):  # it was closed by another thread
            while time.monotonic() < end and not self._stopping.wait(_POLL):
                if select.select([self._socket], [], [], 0)[0] and not self._socket.recv(_BLOCK):
                    break

    def reset(self) -> None:
        """End the connection with a RST."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def close(self) -> None:
        """End the connection, from whichever thread."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
