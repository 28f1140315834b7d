"""The addresses of a host, within a time limit, which the system's resolver does not have."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Sequence
from typing import Any

Found = Sequence[tuple[socket.AddressFamily, socket.SocketKind, int, str, Any]]


def addresses(host: str, port: int, seconds: float) -> Found:
    """What `socket.getaddrinfo` finds for TCP.

    The question is asked in a thread of its own; one that comes to no end is left behind and keeps nobody waiting.

    Raises:
        TimeoutError: there is no answer within `seconds`.
        OSError: there is no such name, or no way to ask.
    """
    answers: queue.SimpleQueue[Found | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answers.put(error)

    try:
        threading.Thread(target=ask, name=f"looking up {host}", daemon=True).start()
    except RuntimeError:  # no thread begins any more while the interpreter shuts down; mail may still go out then
        ask()
    try:
        answer = answers.get(timeout=max(seconds, 0.0))
    except queue.Empty:
        raise TimeoutError(f"no answer within {seconds:.3g} seconds") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
