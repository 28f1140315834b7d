"""A project whose outbox Celery's workers empty into a real SMTP server, and those workers as real processes."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from celery import Celery  # type: ignore[import-untyped]
from kombu.connection import Connection
from patience import PATIENCE
from redis import Redis

from notify import Notifier
from notify.outbox.celery import Doorbell
from notify.outbox.celery.fitting import queue_of
from notify.testing import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from servers.tunnel import Tunnel

    from notify.outbox.job import Job

HELLO = {"name": "Ada"}
REFUSED = "amqp://127.0.0.1:9//"  # nobody listens there
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


@app.task(name="shop.order")
def order(person):
    notifier.enqueue("hello", to=person, params={"name": "Ada"})
"""


class Shop:
    """The project, its broker and its workers; a context manager.

    Args:
        folder: the project; its mails go to the server from now on.
        broker: the URL of the broker.
        own_broker: that of this process, if it is another one.
        answer: seconds that the server takes to accept a mail.

    Attributes:
        server: where mails go.
        app, notifier, doorbell: those of this process, in which nothing is delivered.
        processes: programs, in the order in which they were started.
    """

    def __init__(self, folder: Path, broker: str, *, own_broker: str | None = None, answer: float = 0.0) -> None:
        self.folder = folder
        self.queue = f"notify-test-{uuid.uuid4().hex[:12]}"
        self.broker = broker
        self.app = Celery("shop", broker=own_broker or broker, set_as_current=False)
        rules = [{"at": "eod", "do": [{"sleep": answer}, {"default": True}]}] if answer else []
        self.server = ScriptedServer({"tls": "none", "auth": [], "rules": rules})
        self._stack = ExitStack()
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._stack.enter_context(self.server)
        file = self.folder / "notify.yaml"
        transport = f"transport: 'smtp+none://127.0.0.1:{self.server.port}'"
        file.write_text(file.read_text(encoding="utf-8").replace("transport: memory", transport), encoding="utf-8")
        (self.folder / "tasks.py").write_text(_TASKS, encoding="utf-8")
        self.notifier = self._stack.enter_context(Notifier.load(self.folder))
        self.app.conf.task_default_queue = f"{self.queue}-own"
        self.doorbell = Doorbell(self.app, self.notifier, queue=self.queue, sweep=None)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            kill(process)
        self.doorbell.close()
        self._forget()
        self.app.close()
        self._stack.close()

    def _forget(self) -> None:
        """Leave nothing in the broker."""
        if self.broker.startswith("redis:"):
            with Redis.from_url(self.broker) as redis:
                redis.delete(*redis.keys(f"*{self.queue}*"), "nothing")
            return
        with Connection(self.broker) as connection:  # type: ignore[no-untyped-call]
            for name in (self.queue, f"{self.queue}-own"):
                connection.default_channel.queue_delete(name)
                connection.default_channel.exchange_delete(name)

    @property
    def environ(self) -> dict[str, str]:
        """What `tasks.py` reads."""
        return {"SHOP_BROKER": self.broker, "SHOP_QUEUE": self.queue, "SHOP_FOLDER": str(self.folder)}

    def program(self, *words: str, **environ: str) -> subprocess.Popen[bytes]:
        """A program in Python, in a group of its own; what it says goes to a file in the project."""
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        self._stack.callback(log.close)
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=self.folder,
            env={**os.environ, **self.environ, **environ},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def worker(self, *words: str, **environ: str) -> subprocess.Popen[bytes]:
        """A worker, which does not look for others of its kind."""
        own = f"{self.queue}-w{len(self.processes)}@%h"
        quick = ("--without-gossip", "--without-mingle", "--hostname", own, "--loglevel", "INFO")
        return self.program("-m", "celery", "--app", "tasks", "worker", *quick, *words, **environ)

    def beat(self) -> subprocess.Popen[bytes]:
        """What has the outbox swept each second."""
        schedule = str(self.folder / "schedule")
        return self.program("-m", "celery", "--app", "tasks", "beat", "--schedule", schedule, "--max-interval", "1")

    def said(self) -> str:
        """What all programs said."""
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))

    def bells(self) -> int:
        """How many wait for a worker."""
        with Connection(self.broker) as connection:  # type: ignore[no-untyped-call]
            queue = queue_of(self.app, self.queue)
            return int(queue(connection.default_channel).queue_declare().message_count)  # type: ignore[no-untyped-call]

    def lose_bells(self) -> int:
        """Have the broker forget what waits there; how many those were."""
        with Connection(self.broker) as connection:  # type: ignore[no-untyped-call]
            return int(connection.default_channel.queue_purge(self.queue))

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
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"{wanted}: {self.people()}\n{self.said()}"
            time.sleep(0.02)

    def waits_for_mails(self, number: int) -> None:
        """Go on when the server has so many."""
        self.waits_for(lambda: len(self.server.messages) >= number, f"{number} mails")


class Hole:
    """A server that takes connections, and says nothing; a context manager.

    Attributes:
        port: where it listens.
        asked: how many connections there were.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]

    @property
    def asked(self) -> int:
        return len(self._open)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._take)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for each in (self._listener, *self._open):
            each.close()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._open.append(self._listener.accept()[0])


def cut(tunnel: Tunnel) -> None:
    """Have the connections through a tunnel end, from the server's side."""
    for sock in tunnel._open:
        sock.shutdown(socket.SHUT_RDWR)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes that a worker has forked."""
    return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
