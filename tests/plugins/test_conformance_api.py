"""SendGrid's HTTP API keeps the contract of transports, too; its counterpart shows how one for another API is made."""

from __future__ import annotations

import socket
from base64 import b64decode
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from servers.sendgrid_api import KEY, ApiServer, Step

from notify import (
    Address,
    Attachment,
    DeliveryError,
    Message,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.testing import Certificates
from notify.testing.conformance import Counterpart, Peer, Taken, TransportConformance
from notify.testing.conformance.base import a_message
from notify.testing.conformance.counterpart import REFUSED
from notify_sendgrid import SendGridApiTransport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from notify import Transport

_MANY = 40
_FAULTS: Mapping[str, tuple[type[DeliveryError], Step]] = {
    "another key": (TransportConfigError, Step(status=401, errors=((None, "authorization grant is invalid"),))),
    "quota used up": (ThrottledError, Step(status=401, errors=((None, "Maximum credits exceeded"),))),
    "sender not verified": (
        TransportConfigError,
        Step(status=403, errors=(("from", "not a verified Sender Identity"),)),
    ),
    "message refused": (RefusedError, Step(status=400, errors=(("subject", "not like this"),))),
    "message too large": (RefusedError, Step(status=413, body="<html>413 Request Entity Too Large</html>")),
    "too many at once": (ThrottledError, Step(status=429, errors=((None, "too many requests"),))),
    "out of order": (TemporaryError, Step(status=503, errors=((None, "come back later"),))),
    "lost after the request": (UnknownOutcomeError, Step(cut="taken")),
    "silence after the request": (UnknownOutcomeError, Step(silent=30.0)),
    "nobody listens": (TemporaryError, Step()),
}


class ApiCounterpart(Counterpart):
    """A stand-in for SendGrid's API."""

    faults: ClassVar[Mapping[str, type[DeliveryError]]] = {name: error for name, (error, _) in _FAULTS.items()}
    slow: ClassVar[frozenset[str]] = frozenset({"silence after the request"})

    def __init__(self, folder: Path) -> None:
        self._ca_file = Certificates(folder).ca_file

    @contextmanager
    def start(self, fault: str = "") -> Iterator[Peer]:
        """A server that runs in the block."""
        steps = [_FAULTS[fault][1]] * _MANY if fault and fault != "nobody listens" else []
        unknown = Step(status=400, errors=(("personalizations.0.to.0.email", "there is nobody of that name"),))
        with ApiServer(*steps, faulty={} if fault else {REFUSED: unknown}) as server:
            port = _closed_port() if fault == "nobody listens" else server.port
            timeout = 0.75 if fault in self.slow else 10.0
            yield Peer("127.0.0.1", port, "", KEY, self._ca_file, timeout, server)

    def taken(self, peer: Peer) -> Sequence[Taken]:
        """The messages that it took, as it would write them."""
        return [
            Taken(
                tuple(each["email"] for name in ("to", "cc", "bcc") for each in one.get(name, ())), _written(body, one)
            )
            for body in peer.server.accepted
            for one in body["personalizations"]
        ]


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _written(body: Mapping[str, Any], one: Mapping[str, Any]) -> bytes:
    bodies = {part["type"]: part["value"] for part in body["content"]}
    headers = {name: value for name, value in one["headers"].items() if name not in {"Message-ID", "Auto-Submitted"}}
    files = [
        Attachment(file["filename"], content=b64decode(file["content"]), type=file["type"], cid=file.get("content_id"))
        for file in body.get("attachments", ())
    ]
    people: dict[str, Any] = {name: [_address(each) for each in one.get(name, ())] for name in ("to", "cc")}
    return Message(
        sender=_address(body["from"]), **people, bcc="nobody@example.org", subject=body["subject"], headers=headers,
        text=bodies.get("text/plain"), html=bodies.get("text/html"), attachments=files,
        message_id=one["headers"]["Message-ID"], date=datetime(2026, 1, 1, tzinfo=UTC), boundary="=_of-the-api",
    ).as_bytes()  # fmt: skip


def _address(given: Mapping[str, str]) -> Address:
    return Address(given["email"], given.get("name", ""))


class TestSendGridApi(TransportConformance):
    """The `sendgrid_api` transport."""

    counterpart = ApiCounterpart

    def transport(self, peer: Peer | None, folder: Path) -> Transport:
        """Sends them over HTTP."""
        del folder
        assert peer is not None
        return SendGridApiTransport(
            api_key=peer.secret, base_url=f"http://{peer.host}:{peer.port}", timeout=peer.timeout, deadline=20.0
        )

    def test_a_refused_recipient_stops_no_other(self, carrier: Transport) -> None:
        """It does here: the API refuses a request as a whole, and says for whom."""
        with pytest.raises(RefusedError, match="there is nobody of that name"):
            carrier.send(a_message("ada@example.org", REFUSED))
