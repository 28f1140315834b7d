"""What takes out of a queue, in a process of its own: `python -m bench.draining MODULE ARGUMENTS TICKS`.

A contender's `drain` works until SIGTERM. For each task it adds an octet to the file TICKS, whatever thread or process
it runs in, so that whoever waits sees the first and the last one.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.timing import ContenderError
from bench.workers import ROOT, environ, python

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.workers import Contender

_PATIENCE = 120.0
_LOOK = 0.001


class Drain:
    """A process that drains.

    Attributes:
        process: as it was started.
    """

    def __init__(self, process: subprocess.Popen[bytes], ticks: Path, log: Path) -> None:
        self.process = process
        self._ticks = ticks
        self._log = log

    @property
    def done(self) -> int:
        """How many tasks ran."""
        return self._ticks.stat().st_size

    def wait(self, count: int, look: float = _LOOK) -> float:
        """When so many had run, by `time.perf_counter`.

        Raises:
            ContenderError: the process ended, or it takes too long.
        """
        end = time.monotonic() + _PATIENCE
        while self.done < count:
            if self.process.poll() is not None or time.monotonic() > end:
                raise ContenderError(f"the worker stopped after {self.done} of {count}{self._last_words()}")
            time.sleep(look)
        return time.perf_counter()

    def _last_words(self) -> str:
        """What its log ends with."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return f": {lines[-1][:200]}" if lines else ""


@contextmanager
def draining(contender: Contender, scratch: Path) -> Iterator[Drain]:
    """A process that takes out what the contender has put in; ended afterwards."""
    ticks, log = scratch / "ticks", scratch / "drain.log"
    ticks.write_bytes(b"")
    command = [python(), "-m", "bench.draining", contender.module, json.dumps(contender.arguments), str(ticks)]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=ROOT, env=environ())
    try:
        yield Drain(process, ticks, log)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    """Drain, until SIGTERM."""
    module, arguments, ticks = sys.argv[1:]
    file = os.open(ticks, os.O_WRONLY | os.O_APPEND)

    def tick() -> None:
        os.write(file, b".")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    importlib.import_module(f"bench.contenders.{module}").drain(tick, *json.loads(arguments))


if __name__ == "__main__":
    main()
