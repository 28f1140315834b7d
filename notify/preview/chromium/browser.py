"""A browser as a process that is spoken to.

One process without a window, and the Chrome DevTools Protocol over two pipes: JSON messages that end in NUL, read by
the browser from descriptor 3 and written to descriptor 4
(https://chromedevtools.github.io/devtools-protocol/, `--remote-debugging-pipe`).
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from notify.errors import BrowserError, ConfigError

_FLAGS = (
    "--headless", "--remote-debugging-pipe",
    # Nothing leaves this machine, whoever asks for it.
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-proxy-server", "--no-pings", "--disable-background-networking",
    "--disable-component-update", "--disable-domain-reliability", "--disable-quic", "--disable-sync",
    # Nothing is kept outside the browser's own folder.
    "--disable-breakpad", "--disable-crash-reporter", "--disable-dev-shm-usage",
    # The same picture each time.
    "--disable-default-apps", "--disable-extensions", "--no-default-browser-check", "--no-first-run",
    "--disable-gpu", "--disable-lcd-text", "--force-color-profile=srgb", "--hide-scrollbars",
)  # fmt: skip
_FOLDERS = ("TMPDIR", "CHROME_CONFIG_HOME")  # where else it would write
_LONGEST = 40  # letters of the folder, in which the browser puts a socket, whose path has at most 103


class Browser:
    """One process with a folder of its own, and messages to and from it."""

    def __init__(self, path: Path) -> None:
        if os.name != "posix":  # pragma: no cover
            raise ConfigError("screenshots need Linux or macOS: the browser is spoken to over descriptors 3 and 4")
        self._path = path
        long = len(os.fsencode(tempfile.gettempdir())) > _LONGEST
        self._folder = Path(tempfile.mkdtemp(prefix="notify-", dir="/tmp" if long else None))  # noqa: S108
        flags = [*_FLAGS, f"--user-data-dir={self._folder / 'profile'}"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []  # as root it runs in no other way
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the person's own browser
                ["/bin/sh", "-c", 'exec "$0" "$@" 3<&0 4>&1 </dev/null >&2', path, *flags, "about:blank"],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, **dict.fromkeys(_FOLDERS, str(self._folder)), "GSETTINGS_BACKEND": "memory"},
                start_new_session=True,  # so that it dies with its children, and not of Ctrl-C
            )
        self._written, self._read = (pipe.fileno() for pipe in (self._process.stdin, self._process.stdout) if pipe)
        os.set_blocking(self._written, False)
        self._received = bytearray()
        self._count = 0
        self.answer_within(0)

    def greet(self, timeout: float) -> None:
        """Wait until it speaks.

        Raises:
            ConfigError: it does not.
        """
        self.answer_within(timeout)
        try:
            self.post("Browser.getVersion")
            self.receive()
        except BrowserError as error:
            raise ConfigError(f"the browser cannot be started: {error}") from error

    def answer_within(self, timeout: float) -> None:
        """From now on, everything together may take `timeout` seconds."""
        self._timeout, self._deadline = timeout, time.monotonic() + timeout

    def post(self, method: str, session: str | None = None, **params: Any) -> int:
        """Send a command; the number that its answer will have."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": params, **({"sessionId": session} if session else {})}
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            self._wait(self._written, selectors.EVENT_WRITE)
            try:
                data = data[os.write(self._written, data) :]
            except BrokenPipeError:
                raise self._died() from None
        return self._count

    def receive(self) -> dict[str, Any]:
        """The next answer or event."""
        searched = 0
        while (end := self._received.find(b"\0", searched)) < 0:
            searched = len(self._received)
            self._wait(self._read, selectors.EVENT_READ)
            data = os.read(self._read, 1 << 20)
            if not data:
                raise self._died()
            self._received += data
        message: dict[str, Any] = json.loads(self._received[:end])
        del self._received[: end + 1]
        return message

    def end(self) -> None:
        """Kill the process with its children, and remove its folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with self._process:  # closes the pipes, and waits
            pass
        for _ in range(100):
            shutil.rmtree(self._folder, ignore_errors=True)
            if not self._folder.exists():
                break
            time.sleep(0.05)  # a child is still dying

    def _wait(self, descriptor: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            if not selector.select(max(0.0, self._deadline - time.monotonic())):
                raise BrowserError(f"{self._path} did not answer within {self._timeout:g} seconds, and was killed")

    def _died(self) -> BrowserError:
        lines = (self._folder / "log").read_text("utf-8", "replace").split("\n")
        said = next((line for line in lines if ":FATAL:" in line), next(filter(None, reversed(lines)), ""))
        return BrowserError(f"{self._path} ended by itself" + (f"; it said: {said:.300}" if said else ""))
