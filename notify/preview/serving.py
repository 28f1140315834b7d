"""Serving the preview on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError
from notify.preview import LOOPBACK
from notify.preview.application import application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from notify.preview.desk import Desk


def serve(desk: Desk, *, host: str, port: int, smtp: int | None, ready: Callable[[str, int | None], None]) -> None:
    """Serve until interrupted.

    Args:
        desk: what is served.
        host: the address or name to listen on; it is answered to as well.
        port: the port; 0 for any that is free.
        smtp: the port of the SMTP sink; 0 for any that is free, None for no sink.
        ready: called with the URL, and the port of the sink, when both listen.

    Raises:
        ConfigError: a port is in use, or the host is not one of this machine.
    """
    listening = _listen(host, port)
    url = f"http://{_bracketed(host)}:{listening.getsockname()[1]}/"
    hosts = None if _is_every(host) else {*LOOPBACK, host}
    app = application(desk, hosts=hosts)
    try:
        asyncio.run(_serve(desk, app, listening, smtp, lambda sink: ready(url, sink)))
    finally:
        listening.close()
        desk.close()


async def _serve(
    desk: Desk, app: Any, listening: socket.socket, smtp: int | None, ready: Callable[[int | None], None]
) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            # Streams of events would else keep it from ending.
            desk.hub.publish("bye")
            super().handle_exit(sig, frame)

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2, server_header=False
    )
    async with _sink(desk, smtp) as port:
        ready(port)
        await Server(config).serve(sockets=[listening])


@contextlib.asynccontextmanager
async def _sink(desk: Desk, port: int | None) -> AsyncIterator[int | None]:
    """The SMTP sink, if one is wanted."""
    if port is None:
        yield None
        return
    from notify.preview.mailbox import Sink

    sink = Sink(desk.mailbox, port=port)
    await sink.start()
    try:
        yield sink.port
    finally:
        await sink.stop()


def is_loopback(host: str) -> bool:
    """Whether a host can be reached from this machine only."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host.lower() == "localhost"


def _is_every(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_unspecified
    return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, UnicodeError) as error:
        hint = "; --port takes another" if port else ""
        why = str((error.strerror if isinstance(error, OSError) else None) or error)
        why = why.partition(" (while attempting")[0]  # create_server() says the address once more
        raise ConfigError(f"cannot listen on {_bracketed(host)}:{port}: {why}{hint}") from error


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
