"""The web application on a real server, and what a webhook fetches from one."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE
from preview.serving import served
from starlette.applications import Starlette
from starlette.routing import Mount
from webhooks.kept import Kept
from webhooks.sendgrid_calls import MESSAGE_ID, NOW, an_event, body_of, new_key, shown, signed

from notify.feedback import WebhookApp, WebhookError
from notify.testing import Certificates
from notify_sendgrid.webhook import SendGridWebhook
from notify_ses.certificates import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = new_key()
BODY = body_of(an_event())


def post(port: int, body: bytes, headers: dict[str, str], path: str = "/webhooks/sendgrid/") -> int:
    """The status of a call over HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def mounted(kept: Kept, timeout: float = 30.0) -> Starlette:
    """The application below a path of another one."""
    app = WebhookApp(SendGridWebhook(shown(KEY), clock=lambda: NOW), kept, limit=100_000, timeout=timeout)
    return Starlette(routes=[Mount("/webhooks/sendgrid", app)])


def test_it_is_mounted_below_a_path(tmp_path: Path) -> None:
    """Good calls are recorded, forged and oversized ones are not."""
    kept = Kept(tmp_path / "events.db", MESSAGE_ID)
    with served(mounted(kept)) as port:
        statuses = [
            post(port, BODY, signed(KEY, BODY)),
            post(port, BODY, signed(new_key(), BODY)),
            post(port, b" " * 100_001, signed(KEY, b" " * 100_001)),
        ]

    assert [204, 403, 413] == statuses
    assert {MESSAGE_ID: ("delivered", 1)} == kept.messages()


def test_a_call_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    """Nor does one whose body does not come, which is answered 408."""
    kept = Kept(tmp_path / "events.db", MESSAGE_ID)
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(KEY, BODY).items())
    call = f"POST /webhooks/sendgrid/ HTTP/1.1\r\nhost: x\r\n{head}content-length: {len(BODY)}\r\n\r\n".encode()
    with served(mounted(kept, timeout=0.1)) as port:
        with socket.create_connection(("127.0.0.1", port), 10) as broken:
            broken.sendall(call + BODY[:-9])
        with socket.create_connection(("127.0.0.1", port), 10) as slow:
            slow.sendall(call + BODY[:-9])
            answer = slow.recv(1000)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert {MESSAGE_ID: ("sent", 0)} == kept.messages()


@contextmanager
def https(answer: bytes, status: int = 200, certificates: Certificates | None = None) -> Iterator[str]:
    """A server that has one answer; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.send_header("location", "/elsewhere")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificates:
            server.socket = certificates.context().wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"https://localhost:{server.server_port}/x.pem"
        finally:
            server.shutdown()
            thread.join(10)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of an authority that no client knows by itself."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


def test_what_is_at_a_url_is_fetched(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a server whose certificate can be trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_file))
    with https(b"certificate", certificates=certificates) as url:
        assert b"certificate" == fetch(url)


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (b"", 302, "SNS answered 302"),
        (b"", 404, "SNS answered 404"),
        (b"x" * 65537, 200, "SNS answered with more than 65536 octets"),
    ],
)
def test_redirects_faults_and_too_much_are_not_taken(
    answer: bytes, status: int, reason: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is to come again."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca_file))
    with https(answer, status, certificates) as url, pytest.raises(WebhookError) as caught:
        fetch(url)

    assert (503, reason) == (caught.value.status, caught.value.reason)


def test_a_server_that_cannot_be_trusted_or_reached_gives_nothing(certificates: Certificates) -> None:
    """Nor is it asked without TLS."""
    with (
        https(b"certificate", certificates=certificates) as url,
        pytest.raises(WebhookError, match="cannot be reached"),
    ):
        fetch(url)
    with pytest.raises(WebhookError, match="cannot be reached"):
        fetch("https://127.0.0.1:1/x.pem")
