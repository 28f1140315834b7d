"""A well-behaved SMTP server on loopback, of aiosmtpd: TLS by STARTTLS or from the start, AUTH PLAIN and LOGIN.

It is nobody's of ours: what it takes, and how it reads it, is another implementation's word.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

if TYPE_CHECKING:
    from typing import Self

    from aiosmtpd.smtp import Envelope, Session

    from notify.testing import Certificates


class Mailbox:
    """Keeps what the server takes: envelopes and whether they came over TLS."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.logins: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message, as SendGrid would say it."""
        assert server.transport is not None
        assert session.ssl or server.transport.get_extra_info("sslcontext")
        self.envelopes.append(envelope)
        return f"250 Ok: queued as R{len(self.envelopes):021d}"


class MailServer:
    """The server; a context manager. `port` says where it listens, `mailbox` keeps what it took."""

    def __init__(self, certificates: Certificates, users: dict[str, str], *, implicit: bool = False) -> None:
        self.mailbox = Mailbox()
        self.port = 0
        self._users = users
        self._context = certificates.context()
        self._implicit = implicit
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        ssl_context = self._context if self._implicit else None
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0, ssl=ssl_context)

    async def _stop(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _protocol(self) -> SMTP:
        return SMTP(
            self.mailbox,
            hostname="relay.example",
            loop=self._loop,
            tls_context=None if self._implicit else self._context,
            require_starttls=not self._implicit,
            authenticator=self._authenticate,
            auth_required=True,
            auth_require_tls=not self._implicit,
            enable_SMTPUTF8=True,
            data_size_limit=31457280,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.mailbox.logins.append(mechanism)
        return AuthResult(success=self._users.get(data.login.decode()) == data.password.decode(), handled=False)
