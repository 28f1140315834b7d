"""The test's side of a nursery: processes that are started in a moment, and may be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable


class Child:
    """A process.

    Attributes:
        pid: its number.
        code: how it ended, as subprocess says it; None while it lives.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None

    def kill(self) -> bool:
        """kill -9; whether it lived."""
        return self.signal(signal.SIGKILL)

    def signal(self, number: int) -> bool:
        """Send it a signal; whether it lived. Its number is nobody else's in the moment until its end is known here."""
        try:
            if self.code is None:
                os.kill(self.pid, number)
                return True
        except ProcessLookupError:
            pass
        return False


class Nursery:
    """A context manager; whatever was started and still lives is killed at its end.

    Args:
        environment: further variables of the processes.
    """

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self._environment = environment or {}
        self._children: dict[int, Child] = {}
        self._unknown: dict[int, int] = {}
        self._pids: deque[int] = deque()
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        tests = str(Path(__file__).parent.parent)
        environment = {**os.environ, "PYTHONPATH": tests, **self._environment}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crash.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def start(self, role: str, folder: Path, **arguments: Any) -> Child:
        """Start a process: `run` of a module gives its exit code; `log` in the folder is its log."""
        arguments["folder"] = str(folder)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"role": role, "arguments": arguments}).encode() + b"\n")
        self._process.stdin.flush()
        self._until(lambda: bool(self._pids))
        with self._changed:
            child = Child(self._pids.popleft())
            self._children[child.pid] = child
            child.code = self._unknown.pop(child.pid, None)
        return child

    def wait(self, child: Child) -> int:
        """How it ended."""
        self._until(lambda: child.code is not None)
        assert child.code is not None
        return child.code

    def _until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, PATIENCE):
                raise TimeoutError("the nursery does not answer")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            document = json.loads(line)
            with self._changed:
                if "ended" in document:
                    child = self._children.pop(document["ended"], None)
                    if child is None:
                        self._unknown[document["ended"]] = document["code"]
                    else:
                        child.code = document["code"]
                else:
                    self._pids.append(document["pid"])
                self._changed.notify_all()
