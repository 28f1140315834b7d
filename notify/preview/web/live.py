"""The stream of events that open pages listen to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from notify.preview.events import Event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from notify.preview.desk import Desk

_PING = 15.0
"""Seconds of silence after which the stream shows that it is alive, for proxies that would else close it."""


class Live:
    """The stream `/events`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Where it is."""
        return [Route("/events", self.stream)]

    async def stream(self, _: Request) -> Response:
        """Server-sent events, until the page goes away or the preview is closed."""
        if not self._desk.live:
            return PlainTextResponse("This preview tells no events.\n", status_code=404)
        return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[bytes]:
        desk = self._desk
        with desk.hub.subscription(desk.watcher.adjust) as queue:
            yield b"retry: 500\n\n" + Event("hello", {"version": desk.token[:8]}).encoded()
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _PING)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if event.kind == "bye":
                    return
                yield event.encoded()
