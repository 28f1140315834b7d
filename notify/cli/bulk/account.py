"""`--account`: what became of each row, as lines of JSON."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from notify.cli.bulk.journal import UnwritableError
from notify.cli.bulk.lines import whole
from notify.cli.failure import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Receipt
    from notify.cli.bulk.row import Row

_LINE = b'{"row": '


class Account:
    """Writes a line for each receipt, in order, each written through at once.

    Args:
        file: where; None writes none.
    """

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file

    def enter(self, row: Row, receipt: Receipt) -> None:
        """Write down what became of a row.

        Raises:
            UnwritableError: it cannot be written.
        """
        if self._file is None:
            return
        from notify.documents.messages import receipt_document

        line = json.dumps({"row": row.number, "line": row.line, **receipt_document(receipt)}, ensure_ascii=False)
        try:
            self._file.write(f"{line}\n")
            self._file.flush()
        except OSError as error:
            if self._file is sys.stdout:
                sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the flush at exit
            raise UnwritableError(f"the account cannot be written: {error.strerror or error}") from error


@contextmanager
def opened(name: str | None, *, further: bool) -> Iterator[Account]:
    """The account, whose file is closed afterwards.

    Args:
        name: a path, `-` for stdout, or None.
        further: whether a file that is there is written on, as a run goes on that has begun it.

    Raises:
        Wrong: the file is there already, or cannot be opened.
    """
    if name is None or name == "-":
        yield Account(None if name is None else sys.stdout)
        return
    try:
        if further:
            _mend(name)
        file = Path(name).open("a" if further else "x", encoding="utf-8")  # noqa: SIM115 - it is closed below
    except FileExistsError:
        raise Wrong(f"{name} exists, and is not written over") from None
    except OSError as error:
        raise Wrong(f"{name}: {error.strerror}") from error
    try:
        yield Account(file)
    finally:
        with suppress(OSError):  # each line was flushed, or it was said that it cannot be
            file.close()


def _mend(name: str) -> None:
    """Take away a last line without its end, as a crash leaves it."""
    with suppress(FileNotFoundError), Path(name).open("r+b") as file:
        end = whole(file.fileno())
        file.seek(end)
        if file.read(len(_LINE)) == _LINE:
            file.truncate(end)
