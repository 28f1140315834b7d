"""A tunnel to a server, which notes what goes through and can be cut after so many octets."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

_BLOCK = 65536
_JOIN = 5.0


class Tunnel:
    """Carries connections to a port on loopback; a context manager.

    Args:
        target: the port.
        up: the first connection is cut when so many octets have gone to the server.
        down: the first connection is cut when so many octets have come from the server.

    Attributes:
        port: where it listens.
        written: what the client wrote into the first connection, block by block.
        answered: what came back through the first connection.
    """

    def __init__(self, target: int, *, up: int | None = None, down: int | None = None) -> None:
        self._target = target
        self._limits = {"up": up, "down": down}
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.written: list[bytes] = []
        self.answered: list[bytes] = []

    def __enter__(self) -> Self:
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(_JOIN)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_JOIN)

    def _accept(self) -> None:
        first = True
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._open.append(client)
                thread = threading.Thread(target=self._carry, args=(client,), kwargs={"first": first}, daemon=True)
                self._threads.append(thread)
                thread.start()
                first = False

    def _carry(self, client: socket.socket, *, first: bool) -> None:
        with client, contextlib.suppress(OSError):
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._exchange(client, server, first=first)
            client.shutdown(socket.SHUT_WR)
            while block := client.recv(_BLOCK):  # what else the client wrote, and nobody will hear
                self.written += [block] if first else []

    def _exchange(self, client: socket.socket, server: socket.socket, *, first: bool) -> None:
        """Carry octets both ways, until one side ends or a limit is reached."""
        ways = {client: ("up", server, self.written), server: ("down", client, self.answered)}
        left: dict[str, int | None] = dict(self._limits) if first else {"up": None, "down": None}
        while 0 not in left.values():
            for source in select.select(list(ways), [], [])[0]:
                way, target, notes = ways[source]
                block = source.recv(_BLOCK)
                if not block:
                    return
                if first:
                    notes.append(block)
                limit = left[way]
                target.sendall(block[:limit])
                if limit is not None:
                    left[way] = max(0, limit - len(block))
