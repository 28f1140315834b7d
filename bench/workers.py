"""Each contender in a process of its own: some peers change the `email` package, the time zone or the event loop.

A worker is spoken to in lines of JSON (`bench/worker.py`, `bench/node/worker.js`).
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.timing import ContenderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".bench"
MODULES = PEERS / "node" / "node_modules"


@dataclass(frozen=True, slots=True)
class Contender:
    """One row of a table.

    Attributes:
        name: what the table calls it.
        module: the module of `bench.contenders`, or `node`.
        function: the function of the module that makes the work.
        arguments: its arguments; values of JSON.
    """

    name: str
    module: str
    function: str
    arguments: tuple[Any, ...] = ()


def python() -> str:
    """The interpreter of the peers, or this one if they are not installed."""
    peers = PEERS / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    return str(peers) if peers.exists() else sys.executable


class Worker:
    """A process that holds one contender, ready to work.

    Raises:
        ContenderError: a library or a program that the contender needs is not installed.
    """

    def __init__(self, contender: Contender, scratch: Path) -> None:
        self.name = contender.name
        words = [contender.function, json.dumps(contender.arguments), str(scratch)]
        if contender.module == "node":
            node = shutil.which("node")
            if node is None or not MODULES.exists():
                raise ContenderError("Node.js or its packages are not installed")
            command = [node, str(ROOT / "bench" / "node" / "worker.js"), *words]
        else:
            command = [python(), "-m", "bench.worker", contender.module, *words]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=environ()
        )
        try:
            self._answer()
        except ContenderError:
            self.close()
            raise

    def run(self, count: int, offset: int = 0) -> tuple[float, float]:
        """Do the work for so many inputs, from the one at `offset`; seconds, and those of the processor.

        Raises:
            ContenderError: it failed.
        """
        answer = self._ask({"count": count, "offset": offset})
        return float(answer["seconds"]), float(answer["cpu"])

    def sample(self, index: int) -> bytes:
        """What the work makes of one input.

        Raises:
            ContenderError: it failed.
        """
        return base64.b64decode(self._ask({"sample": index})["octets"])

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ContenderError("the process ended")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ContenderError(answer["error"])
        return answer


@contextmanager
def started(contenders: Iterable[Contender], scratch: Path) -> Iterator[tuple[dict[str, Worker], dict[str, str]]]:
    """A worker for each contender by name, ended afterwards, and those that cannot be had, each with why."""
    workers: dict[str, Worker] = {}
    skipped: dict[str, str] = {}
    try:
        for contender in contenders:
            try:
                workers[contender.name] = Worker(contender, scratch)
            except ContenderError as error:
                skipped[contender.name] = str(error)
        yield workers, skipped
    finally:
        for worker in workers.values():
            worker.close()


def environ() -> dict[str, str]:
    """The environment of workers and of measured programs: without what would change notify's configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NOTIFY_", "PYTHONDONTWRITE"))}
    return {**kept, "NODE_PATH": str(MODULES), "NODE_ENV": "production"}
