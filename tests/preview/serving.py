"""A real server for the tests of the preview, and a client whose every header can be forged."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import uvicorn
from patience import PATIENCE

from notify import Catalog, Notifier
from notify.configuration import Configuration
from notify.preview import LOOPBACK
from notify.preview.application import application
from notify.preview.desk import Desk
from notify.preview.project import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from email.message import Message
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Site:
    """Where a server listens; a path is below `prefix`."""

    port: int
    prefix: str = ""
    token: str = ""

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str | None] | None = None) -> Answer:
        """One request; a header that is None is left out, a body that is no bytes goes as JSON."""
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Host": f"127.0.0.1:{self.port}", **(headers or {})}
        if content is not None:
            sent.setdefault("Content-Length", str(len(content)))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, self.prefix + path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(content)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def api(self, path: str) -> Any:
        """A document."""
        return self.get(f"/api{path}").json

    def post(self, path: str, body: Any = None) -> Answer:
        """Something that changes something, with the token."""
        return self.ask("POST", path, body, {"X-Notify-Token": self.token})

    def delete(self, path: str) -> Answer:
        """Delete something, with the token."""
        return self.ask("DELETE", path, headers={"X-Notify-Token": self.token})

    @contextmanager
    def events(self) -> Iterator[Stream]:
        """The stream of events."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            request = f"GET {self.prefix}/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n"
            connection.sendall(request.encode())
            yield Stream(connection)


class Stream:
    """What comes over a stream of events."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._seen = b""

    def next(self, *kinds: str, within: float = PATIENCE) -> dict[str, Any] | None:
        """The data of the next event that is of one of the kinds, None if none comes in time."""
        end = time.monotonic() + within
        while True:
            while b"\n\n" in self._seen:
                event, _, self._seen = self._seen.partition(b"\n\n")
                lines = dict(line.split(": ", 1) for line in event.decode().splitlines() if ": " in line)
                if lines.get("event") in kinds:
                    found: dict[str, Any] = json.loads(lines["data"])
                    return found
            if not self._read(end - time.monotonic()):
                return None

    def ended(self, within: float = PATIENCE) -> bool:
        """Whether the server ends the stream in time."""
        end = time.monotonic() + within
        while self._read(end - time.monotonic()):
            pass
        return time.monotonic() < end

    def _read(self, seconds: float) -> bool:
        if seconds <= 0:
            return False
        self._connection.settimeout(seconds)
        try:
            came = self._connection.recv(65536).replace(b"\r\n", b"\n")
        except TimeoutError:
            return False
        self._seen += came
        return came != b"" and b"\n0\n\n" not in self._seen[-6:]


@contextmanager
def served(app: Any) -> Iterator[int]:
    """Serve an application on a free port until the end of the block; its port."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        listening.close()


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview of a folder, and where it is served."""

    folder: Path
    desk: Desk
    site: Site

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def desk_of(folder: Path, *, environment: str | None = None, local: bool = True, follow: bool = True) -> Desk:
    """What `notify preview` makes of a project."""

    def load() -> Notifier:
        return Notifier(
            configuration=Configuration.load(folder / "notify.yaml"), catalog=Catalog(), environment=environment
        )

    project = Project(load(), load=load, follow=follow)
    return Desk(project, local=local, keep=1000, keep_days=30, live=True)


@contextmanager
def previewed(folder: Path, *, environment: str | None = None, local: bool = True) -> Iterator[Preview]:
    """Serve the preview of a project, as `notify preview` does."""
    desk = desk_of(folder, environment=environment, local=local)
    with served(application(desk, hosts=LOOPBACK)) as port:
        try:
            yield Preview(folder, desk, Site(port, token=desk.token))
        finally:
            desk.close()
            desk.project.notifier.close()


def eventually(found: Callable[[], Any], within: float = PATIENCE, pause: float = 0.01) -> Any:
    """What is found as soon as it is true."""
    end = time.monotonic() + within
    while not (value := found()):
        assert time.monotonic() < end, "it never came"
        time.sleep(pause)
    return value


def query(**pairs: str) -> str:
    """A query."""
    return "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs.items())
