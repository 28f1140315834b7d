"""What a transport under test talks to: a server that can be told to go wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from notify.errors import DeliveryError, RefusedError, TemporaryError, TransportConfigError, UnknownOutcomeError
from notify.testing.certificates import Certificates
from notify.testing.smtpserver import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

REFUSED = "refused@example.org"
"""The one address that a good counterpart does not know."""
_SHORT, _LONG = 0.75, 10.0
"""Seconds: where silence is waited for, and where a busy machine must not be taken for it."""
SECRET = "kit-7f3a9c-never-shown"  # noqa: S105 - of a server that lives for one test


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken.

    Attributes:
        recipients: the envelope's recipients.
        data: the message as it came (RFC 5322).
    """

    recipients: tuple[str, ...]
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that runs.

    Attributes:
        host, port: where it listens.
        username, secret: who may use it.
        ca_file: the authority of its certificate.
        timeout: seconds of silence after which a transport should give up, so that the tests are soon done.
        server: the server itself.
    """

    host: str
    port: int
    username: str
    secret: str = field(repr=False)
    ca_file: Path
    timeout: float
    server: Any


class Counterpart(ABC):
    """A kind of server: one for SMTP is here, and one for an HTTP API would be a subclass like it.

    Args:
        folder: where it may write files.
    """

    faults: ClassVar[Mapping[str, type[DeliveryError]]]
    """What it can be told to do wrong, and the error that a transport then owes its caller."""
    slow: ClassVar[frozenset[str]] = frozenset()
    """The faults among them that are silence, which a transport ends by its own timeout."""

    @abstractmethod
    def __init__(self, folder: Path) -> None: ...

    @abstractmethod
    def start(self, fault: str = "") -> AbstractContextManager[Peer]:
        """A server that runs in the block: a good one, which refuses `REFUSED` only, or one with a fault."""

    @abstractmethod
    def taken(self, peer: Peer) -> Sequence[Taken]:
        """The messages that it took, in their order."""


def _rule(at: str, *actions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"rules": [{"at": at, "do": list(actions), **more}]}


_SMTP: Mapping[str, tuple[type[DeliveryError], Mapping[str, Any]]] = {
    "nobody listens": (TemporaryError, {"listen": False}),
    "closed for now": (TemporaryError, _rule("connect", {"reply": "421 4.3.2 come back later"}, {"close": True})),
    "no TLS": (TransportConfigError, {"ehlo_lines": ["AUTH PLAIN LOGIN"]}),
    "certificate of nobody": (TransportConfigError, {"cert": "selfsigned"}),
    "certificate of another": (TransportConfigError, {"cert": "wronghost"}),
    "another key": (TransportConfigError, {"users": {"kit": "another"}}),
    "sender put off": (TemporaryError, _rule("mail", {"reply": "451 4.3.0 later"})),
    "recipient put off": (TemporaryError, _rule("rcpt", {"reply": "450 4.2.0 mailbox busy"})),
    "recipient refused": (RefusedError, _rule("rcpt", {"reply": "550 5.1.1 no such user"})),
    "lost at first": (TemporaryError, _rule("mail", {"reset": True})),
    "lost before the text": (TemporaryError, _rule("data", {"close": True})),
    "message put off": (TemporaryError, _rule("eod", {"reply": "452 4.3.1 queue full"})),
    "message refused": (RefusedError, _rule("eod", {"reply": "554 5.7.1 looks like spam"})),
    "lost after the text": (UnknownOutcomeError, _rule("eod", {"accept": True}, {"close": True})),
    "silence at first": (TemporaryError, _rule("connect", {"hang": 30})),
    "silence before the text": (TemporaryError, _rule("mail", {"hang": 30})),
    "silence after the text": (UnknownOutcomeError, _rule("eod", {"accept": True}, {"hang": 30})),
}


class SmtpCounterpart(Counterpart):
    """An SMTP server with STARTTLS that wants a password."""

    faults: ClassVar[Mapping[str, type[DeliveryError]]] = {name: error for name, (error, _) in _SMTP.items()}
    slow: ClassVar[frozenset[str]] = frozenset(name for name in _SMTP if name.startswith("silence"))

    def __init__(self, folder: Path) -> None:
        self._certificates = Certificates(folder)

    @contextmanager
    def start(self, fault: str = "") -> Iterator[Peer]:
        """A server that runs in the block."""
        good = _rule("rcpt", {"reply": "550 5.1.1 no such user"}, match=f"^{REFUSED}$")
        script = {"require_tls": True, "require_auth": True, "users": {"kit": SECRET}}
        with ScriptedServer({**script, **(_SMTP[fault][1] if fault else good)}, self._certificates) as server:
            timeout = _SHORT if fault in self.slow else _LONG
            yield Peer(server.host, server.port, "kit", SECRET, self._certificates.ca_file, timeout, server)

    def taken(self, peer: Peer) -> Sequence[Taken]:
        """The messages that it took."""
        return [Taken(each.recipients, each.data) for each in peer.server.messages]
