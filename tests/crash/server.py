"""An SMTP server that journals what it accepts, and kills the worker that it talks to where a mail asks for that.

The worker's process is known by its greeting: `EHLO w123.crash.example`. After the blow the server goes on like any
other: a text whose final dot has come is accepted, though nobody is left to hear of it.
"""

from __future__ import annotations

import contextlib
import email
import hashlib
import os
import signal
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from crash.journal import Journal
from crash.steps import ANSWERED, DATA, DOT, MAIL, asked

if TYPE_CHECKING:
    from typing import BinaryIO

_FEATURES = "250-crash.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
_ROOM = 16384  # so little that a long text cannot be on its way as a whole
_MIDDLE = 8192


class Session:
    """One connection.

    Args:
        sock: the connection.
        journal: where things are written down.
        struck: the mails whose blow was dealt.
    """

    def __init__(self, sock: socket.socket, journal: Journal, struck: set[str]) -> None:
        self._socket = sock
        self._reader: BinaryIO = sock.makefile("rb")
        self._journal = journal
        self._struck = struck
        self._pid = 0
        self._asked = ""
        self._recipient = ""

    def run(self) -> None:
        """Talk until the other side has left, which nobody minds."""
        with contextlib.suppress(OSError), self._socket:
            self._say("220 crash.example\r\n")
            while line := self._reader.readline().decode().rstrip():
                self._answer(line)

    def _answer(self, line: str) -> None:
        verb, _, argument = line.upper().partition(" ")
        if verb == "EHLO":
            self._pid = int(argument.removeprefix("W").partition(".")[0])
            self._say(_FEATURES)
        elif verb == "DATA":
            self._say("354 go on\r\n")
            self._text()
        elif verb in {"MAIL", "RCPT"}:
            self._recipient = line.partition("<")[2].partition(">")[0]
            self._asked = self._recipient if verb == "MAIL" else self._asked
            self._strike(MAIL)
            self._say("250 ok\r\n")
        else:
            self._say("221 bye\r\n" if verb == "QUIT" else "250 ok\r\n")

    def _text(self) -> None:
        text = bytearray()
        while (line := self._reader.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                raise ConnectionError("the text has no end")
            text += line.removeprefix(b".")
            if len(text) > _MIDDLE:
                self._strike(DATA)
        self._strike(DOT)
        mail = email.message_from_bytes(bytes(text))
        self._journal.write(
            "accepted",
            pid=self._pid,
            message_id=mail["Message-ID"],
            subject=mail["Subject"],
            recipient=self._recipient,
            digest=hashlib.sha256(text).hexdigest(),
        )
        self._say("250 queued\r\n")
        self._strike(ANSWERED)

    def _say(self, words: str) -> None:
        with contextlib.suppress(OSError):  # what it has sent is read all the same
            self._socket.sendall(words.encode())

    def _strike(self, step: str) -> None:
        name, wanted = asked(self._asked)
        if wanted != step or name in self._struck or not self._pid:
            return
        self._struck.add(name)
        with contextlib.suppress(ProcessLookupError):
            if os.getpgid(self._pid) == os.getpgid(0):  # one of ours
                self._journal.write("killed", step=step, pid=self._pid)
                os.kill(self._pid, signal.SIGKILL)


def run(folder: str) -> int:
    """Serve for ever, at the port that the file `port` says."""
    journal, struck = Journal(Path(folder) / "journal"), set[str]()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM)
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        (Path(folder) / "port").write_text(str(listener.getsockname()[1]), encoding="utf-8")
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=Session(sock, journal, struck).run, daemon=True).start()
