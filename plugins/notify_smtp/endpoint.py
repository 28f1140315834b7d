"""Where to send and how: the settings of a transport, once they are understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from notify_smtp.scrub import encoded

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Secret
    from notify_smtp.replies import Rule

Tls = Literal["starttls", "implicit", "none"]
Mechanism = Literal["plain", "login", "xoauth2"]


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who logs in. `secret` is a password, or an access token for `xoauth2`.

    Without a `mechanism` the first of PLAIN and LOGIN that the server offers is used.
    """

    username: str = field(repr=False)
    secret: Secret
    mechanism: Mechanism | None = None

    @property
    def plain(self) -> str:
        """The response of SASL PLAIN (RFC 4616), in base64."""
        return encoded(f"\0{self.username}\0{self.secret.reveal()}")

    @property
    def xoauth2(self) -> str:
        """The response of XOAUTH2, in base64."""
        return encoded(f"user={self.username}\1auth=Bearer {self.secret.reveal()}\1\1")

    @property
    def hidden(self) -> tuple[str, ...]:
        """All texts that must be seen nowhere."""
        return (self.secret.reveal(), self.plain, self.xoauth2)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server as one transport uses it.

    Attributes:
        name: the transport's name.
        host: a name or an address; the certificate must be for it.
        port: the TCP port.
        tls: how TLS begins.
        credentials: who logs in, if anybody.
        ca_file: trusted certificates in PEM, instead of the system's.
        timeout: seconds for one answer.
        deadline: seconds for one message with all its attempts.
        pool: how many connections there may be at once.
        messages_per_connection: after how many messages a connection is given up.
        retries: how often a message that was put off is offered again.
        transcript: whether errors carry what was said.
        local_hostname: this machine's name for EHLO.
        large_bytes: the size from which on a warning is logged.
        rules: what the provider means by its replies.
        provider_id: a regular expression whose first group is the provider's id in the answer to the message.
        connect_advice: what to do when no connection comes about.
    """

    name: str
    host: str
    port: int
    tls: Tls = "starttls"
    credentials: Credentials | None = None
    ca_file: Path | None = None
    timeout: float = 30.0
    deadline: float = 300.0
    pool: int = 2
    messages_per_connection: int = 100
    retries: int = 0
    transcript: bool = False
    local_hostname: str | None = None
    large_bytes: int | None = None
    rules: tuple[Rule, ...] = ()
    provider_id: str = r"queued as (\S+)"
    connect_advice: str = ""
