"""A stand-in for SendGrid's HTTP API: checks what it is sent, keeps it, answers by a script, and cuts anywhere."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping

KEY = "SG.test-key"
SCHEMA = json.loads((Path(__file__).parent.parent / "data/sendgrid_mail_send.schema.json").read_text(encoding="utf-8"))
_SEND = "/v3/mail/send"
_MOST_PEOPLE = 1000
_LARGEST_ARGUMENTS = 10_000
_FURTHEST = 72 * 3600
_BLOCK = 65536
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Step:
    """What is done with one request instead of what a good server does.

    Attributes:
        status: the status of the answer.
        errors: the errors in its body: (field, message).
        headers: further headers.
        body: the body, word for word, instead.
        raw: the answer, word for word, instead of all these; then the connection is closed.
        drip: as `raw`, one octet each so many seconds.
        silent: seconds of silence, and then the connection is closed.
        cut: close the connection: at `connect`, after the `head` of the request, in its `body` (after 1000 octets),
            after the request is `taken` (and it is), after it is `dropped` (and it is not), or in the answer's `text`.
        reset: cut by a reset.
    """

    status: int = 0
    errors: tuple[tuple[str | None, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    raw: bytes | None = None
    drip: float = 0.0
    silent: float = 0.0
    cut: str = ""
    reset: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request that was read whole."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int

    @property
    def document(self) -> Any:
        """The body."""
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return json.loads(body)


class _OverError(Exception):
    """The connection is over."""


class ApiServer:
    """The server, on loopback.

    Args:
        steps: what is done with the first requests, one each; then it is a good server.
        context: for TLS.
        documents: what GET answers, by path.
        faulty: what is done with a request whatever its turn, by a text in its body.
        clock: seconds that its clock is ahead.

    Attributes:
        accepted: the documents that it took.
        requests: all that it read whole.
        violations: what was wrong with them.
        connections: how many there were.
    """

    def __init__(
        self,
        *steps: Step,
        context: ssl.SSLContext | None = None,
        documents: Mapping[str, Any] | None = None,
        faulty: Mapping[str, Step] | None = None,
        clock: float = 0.0,
    ) -> None:
        self._steps = list(steps)
        self._context = context
        self._documents = {"/v3/scopes": {"scopes": ["mail.send", "sender_verification_eligible"]}, **(documents or {})}
        self._faulty = dict(faulty or {})
        self._clock = clock
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closing = threading.Event()
        self.accepted: list[Any] = []
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    @property
    def people(self) -> list[str]:
        """Whom the messages that it took go to, in the order in which it took them."""
        return [
            address["email"]
            for document in self.accepted
            for each in document["personalizations"]
            for name in ("to", "cc", "bcc")
            for address in each.get(name, ())
        ]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._thread.join(5.0)

    def _listen(self) -> None:
        threads = []
        while not self._closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                break
            self.connections += 1
            threads.append(threading.Thread(target=self._serve, args=(sock, self.connections), daemon=True))
            threads[-1].start()
        for thread in threads:
            thread.join(5.0)

    def _serve(self, sock: socket.socket, number: int) -> None:
        try:
            if self._peek().cut == "connect":
                self._cut(sock, self._take(b""))
            if self._context is not None:
                sock = self._context.wrap_socket(sock, server_side=True)
            self._open.add(sock)
            while self._request(sock, number):
                pass
        except (OSError, _OverError):
            pass
        finally:
            self._open.discard(sock)
            sock.close()

    def _request(self, sock: socket.socket, number: int) -> bool:
        """Read a request and answer it; whether the connection goes on."""
        head, body = self._head(sock)
        if self._peek().cut == "head":
            self._cut(sock, self._take(b""))
        first, *lines = head.decode().split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(body) < length:
            if self._peek().cut == "body" and len(body) > 1000:
                self._cut(sock, self._take(b""))
            if not (block := sock.recv(_BLOCK)):
                raise _OverError
            body += block
        request = Request(method, path, headers, body, number)
        with self._lock:
            self.requests.append(request)
        return self._answer(sock, request, self._take(body))

    def _answer(self, sock: socket.socket, request: Request, step: Step) -> bool:
        if step.cut == "dropped":
            self._cut(sock, step)
        if step.silent:
            self._closing.wait(step.silent)
            raise _OverError
        if step.raw is not None:
            for octet in [step.raw] if not step.drip else [step.raw[n : n + 1] for n in range(len(step.raw))]:
                sock.sendall(octet)
                self._closing.wait(step.drip)
            raise _OverError
        status, headers, text = self._reply(request, step)
        if step.cut == "taken":
            self._cut(sock, step)
        headers = {"Date": formatdate(time.time() + self._clock, usegmt=True), **headers, **step.headers}
        written = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        reason = HTTPStatus(status).phrase
        length = len(text) + (10 if step.cut == "text" else 0)
        sock.sendall(f"HTTP/1.1 {status} {reason}\r\n{written}Content-Length: {length}\r\n\r\n".encode() + text)
        if step.cut == "text":
            self._cut(sock, step)
        return True

    def _reply(self, request: Request, step: Step) -> tuple[int, dict[str, str], bytes]:
        """The status, the headers and the body of the answer."""
        if step.body is not None:
            return step.status, {"Content-Type": "text/html"}, step.body.encode()
        if step.status:
            return step.status, _JSON, _faults(step.errors) if step.errors else b""
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return 401, _JSON, _faults([(None, "The provided authorization grant is invalid, expired, or revoked")])
        if request.method == "GET":
            found = self._documents.get(request.path)
            known = found is not None
            return (
                (200, _JSON, json.dumps(found).encode())
                if known
                else (403, _JSON, _faults([(None, "access forbidden")]))
            )
        return self._send(request.document) if request.path == _SEND else (404, _JSON, b"")

    def _send(self, document: Any) -> tuple[int, dict[str, str], bytes]:
        faults = violations(document)
        with self._lock:
            self.violations += faults
            if not faults:
                self.accepted.append(document)
            number = len(self.accepted)
        if faults:
            return 400, _JSON, _faults([(None, fault) for fault in faults])
        if document.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return 200, {}, b""
        return 202, {"X-Message-Id": f"id-{number}"}, b""

    def _peek(self) -> Step:
        with self._lock:
            return self._steps[0] if self._steps else Step()

    def _take(self, body: bytes) -> Step:
        for text, step in self._faulty.items():
            if text.encode() in body:
                return step
        with self._lock:
            return self._steps.pop(0) if self._steps else Step()

    def _head(self, sock: socket.socket) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            if not (block := sock.recv(_BLOCK)):
                raise _OverError
            data += block
        head, _, rest = data.partition(b"\r\n\r\n")
        return head, rest

    def _cut(self, sock: socket.socket, step: Step) -> None:
        if step.reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _OverError


def _faults(named: Iterable[tuple[str | None, str]]) -> bytes:
    errors = [{"message": message, "field": name, "help": None} for name, message in named]
    return json.dumps({"errors": errors}).encode()


def violations(document: Any) -> list[str]:
    """What the published reference says against the body of a request."""
    found = [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(SCHEMA).iter_errors(document)
    ]
    if found:
        return found
    people = 0
    for number, each in enumerate(document["personalizations"]):
        emails = [address["email"].lower() for name in ("to", "cc", "bcc") for address in each.get(name, ())]
        people += len(emails)
        if len(set(emails)) < len(emails):
            found.append(f"personalizations.{number}: each address once")
        if len(json.dumps(each.get("custom_args", {}))) > _LARGEST_ARGUMENTS:
            found.append(f"personalizations.{number}.custom_args: more than 10,000 bytes")
        if each.get("send_at", 0) > time.time() + _FURTHEST:
            found.append(f"personalizations.{number}.send_at: more than 72 hours ahead")
    if people > _MOST_PEOPLE:
        found.append(f"personalizations: {people} people")
    return found
