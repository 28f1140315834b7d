"""A project whose outbox Celery's workers empty into a real SMTP server, and those workers as real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from celery import Celery  # type: ignore[import-untyped]

from notify import Notifier
from notify.outbox.celery import Doorbell
from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.outbox.job import Job

_TASKS = """
import os

from celery import Celery

from notify import Notifier
from notify.outbox.celery import Doorbell
from notify.outbox.worker import Settings

app = Celery("shop", broker=os.environ["SHOP_BROKER"])
app.conf.task_default_queue = os.environ["SHOP_QUEUE"] + "-own"
notifier = Notifier.load(os.environ["SHOP_FOLDER"])
doorbell = Doorbell(app, notifier, queue=os.environ["SHOP_QUEUE"], sweep=1.0, settings=Settings(lease=2.0))
if "SHOP_SENDS" in os.environ:
    notifier.send("hello", to="parent@example.com", params={"name": "Ada"})
    notifier.enqueue("hello", to="enqueued@example.com", params={"name": "Ada"})


@app.task(name="shop.note")
def note(path):
    with open(path, "x"):
        pass
"""


class Shop:
    """The project, its broker and its workers; a context manager.

    Args:
        folder: the project; its mails go to the server from now on.
        broker: the URL of the broker.
        answer: seconds that the server takes to accept a mail.

    Attributes:
        server: where mails go.
        app, notifier, doorbell: those of this process, in which nothing is delivered.
    """

    def __init__(self, folder: Path, broker: str, *, answer: float = 0.0) -> None:
        self.folder = folder
        self.queue = f"notify-test-{uuid.uuid4().hex[:12]}"
        self.broker = broker
        rules = [{"at": "eod", "do": [{"sleep": answer}, {"default": True}]}] if answer else []
        self.server = ScriptedServer({"tls": "none", "auth": [], "rules": rules})
        self._stack = ExitStack()
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._stack.enter_context(self.server)
        file = self.folder / "notify.yaml"
        transport = f"transport: 'smtp+none://127.0.0.1:{self.server.port}'"
        file.write_text(file.read_text(encoding="utf-8").replace("transport: memory", transport), encoding="utf-8")
        (self.folder / "tasks.py").write_text(_TASKS, encoding="utf-8")
        self.notifier = self._stack.enter_context(Notifier.load(self.folder))
        self.app = Celery("shop", broker=self.broker, set_as_current=False)
        self.app.conf.task_default_queue = f"{self.queue}-own"
        self.doorbell = Doorbell(self.app, self.notifier, queue=self.queue, sweep=None)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            kill(process)
        self.doorbell.close()
        with self.app.connection_for_write() as connection:
            for name in (self.queue, f"{self.queue}-own"):
                connection.default_channel.queue_delete(name)
        self.app.close()
        self._stack.close()

    def celery(self, *words: str, broker: str | None = None, **environ: str) -> subprocess.Popen[bytes]:
        """A program of Celery's, in a group of its own; what it says goes to a file in the project."""
        log = (self.folder / f"{words[0]}-{len(self._processes)}.log").open("wb")
        self._stack.callback(log.close)
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "tasks", *words],
            cwd=self.folder,
            env={
                **os.environ,
                "SHOP_BROKER": broker or self.broker,
                "SHOP_QUEUE": self.queue,
                "SHOP_FOLDER": str(self.folder),
                **environ,
            },
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._processes.append(process)
        return process

    def worker(self, *words: str, **environ: str) -> subprocess.Popen[bytes]:
        """A worker, which does not look for others of its kind."""
        own = f"w{len(self._processes)}@%h"
        quick = ("--without-gossip", "--without-mingle", "--hostname", own, "--loglevel", "INFO")
        return self.celery("worker", *quick, *words, **environ)

    def beat(self) -> subprocess.Popen[bytes]:
        """What has the outbox swept each second."""
        return self.celery("beat", "--schedule", str(self.folder / "schedule"), "--max-interval", "1")

    def said(self) -> str:
        """What all of Celery's programs said."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))

    def job(self, number: int) -> Job:
        """The job of that number."""
        found = self.notifier.outbox.get(number)
        assert found is not None
        return found

    def people(self) -> list[str]:
        """Whom the server has mails for, in the order in which it took them."""
        return [message.recipients[0] for message in self.server.messages]

    def waits_for(self, condition: Callable[[], Any], wanted: str) -> None:
        """Go on when the condition holds; fail, with what the workers said, when it does not come to that."""
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, f"{wanted}: {self.people()}\n{self.said()}"
            time.sleep(0.02)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a worker has forked."""
    return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
