"""An SMTP server on loopback that follows a script, keeps what it is sent, and can misbehave at any phase.

```python
with ScriptedServer({"rules": [{"at": "eod", "do": [{"accept": True}, {"close": True}]}]}, certificates) as server:
    ...  # send to 127.0.0.1, server.port
    assert len(server.messages) == 1
```
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
import re
import socket
import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from notify.errors import ConfigError
from notify.testing.dialogue import Dialogue
from notify.testing.script import Rule, Script

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from notify.testing.certificates import Certificates

_BACKLOG = 128
_JOIN = 5.0


@dataclass(frozen=True, slots=True)
class Received:
    """A message that the server took.

    Attributes:
        sender: the envelope's sender.
        recipients: the envelope's recipients.
        data: the octets, without the stuffed dots.
        wire: the octets between DATA and the final dot as they came.
        options: what MAIL said after the address.
        session: in which connection it came, counted from 1.
        user: who had logged in.
        secured: whether it came over TLS.
        answered: whether the server said that it took it.
    """

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    wire: bytes
    options: str
    session: int
    user: str | None
    secured: bool
    answered: bool


class ScriptedServer:
    """The server; a context manager. What it saw can be read at any time, also after it has stopped.

    Args:
        script: what it does, as a `Script` or as plain data.
        certificates: needed for TLS.

    Attributes:
        host, port: where it listens.
        script: what it does.
        messages: what it took, in this order.
        commands: the commands that came, with passwords masked, as (connection, line).
        connections: how many there were.
        ahead: how many commands and texts were followed by something before they were answered.
        auth_in_clear: how many times AUTH came without TLS.
        data_bytes: how many octets came after DATA, dots and all.
        violations: commands that RFC 5321 does not allow.
        stopping: set when the server is about to stop.
    """

    host = "127.0.0.1"

    def __init__(
        self, script: Script | Mapping[str, Any] | None = None, certificates: Certificates | None = None
    ) -> None:
        self._certificates = certificates
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._dialogues: list[tuple[Dialogue, threading.Thread]] = []
        self.stopping = threading.Event()
        self.port = 0
        self.messages: list[Received] = []
        self.commands: list[tuple[int, str]] = []
        self.connections = 0
        self.ahead = 0
        self.auth_in_clear = 0
        self.data_bytes = 0
        self.violations: list[str] = []
        self.script = script if isinstance(script, Script) else Script.read(script or {})
        self._random = random.Random(self.script.seed)  # noqa: S311 - chance, not secrecy
        self._used: Counter[int] = Counter()
        self._reached: Counter[str] = Counter()

    def heal(self) -> None:
        """Be a good server from now on: no rule of the script holds any more, and who did not listen does."""
        with self._lock:
            deaf = self.script.listen is False
            self.script = dataclasses.replace(self.script, rules=(), listen=self.script.listen or True)
        if deaf and self._held:
            self._listen(self._held[0])

    def __enter__(self) -> Self:
        listener = socket.socket()
        listener.bind((self.host, 0))
        self.port = listener.getsockname()[1]
        self._held.append(listener)
        if self.script.listen is True:
            self._listen(listener)
        elif self.script.listen == "blackhole":
            self._clog(listener)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        if self.script.listen is True:
            with contextlib.suppress(OSError):
                socket.create_connection((self.host, self.port), _JOIN).close()
            self._acceptor.join(_JOIN)
        for sock in self._held:
            sock.close()
        for dialogue, thread in self._dialogues:
            dialogue.abort()
            thread.join(_JOIN)

    def pick(self, phase: str, argument: str, session: int) -> Rule | None:
        """The rule for this moment, which is then used once more; for dialogues."""
        with self._lock:
            self._reached[phase] += 1
            for number, rule in enumerate(self.script.rules):
                if not rule.fits(phase, argument, session, self._reached[phase]):
                    continue
                if rule.chance < 1 and self._random.random() >= rule.chance:
                    continue
                if rule.times is None or self._used[number] < rule.times:
                    self._used[number] += 1
                    return rule
        return None

    def saw(self, session: int, command: str) -> None:
        """Note a command; for dialogues."""
        self.commands.append((session, command))

    def take(self, dialogue: Dialogue, *, answered: bool) -> None:
        """Keep the message of a dialogue; for dialogues."""
        self.messages.append(
            Received(
                sender=dialogue.sender or "",
                recipients=tuple(dialogue.recipients),
                data=re.sub(rb"(\A|\r\n)\.", rb"\1", dialogue.wire),
                wire=dialogue.wire,
                options=dialogue.options,
                session=dialogue.number,
                user=dialogue.user,
                secured=dialogue.secured,
                answered=answered,
            )
        )

    def context(self) -> ssl.SSLContext:
        """The TLS context with the script's certificate.

        Raises:
            ConfigError: the server was given no certificates.
        """
        if self._certificates is None:
            raise ConfigError("a scripted server with TLS needs certificates")
        return self._certificates.context(self.script.cert)

    def _listen(self, listener: socket.socket) -> None:
        listener.listen(_BACKLOG)
        self._acceptor = threading.Thread(target=self._accept, args=(listener,), daemon=True)
        self._acceptor.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            sock, _ = listener.accept()
            if self.stopping.is_set():
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # answers do not wait for one another
            self.connections += 1
            dialogue = Dialogue(self, sock, self.connections)
            thread = threading.Thread(target=dialogue.run, daemon=True)
            self._dialogues.append((dialogue, thread))
            thread.start()

    def _clog(self, listener: socket.socket) -> None:
        """Fill the backlog, so that the next connection is neither taken nor refused."""
        listener.listen(0)
        for _ in range(3):
            sock = socket.socket()
            sock.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                sock.connect((self.host, self.port))
            self._held.append(sock)
