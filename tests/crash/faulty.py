"""An SMTP server at which about every tenth message meets a fault, by chance, and which journals what it takes."""

from __future__ import annotations

import email
import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crash.journal import Journal

from notify.testing.script import Script
from notify.testing.smtpserver import ScriptedServer

if TYPE_CHECKING:
    from notify.testing.dialogue import Dialogue

_FAULTS: tuple[tuple[str, float, tuple[dict[str, Any], ...]], ...] = (
    ("connect", 0.02, ({"reply": "421 4.3.2 not now"}, {"close": True})),
    ("mail", 0.01, ({"reply": "451 4.3.0 later"},)),
    ("mail", 0.01, ({"close": True},)),
    ("rcpt", 0.01, ({"reply": "450 4.2.0 later"},)),
    ("rcpt", 0.01, ({"reply": "550 5.1.1 nobody"},)),
    ("data", 0.01, ({"reply": "451 4.3.0 later"},)),
    ("body", 0.01, ({"reset": True},)),
    ("eod", 0.01, ({"reply": "452 4.3.1 no room"},)),
    ("eod", 0.01, ({"reply": "554 5.6.0 spam"},)),
    ("eod", 0.01, ({"close": True},)),
    ("eod", 0.01, ({"accept": True}, {"close": True})),
    ("eod", 0.005, ({"accept": True}, {"raw": "250"}, {"reset": True})),
    ("eod", 0.005, ({"accept": True}, {"raw": "hello\r\n"}, {"close": True})),
)


class FaultyServer(ScriptedServer):
    """The server.

    Args:
        journal: where what it takes is written down.
        seed: what its chances come from.
    """

    def __init__(self, journal: Journal, seed: int) -> None:
        rules = [{"at": at, "chance": chance, "do": do} for at, chance, do in _FAULTS]
        super().__init__(Script.read({"tls": "none", "seed": seed, "rules": rules}))
        self._journal = journal

    def take(self, dialogue: Dialogue, *, answered: bool) -> None:
        """Write down a message, before it is answered."""
        mail = email.message_from_bytes(dialogue.wire)
        self._journal.write(
            "accepted",
            message_id=mail["Message-ID"],
            recipient=dialogue.recipients[0],
            digest=hashlib.sha256(dialogue.wire).hexdigest(),
            answered=answered,
        )


def run(folder: str, *, seed: int = 0) -> int:
    """Serve for ever, at the port that the file `port` says."""
    with FaultyServer(Journal(Path(folder) / "journal"), seed) as server:
        (Path(folder) / "port").write_text(str(server.port), encoding="utf-8")
        threading.Event().wait()
    return 0
