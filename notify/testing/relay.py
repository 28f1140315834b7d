"""A well-behaved SMTP server on loopback, of aiosmtpd: TLS by STARTTLS or from the start, AUTH PLAIN and LOGIN.

It is nobody's of ours: what it takes, and how it reads it, is another implementation's word.

```python
with RelayServer(certificates, {"apikey": "SG.key"}) as server:
    ...  # send to server.host, server.port
    assert len(server.messages) == 1
```
"""

from __future__ import annotations

import asyncio
import email
import logging
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.testing.certificates import Certificates

_LIMIT = 30 * 1024 * 1024
_PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Relayed:
    """A message that the server took.

    Attributes:
        sender: the envelope's sender.
        recipients: the envelope's recipients.
        data: the octets, without the stuffed dots.
        tls: the version of TLS under which it came.
        user: who had logged in.
    """

    sender: str
    recipients: tuple[str, ...]
    data: bytes = field(repr=False)
    tls: str
    user: str

    @property
    def message_id(self) -> str:
        """The Message-ID, with angle brackets."""
        return str(email.message_from_bytes(self.data)["Message-ID"])


class RelayServer:
    """The server; a context manager. It takes mail over TLS from whom it knows; what it took can be read at any time.

    Args:
        certificates: where its certificate comes from.
        users: passwords by user name.
        implicit: TLS from the start instead of STARTTLS.

    Attributes:
        host, port: where it listens; the port is known when it runs.
        messages: what it took, in this order.
        logins: the mechanism of each attempt to log in.

    Raises:
        ConfigError: aiosmtpd is not installed.
    """

    host = "127.0.0.1"

    def __init__(self, certificates: Certificates, users: Mapping[str, str], *, implicit: bool = False) -> None:
        try:
            import aiosmtpd  # noqa: F401 - only to know whether it is there
        except ImportError:
            raise ConfigError("a relay server needs aiosmtpd: pip install 'notify-framework[demo]'") from None
        self._users = dict(users)
        self._certificates = certificates
        self._implicit = implicit
        self.port = 0
        self.messages: list[Relayed] = []
        self.logins: list[str] = []

    def __enter__(self) -> Self:
        logging.getLogger("mail").addHandler(logging.NullHandler())  # aiosmtpd warns of its own deprecations
        self._context = self._certificates.context()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(_PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    # aiosmtpd calls these two by name

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a sender that has logged in."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a message, in SendGrid's words."""
        self.messages.append(
            Relayed(
                sender=envelope.mail_from,
                recipients=tuple(envelope.rcpt_tos),
                data=envelope.original_content,
                tls=server.transport.get_extra_info("cipher")[1],
                user=session.auth_data.login.decode(),
            )
        )
        return f"250 Ok: queued as R{len(self.messages):021d}"

    async def _listen(self) -> None:
        context = self._context if self._implicit else None
        self._server = await self._loop.create_server(self._protocol, self.host, 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

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
            tls_context=None if self._implicit else self._context,
            require_starttls=not self._implicit,
            auth_require_tls=not self._implicit,  # it does not see TLS that was there from the start
            authenticator=self._authenticate,
            loop=self._loop,
        )
        return protocol

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, mechanism: str, given: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        self.logins.append(mechanism)
        password = self._users.get(given.login.decode("utf-8", "replace"))
        right = password is not None and secrets.compare_digest(given.password, password.encode())
        return AuthResult(success=right, handled=False, auth_data=given)
