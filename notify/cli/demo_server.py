"""An SMTP server on loopback that demands what SendGrid demands: TLS, the user `apikey`, and the right key."""

from __future__ import annotations

import asyncio
import email
import logging
import secrets
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from notify.errors import ConfigError
from notify.testing import Certificates

if TYPE_CHECKING:
    from pathlib import Path

USER = "apikey"
_HOST = "127.0.0.1"
_LIMIT = 30_000_000


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the server took, and how it came."""

    message_id: str
    recipients: tuple[str, ...]
    size: int
    tls: str
    user: str


class DemoServer:
    """aiosmtpd in a thread of its own; a context manager.

    Args:
        folder: where the certificate authority's certificate is written.

    Attributes:
        accepted: what it took.
        dsn: the DSN by which the `sendgrid` transport reaches it.

    Raises:
        ConfigError: the extra `demo` is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import aiosmtpd  # noqa: F401 - only to know whether it is there
            import trustme  # noqa: F401 - the same
        except ImportError:
            raise ConfigError(
                "the SMTP server of the demo is not installed: pip install 'notify-framework[demo]', or use --no-smtp"
            ) from None
        logging.getLogger("mail").addHandler(logging.NullHandler())  # aiosmtpd warns of its own deprecations
        self.accepted: list[Accepted] = []
        self._key = f"SG.demo-{secrets.token_urlsafe(16)}"
        self._certificates = Certificates(folder)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._socket = socket.create_server((_HOST, 0))
        host, port = self._socket.getsockname()
        self.dsn = f"sendgrid://{self._key}@{host}:{port}?ca_file={self._certificates.ca_file}"

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a message."""
        message_id = str(email.message_from_bytes(envelope.content)["Message-ID"])
        tls = server.transport.get_extra_info("cipher")[1]
        user = session.auth_data.login.decode()
        recipients = tuple(envelope.rcpt_tos)
        self.accepted.append(Accepted(message_id, recipients, len(envelope.content), tls, user))
        return "250 Ok: queued as demo"

    async def _serve(self) -> None:
        self._server = await self._loop.create_server(self._protocol, sock=self._socket)

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _protocol(self) -> asyncio.Protocol:
        from aiosmtpd.smtp import SMTP

        protocol: asyncio.Protocol = SMTP(
            self,
            data_size_limit=_LIMIT,
            enable_SMTPUTF8=True,
            hostname="localhost",
            tls_context=self._certificates.context(),
            require_starttls=True,
            auth_required=True,
            authenticator=self._authenticate,
            loop=self._loop,
        )
        return protocol

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        right = given.login == USER.encode() and secrets.compare_digest(given.password, self._key.encode())
        return AuthResult(success=right, handled=False, auth_data=given)
