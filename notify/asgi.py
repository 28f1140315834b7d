"""What our web applications have in common: ASGI 3.0, on any server, without a framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class Gone(Exception):  # noqa: N818 - it is no error: there is nobody left to answer
    """The caller is gone before its call was whole."""


class TooLargeError(Exception):
    """A body has more octets than it may."""


async def serve(
    scope: Scope, receive: Receive, send: Send, respond: Callable[[Scope, Receive, Send], Awaitable[None]]
) -> None:
    """One connection: calls of HTTP are answered by `respond`, web sockets are closed, a lifespan holds nothing."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})
    else:
        await respond(scope, receive, send)


def check_length(length: str, limit: int) -> None:
    """See what a Content-Length says, before anything is read.

    Raises:
        TooLargeError: more than `limit` octets.
    """
    # One with more digits than the limit is too long as well, whatever it says.
    if length.isdecimal() and (len(length) > len(str(limit)) or int(length) > limit):
        raise TooLargeError


async def read_body(receive: Receive, limit: int) -> bytes:
    """The body of a call.

    Raises:
        TooLargeError: it has more than `limit` octets; no more of it is read.
        Gone: it ends too early.
    """
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Gone
        body += event.get("body", b"")
        if len(body) > limit:
            raise TooLargeError
        if not event.get("more_body", False):
            return bytes(body)


async def _live(receive: Receive, send: Send) -> None:
    """The lifespan of a server that serves nothing else: there is nothing to start or to stop."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
