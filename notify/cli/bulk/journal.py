"""The journal of a run: which rows were begun, and what became of them, so that no row is sent twice.

Lines of JSON:

```
{"journal": 1, "key": "...", "run": "...", "rows": 3, "at": "...", ...}   a run begins; what stands before it is past
{"begun": [1, 2, 3]}                                                      flushed to the disk before any of them is sent
{"row": 1, "is": "sent", "message_id": "<...>"}                           what became of it: a word of `State`
{"row": 3, "is": "waiting"}                                               it was not sent after all
{"enqueueing": true}                                                      the rest is the outbox's, which knows its keys
{"ended": "...", "enqueued": true}                                        the process ended; all rows are in the outbox
```

A row that was begun and has no outcome may have been sent: the process was killed.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from notify.cli.bulk.lines import Lines
from notify.cli.bulk.state import State
from notify.cli.failure import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_WORDS = {state.word: state for state in State}
_VERSION = 1


class UnwritableError(Exception):
    """The journal, or the account, cannot be written; the text says why."""


class Journal:
    """A journal that this process has for itself; a context manager.

    Args:
        path: the file.
        key: what the rows and everything that is the same for all amount to.
        rows: how many rows there are.
        about: what else the first line says.

    Attributes:
        run: the name of the run.
        at: when a process was last at it; empty in the first.
        enqueueing: whether rows were given to the outbox.
        enqueued: whether all of them were.

    Raises:
        Wrong: it is that of other rows, damaged, or in use.
        OSError: it cannot be opened or written.
    """

    def __init__(self, path: Path, *, key: str, rows: int, about: Mapping[str, Any]) -> None:
        self._lines = Lines(path)
        self.path = path
        self.about = about
        self._first = {"journal": _VERSION, "key": key, "rows": rows, **about}
        self._pending = dict[int, State]()
        self._begun = False
        self._reset(key)
        try:
            for document in self._lines.read():
                self._take(document)
        except (LookupError, TypeError):
            self._lines.__exit__()
            raise Wrong(f"{path} is damaged, no journal, or one of a later version of notify") from None
        except BaseException:
            self._lines.__exit__()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.__exit__()

    @property
    def fresh(self) -> bool:
        """Whether no row was begun yet."""
        return not self.enqueueing and not any(self._states)

    def state(self, row: int) -> State:
        """What became of a row, by its number."""
        return State(self._states[row])

    def count(self, state: State) -> int:
        """How many rows are in a state."""
        return self._states.count(state) - (state == State.WAITING)

    def renew(self) -> None:
        """Let the rows that are begun next be the first of a new run."""
        self._begun = False
        self._reset(secrets.token_hex(8))

    def begin(self, rows: Iterable[int]) -> None:
        """Say that rows are about to be sent, and return when that is on the disk.

        Raises:
            UnwritableError: it is not.
        """
        self._begin_run()
        numbers = list(rows)
        self._pending.update((number, self.state(number)) for number in numbers)
        self._write({"begun": numbers}, sync=True)
        for number in numbers:
            self._states[number] = State.UNKNOWN

    def enter(self, row: int, state: State, message_id: str) -> None:
        """Say what became of a row.

        Raises:
            UnwritableError: it cannot be written.
        """
        self._pending.pop(row, None)  # it was begun, also if that is all that can be written
        self._write({"row": row, "is": state.word, "message_id": message_id})
        self._states[row] = state

    def enqueue(self) -> None:
        """Say that rows are about to be given to the outbox, and return when that is on the disk.

        Raises:
            UnwritableError: it is not.
        """
        self._begin_run()
        self.enqueueing = True
        self._write({"enqueueing": True}, sync=True)

    def end(self, *, exact: bool = True, enqueued: bool = False) -> None:
        """Say that this process ends.

        Args:
            exact: of the rows that it began, those without an outcome were surely not sent.
            enqueued: all rows are in the outbox.

        Raises:
            UnwritableError: it cannot be written.
        """
        if not self._begun:
            return
        for row, state in self._pending.items() if exact else ():
            self._write({"row": row, "is": state.word})
            self._states[row] = state
        self._pending.clear()
        self.enqueued = enqueued
        self._write({"ended": _now(), "enqueued": enqueued}, sync=True)

    def _begin_run(self) -> None:
        """Write the first line, if that of this run is not there."""
        if not self._begun:
            self._write({**self._first, "run": self.run, "at": _now()}, sync=True)
            self._begun = True

    def _reset(self, run: str) -> None:
        self._states = bytearray(self._first["rows"] + 1)
        self.run, self.at = run, ""
        self.enqueueing = self.enqueued = False

    def _take(self, document: Mapping[str, Any]) -> None:
        match document:
            case {"journal": 1, "key": key, "run": str(), "rows": rows}:
                if (key, rows) != (self._first["key"], self._first["rows"]):
                    raise Wrong(f"{self.path} is the journal of other rows, or of another notification or environment")
                self._reset(document["run"])
                self._begun, self.at = True, document["at"]
            case {"begun": [*rows]}:
                for row in rows:
                    self._states[row] = State.UNKNOWN
            case {"row": int(row), "is": word} if word in _WORDS:
                self._states[row] = _WORDS[word]
            case {"enqueueing": _}:
                self.enqueueing = True
            case {"ended": at, "enqueued": enqueued}:
                self.at, self.enqueued = at, enqueued
            case _:
                raise LookupError

    def _write(self, document: dict[str, Any], *, sync: bool = False) -> None:
        try:
            self._lines.write(document)
            if sync:
                self._lines.sync()
            if "journal" in document:
                self._lines.sync_name()
        except OSError as error:
            raise UnwritableError(f"{self.path}: {error.strerror or error}") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(" ", "seconds")
