"""Real servers for the tests of the SMTP transports."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import KEY

from notify.testing import Certificates, ScriptedServer
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers.scripted import Connect, Serve


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of an authority that the transports under test trust."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def serve(certificates: Certificates) -> Iterator[Serve]:
    """Scripted servers, stopped after the test."""
    with ExitStack() as stack:

        def start(**script: Any) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(script, certificates))

        yield start


@pytest.fixture
def connect(certificates: Certificates) -> Iterator[Connect]:
    """Transports with short timeouts that log in as `apikey`, closed after the test."""
    with ExitStack() as stack:

        def make(server: ScriptedServer, **settings: Any) -> SmtpTransport:
            usual: dict[str, Any] = {
                "host": "127.0.0.1", "port": server.port, "username": "apikey", "password": KEY,
                "ca_file": certificates.ca_file, "timeout": 2.0,
            }  # fmt: skip
            given = {name: value for name, value in {**usual, **settings}.items() if value is not None}
            return stack.enter_context(SmtpTransport(name="relay", **given))

        yield make
