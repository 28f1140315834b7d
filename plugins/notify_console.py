"""The `console` transport: prints each message, part by part, for people who develop."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Literal

from notify import Capabilities, Receipt, TemporaryError, Transport, hookimpl, setting
from notify.readable import readable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notify import Message


class Console(Transport):
    """Prints each message, part by part."""

    capabilities = Capabilities(delivers=False, tags=True, metadata=True)

    senders = 0

    output: Literal["stdout", "stderr"] = setting("Where to print.", default="stdout")

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        super().__init__(name=name, base=base, **settings)
        self._lock = threading.Lock()

    def send(self, message: Message) -> Receipt:
        """Print the message in one piece; coloured on a terminal, unless NO_COLOR is set.

        Raises:
            TemporaryError: the stream is closed.
        """
        stream = sys.stdout if self.output == "stdout" else sys.stderr
        colour = not stream.closed and stream.isatty() and not os.environ.get("NO_COLOR")
        text = f"{readable(message, colour=colour)}\n"
        encoding = stream.encoding or "utf-8"
        try:
            with self._lock:
                stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
                stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            raise TemporaryError(
                f"cannot print to {self.output}: {error}", transport=self.name, phase="write"
            ) from error
        return self.receipt(message, response=f"printed to {self.output}")


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Offer `console`."""
    return {"console": Console}
