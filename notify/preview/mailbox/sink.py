"""An SMTP server on loopback that takes every mail, of any program, and delivers none: it goes into the mailbox."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakSet

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.preview.mailbox.store import Mailbox

_LARGEST = 50 * 2**20
_LONGEST_LINE = 2**20
_PATIENCE = 10.0

_log = logging.getLogger("notify.preview")


class Sink:
    """The server. It wants neither TLS nor a login, and takes any login that a program insists on.

    `start` and `stop` run it in the event loop that calls them; as a context manager it has a thread of its own.

    Args:
        mailbox: where mails go.
        port: where it listens on 127.0.0.1; 0 takes any that is free.

    Attributes:
        host, port: where it listens; the port is known when it runs.

    Raises:
        ConfigError: aiosmtpd is not installed.
    """

    host = "127.0.0.1"

    def __init__(self, mailbox: Mailbox, *, port: int = 1025) -> None:
        try:
            import aiosmtpd  # noqa: F401 - only to know whether it is there
        except ImportError:
            raise ConfigError("an SMTP server needs aiosmtpd: pip install 'notify-framework[preview]'") from None
        self.port = port
        self._mailbox = mailbox
        self._server: asyncio.Server | None = None
        self._connections: WeakSet[Any] = WeakSet()

    async def start(self) -> None:
        """Listen.

        Raises:
            ConfigError: the port is in use, or may not be used.
        """
        logging.getLogger("mail").addHandler(logging.NullHandler())  # aiosmtpd tells of its own deprecations there
        try:
            self._server = await asyncio.get_running_loop().create_server(self._protocol(), self.host, self.port)
        except (OSError, OverflowError) as error:
            words = getattr(error, "strerror", None) or str(error)
            raise ConfigError(
                f"cannot take mail at {self.host}:{self.port}: {words}; give another port, or end what uses this one"
            ) from None
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and end what connections there are."""
        if self._server is not None:
            self._server.close()
            for connection in tuple(self._connections):
                if connection.transport is not None:
                    connection.transport.abort()
            await self._server.wait_closed()
            await asyncio.sleep(0)  # what was going on in the connections hears of it
            self._server = None

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self.start(), self._loop).result(_PATIENCE)
        except ConfigError:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.stop(), self._loop).result(_PATIENCE)
        self._end()

    # aiosmtpd calls this by name

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Put a mail into the mailbox."""
        try:
            await asyncio.to_thread(self._keep, envelope)
        except OSError as error:
            _log.warning("a mail could not be kept: %s", error)
            return f"452 4.3.1 Cannot keep it: {error.strerror}"
        return "250 2.0.0 Ok: kept, and delivered to nobody"

    def _keep(self, envelope: Any) -> None:
        sender = (envelope.mail_from or "").strip("<>")
        self._mailbox.add(envelope.original_content, envelope_sender=sender, recipients=envelope.rcpt_tos)
        try:
            self._mailbox.expire()
        except ConfigError as error:  # the mail itself is there
            _log.warning("an old mail could not be deleted: %s", error)

    def _protocol(self) -> Callable[[], asyncio.Protocol]:
        from aiosmtpd.smtp import SMTP, AuthResult

        class Patient(SMTP):
            line_length_limit = _LONGEST_LINE  # which it takes of the class only

        def protocol() -> asyncio.Protocol:
            connection: asyncio.Protocol = Patient(
                self,
                data_size_limit=_LARGEST,
                enable_SMTPUTF8=True,
                hostname="localhost",
                auth_require_tls=False,
                authenticator=lambda *_: AuthResult(success=True),
                loop=asyncio.get_running_loop(),
            )
            self._connections.add(connection)
            return connection

        return protocol

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
