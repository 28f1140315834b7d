"""What tests of the SMTP transports share: a message, a key, and the types of their fixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from notify.message import Message

if TYPE_CHECKING:
    from notify.testing import ScriptedServer
    from notify_smtp import SmtpTransport

KEY = "SG.test-key"


class Serve(Protocol):
    """Starts a scripted server for the time of the test; keywords are the script."""

    def __call__(self, **script: Any) -> ScriptedServer:
        """Start it."""
        ...


class Connect(Protocol):
    """Makes a transport to a server, for the time of the test; keywords are further settings, None leaves one out."""

    def __call__(self, server: ScriptedServer, **settings: Any) -> SmtpTransport:
        """Make it."""
        ...


def a_message(*to: str, **parts: Any) -> Message:
    """A small message from hello@acme.example, to r1@example.org unless somebody else is named."""
    usual: dict[str, Any] = {
        "sender": "Acme <hello@acme.example>", "to": list(to) or ["r1@example.org"], "subject": "Hello",
        "text": "Hello.\n",
    }  # fmt: skip
    return Message(**{**usual, **parts})
