"""Every built-in transport keeps the contract of transports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from notify.message import Trace
from notify.testing.conformance import Peer, SmtpCounterpart, Taken, TransportConformance
from notify_chaos import Chaos
from notify_console import Console
from notify_failover import Failover, RoundRobin
from notify_file import File
from notify_memory import Memory
from notify_null import Null
from notify_sendgrid import SendGridTransport
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify import Transport


def _smtp(peer: Peer | None, **more: Any) -> SmtpTransport:
    assert peer is not None
    return SmtpTransport(
        host=peer.host, port=peer.port, username=peer.username, password=peer.secret, ca_file=peer.ca_file,
        timeout=peer.timeout, **more,
    )  # fmt: skip


def _kept(memory: Memory) -> list[Taken]:
    return [Taken(each.envelope.recipients, each.as_bytes()) for each in memory.messages]


def _read(path: Path) -> Taken:
    """A kept message: the lines of its envelope stand before it."""
    data = path.read_bytes()
    first = re.search(rb"^(From|Date|Message-ID|MIME-Version|Subject|To):", data, re.MULTILINE)
    assert first is not None
    return Taken(Trace.read(data).recipients, data[first.start() :])


class TestMemory(TransportConformance):
    """The `memory` transport."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Keeps them."""
        del peer, folder
        return Memory()

    def taken(self, transport: Transport, peer: Peer | None, folder: Path) -> Sequence[Taken]:
        """Those that it keeps."""
        del peer, folder
        return _kept(cast("Memory", transport))


class TestFile(TransportConformance):
    """The `file` transport."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Writes them."""
        del peer
        return File(folder=folder / "mail")

    def taken(self, transport: Transport, peer: Peer | None, folder: Path) -> Sequence[Taken]:
        """The files."""
        del transport, peer
        return [_read(path) for path in sorted((folder / "mail").glob("*.eml"))]


class TestMaildir(TestFile):
    """The `file` transport with a maildir."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Writes them."""
        del peer
        return File(folder=folder / "mail", format="maildir")

    def taken(self, transport: Transport, peer: Peer | None, folder: Path) -> Sequence[Taken]:
        """The new ones."""
        del transport, peer
        return [_read(path) for path in sorted((folder / "mail" / "new").glob("*"))]


class TestConsole(TransportConformance):
    """The `console` transport."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Prints them."""
        del peer, folder
        return Console()


class TestNull(TransportConformance):
    """The `null` transport."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Forgets them."""
        del peer, folder
        return Null()


class TestSmtp(TransportConformance):
    """The `smtp` transport."""

    counterpart = SmtpCounterpart

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them."""
        del folder
        return _smtp(peer)


class TestSendGrid(TransportConformance):
    """The `sendgrid` transport, with a stand-in for SendGrid's server."""

    counterpart = SmtpCounterpart

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them."""
        del folder
        assert peer is not None
        peer.server.script.users["apikey"] = peer.server.script.users.get("kit", "another")
        return SendGridTransport(
            host=peer.host, port=peer.port, api_key=peer.secret, ca_file=peer.ca_file, timeout=peer.timeout
        )


class TestFailover(TransportConformance):
    """The `failover` transport of one over SMTP."""

    counterpart = SmtpCounterpart

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them through the one."""
        del folder
        return Failover(transports=[_smtp(peer)])


class TestFailoverOfMemory(TestMemory):
    """The `failover` transport of two that always work."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them through the first."""
        del peer, folder
        return Failover(transports=[Memory(name="first"), Memory(name="second")])

    def taken(self, transport: Transport, peer: Peer | None, folder: Path) -> Sequence[Taken]:
        """Those of the first; the second has none."""
        del peer, folder
        first, second = cast("Failover", transport).transports
        assert [] == _kept(cast("Memory", second))
        return _kept(cast("Memory", first))


class TestRoundRobin(TestMemory):
    """The `roundrobin` transport of two that always work."""

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them through both in turn."""
        del peer, folder
        return RoundRobin(transports=[Memory(name="first"), Memory(name="second")])

    def taken(self, transport: Transport, peer: Peer | None, folder: Path) -> Sequence[Taken]:
        """Those of both."""
        del peer, folder
        return [taken for each in cast("RoundRobin", transport).transports for taken in _kept(cast("Memory", each))]


class TestChaos(TransportConformance):
    """The `chaos` transport without any fault, over SMTP."""

    counterpart = SmtpCounterpart

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them through the one."""
        del folder
        return Chaos(transports=[_smtp(peer)])
