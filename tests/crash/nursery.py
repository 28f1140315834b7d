"""A process that others are forked from, which have everything loaded when they begin; it tells when one has ended.

It reads requests from standard input, `{"role": "crash.worker", "arguments": {"folder": ...}}` a line, and answers with
the pid; `{"ended": pid, "code": ...}` comes by itself. It ends with its input, and all that it forked ends with it.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import traceback
from pathlib import Path
from typing import Any

from crash.shop import notifier_of

ROLES = ("crash.enqueuer", "crash.faulty", "crash.server", "crash.worker")
_MOMENT = 0.01


def main() -> None:
    """Serve requests until there are no more."""
    for role in ROLES:
        importlib.import_module(role)
    pending = b""
    while True:
        if select.select([0], [], [], _MOMENT)[0]:
            received = os.read(0, 65536)
            if not received:
                os.killpg(0, signal.SIGKILL)
            *lines, pending = (pending + received).split(b"\n")
            for line in lines:
                _say({"pid": _forked(**json.loads(line))})
        _tell_ended()


def _forked(role: str, arguments: dict[str, Any]) -> int:
    folder = Path(arguments["folder"])
    if (folder / "shop").exists():
        notifier_of(str(folder))
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        log = os.open(folder / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        code = importlib.import_module(role).run(**arguments)
    except BaseException:  # noqa: BLE001 - nothing of the child may go on as the nursery
        traceback.print_exc()
    finally:
        os._exit(code)


def _tell_ended() -> None:
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            _say({"ended": found[0], "code": os.waitstatus_to_exitcode(found[1])})
    except ChildProcessError:
        pass


def _say(document: dict[str, Any]) -> None:
    os.write(1, json.dumps(document).encode() + b"\n")


if __name__ == "__main__":
    main()
