"""The API as one transport uses it: opened when it is first needed, anew in a fork, with errors in notify's classes."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from notify import ConfigError, TransportConfigError
from notify_sendgrid.answers import Interpreter
from notify_sendgrid.exchange import LostError
from notify_smtp.deadline import Deadline
from notify_smtp.scrub import scrubber

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from notify import Secret
    from notify_sendgrid.channel import Channel
    from notify_sendgrid.exchange import Answer

_ADVICE = "Check the network, and base_url if it is set."


class Client:
    """Asks the API, and has it do things. Safe to share between threads.

    Args:
        name: the transport's name, for errors.
        where: the API's address.
        key: the key.
        timeout: seconds for one answer.
        pool: the most connections at once.
        ca_file: trusted certificates in PEM, instead of the system's.

    Attributes:
        interpreter: what answers mean.
    """

    def __init__(
        self, name: str, where: str, key: Secret, *, timeout: float = 30.0, pool: int = 1, ca_file: Path | None = None
    ) -> None:
        self.interpreter = Interpreter(name, scrubber([key.reveal()]), _ADVICE)
        self._name = name
        self._where = where
        self._key = key
        self._timeout = timeout
        self._pool = pool
        self._ca_file = ca_file
        self._process, self._lock = os.getpid(), threading.Lock()
        self._channel: Channel | None = None

    def post(self, path: str, body: bytes, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        """The answer to a request that changes something.

        Raises:
            DeliveryError: there is none.
        """
        channel = self._connected()
        try:
            return channel.post(path, body, headers, deadline)
        except LostError as lost:
            raise self.interpreter.lost(lost) from None

    def ask(self, path: str, *, largest: int | None = None) -> Answer:
        """The answer to a question, which changes nothing.

        Args:
            path: what is asked for.
            largest: how many octets of it come at most, where more than usual are expected.

        Raises:
            DeliveryError: there is none.
        """
        channel = self._connected()
        more = {} if largest is None else {"largest": largest}
        try:
            return channel.get(path, Deadline(self._timeout), **more)
        except LostError as lost:
            raise self.interpreter.lost(lost, changes=False) from None

    def close(self) -> None:
        """Close the connections. Asking again connects again."""
        self._notice_fork()
        with self._lock:
            channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()

    def _notice_fork(self) -> None:
        """Begin anew in a fork: connections of the parent are its own, and so is the lock it may have held."""
        if self._process != os.getpid():
            self._process, self._lock, self._channel = os.getpid(), threading.Lock(), None

    def _connected(self) -> Channel:
        self._notice_fork()
        with self._lock:
            if self._channel is None:
                self._channel = self._open()
            return self._channel

    def _open(self) -> Channel:
        try:
            from notify_sendgrid.channel import Channel
        except ModuleNotFoundError as error:
            if error.name != "urllib3":
                raise
            raise TransportConfigError(
                "urllib3 is not installed, and the API is spoken to with it",
                transport=self._name,
                phase="check",
                advice="Install it: pip install 'notify-framework[http]'",
            ) from None
        headers = {
            "Authorization": f"Bearer {self._key.reveal()}",
            "Accept": "application/json",
            "User-Agent": "notify",
        }
        try:
            return Channel(self._where, headers=headers, timeout=self._timeout, pool=self._pool, ca_file=self._ca_file)
        except ConfigError as error:
            raise TransportConfigError(str(error), transport=self._name, phase="tls") from None
