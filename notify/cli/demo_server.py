"""The SMTP server of the demo, which demands what SendGrid demands: TLS, the user `apikey`, and the right key."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Self

from notify.errors import ConfigError
from notify.testing import Certificates, RelayServer

if TYPE_CHECKING:
    from pathlib import Path

    from notify.testing import Relayed

USER = "apikey"


class DemoServer:
    """A relay server with a key of its own; a context manager.

    Args:
        folder: where the certificate authority's certificate is written.

    Attributes:
        accepted: what it took.

    Raises:
        ConfigError: the extra `demo` is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self._key = f"SG.demo-{secrets.token_urlsafe(16)}"
        try:
            self._certificates = Certificates(folder)
            self._relay = RelayServer(self._certificates, {USER: self._key})
        except ConfigError:
            raise ConfigError(
                "the SMTP server of the demo is not installed: pip install 'notify-framework[demo]', or use --no-smtp"
            ) from None
        self.accepted: list[Relayed] = self._relay.messages

    def __enter__(self) -> Self:
        self._relay.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._relay.__exit__()

    @property
    def dsn(self) -> str:
        """The DSN by which the `sendgrid` transport reaches it while it runs."""
        return f"sendgrid://{self._key}@{self._relay.host}:{self._relay.port}?ca_file={self._certificates.ca_file}"
