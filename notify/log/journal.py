"""Logs what is sent directly: it never fails a send, and waits only where somebody asks for it."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from typing import TYPE_CHECKING

from notify.log.record import records_of
from notify.log.writer import Writer

if TYPE_CHECKING:
    from notify.database import Database
    from notify.delivery.gate import Judgement
    from notify.errors import NotifyError
    from notify.message import Message
    from notify.people import People
    from notify.receipt import Receipt

_log = logging.getLogger("notify.log")
_PATIENCE = 2.0
_AT_THE_END = 5.0
_BOUND = 20_000


class Journal:
    """Notes what became of messages. Safe to share between threads, and to be found in a fork.

    What was noted is made durable by a thread, in groups; at the interpreter's end, too. Where the database cannot be
    used, that is said once, and what was noted waits for it.

    Args:
        database: where the log is.
        people: how people are named.
        bound: how many records wait for the database at most.
    """

    def __init__(self, database: Database, people: People, *, bound: int = _BOUND) -> None:
        self._database = database
        self._people = people
        self._bound = bound
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._opened: tuple[Writer, weakref.finalize[[Writer, int], Journal]] | None = None

    @property
    def lost(self) -> int:
        """How many records were lost, for want of a database, or since they could not be written."""
        opened = self._opened
        return opened[0].lost if opened is not None and self._process == os.getpid() else 0

    def note(self, message: Message, outcome: Receipt | NotifyError, judgement: Judgement) -> None:
        """Note what became of a message; this waits for nothing, and raises nothing.

        Args:
            message: as it left.
            outcome: what the transport said.
            judgement: who was held, and who was not for a reason.
        """
        try:
            records = records_of(message, outcome, self._people, held=judgement.held, passed=judgement.passed)
            while not self._writer().put(records):
                pass  # it was closed meanwhile, and another one is opened
        except Exception:  # noqa: BLE001 - what cannot be logged was sent all the same
            _log.exception("what became of %s is not logged", message.message_id)

    def flush(self, timeout: float = _PATIENCE) -> bool:
        """Wait until what was noted is durable, or cannot be made so now; whether it is.

        Args:
            timeout: seconds to wait at most.
        """
        opened = self._opened
        return opened is None or self._process != os.getpid() or opened[0].flush(timeout)

    def close(self) -> None:
        """Make durable what was noted. Noting again begins again."""
        if self._process != os.getpid():
            return
        with self._lock:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened[1]()

    def _writer(self) -> Writer:
        if self._process != os.getpid():
            # What is in the parent's is written there; its lock may be held by a thread that is not here.
            self._process, self._lock, self._opened = os.getpid(), threading.Lock(), None
        with self._lock:
            if self._opened is None:
                writer = Writer(self._database, self._bound)
                self._opened = writer, weakref.finalize(self, _end, writer, self._process)
            return self._opened[0]


def _end(writer: Writer, process: int) -> None:
    if os.getpid() == process:
        writer.end(_AT_THE_END)
