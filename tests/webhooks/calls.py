"""Calls of an ASGI application without a server, with what a server could do to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify.feedback import WebhookApp

JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application answered; status 0 if it did not."""

    status: int = 0
    text: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()


async def acall(
    app: WebhookApp,
    headers: Mapping[str, str],
    body: bytes | Iterable[bytes] = b"",
    *,
    method: str = "POST",
    end: str = "whole",
) -> Answer:
    """Call it once.

    Args:
        app: the application.
        headers: of the call.
        body: the body, whole or in pieces.
        method: of the call.
        end: what comes after the pieces: `whole`, `gone` or `silence`.
    """
    pieces = [body] if isinstance(body, bytes) else list(body)
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": each, "more_body": True} for each in pieces]
    if end == "whole" and messages:
        messages[-1]["more_body"] = False
    elif end == "gone":
        messages.append({"type": "http.disconnect"})
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        return await asyncio.Future[dict[str, Any]]()

    async def send(message: Any) -> None:
        sent.append(message)

    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await app({"type": "http", "method": method, "headers": pairs}, receive, send)
    if not sent:
        return Answer()
    start, content = sent
    return Answer(start["status"], content["body"].decode().strip(), tuple(start["headers"]))


def call(app: WebhookApp, headers: Mapping[str, str], body: bytes | Iterable[bytes] = b"", **how: str) -> Answer:
    """The same from a test that is no coroutine."""
    return asyncio.run(acall(app, headers, body, **how))
