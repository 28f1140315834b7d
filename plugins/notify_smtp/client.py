"""Sends over a pool of sessions, and tries again where that cannot make a second copy."""

from __future__ import annotations

import logging
import random
import ssl
import time
from typing import TYPE_CHECKING

from notify.errors import TemporaryError, ThrottledError, TransportConfigError
from notify_smtp.connection import Deadline
from notify_smtp.pool import Pool
from notify_smtp.replies import Interpreter
from notify_smtp.scrub import scrubber
from notify_smtp.session import Session

if TYPE_CHECKING:
    from notify_smtp.endpoint import Endpoint
    from notify_smtp.submission import Delivered, Submission

_log = logging.getLogger("notify.smtp")

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0


class Client:
    """What a transport sends with. Safe to share between threads.

    Raises:
        TransportConfigError: the endpoint's `ca_file` holds no certificates.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        hidden = endpoint.credentials.hidden if endpoint.credentials else ()
        self._endpoint = endpoint
        self._interpreter = Interpreter(
            endpoint.name, endpoint.rules, scrub=scrubber(hidden), connect_advice=endpoint.connect_advice
        )
        self._context = self._trust()
        self._pool = Pool(self._open, endpoint.pool, endpoint.messages_per_connection, endpoint.name)

    def submit(self, submission: Submission) -> Delivered:
        """Carry one message, within the endpoint's deadline and with its retries.

        Raises:
            DeliveryError: it was not taken, or, for UnknownOutcomeError, nobody knows.
        """
        deadline = Deadline(self._endpoint.deadline)
        tries = 0
        while True:
            try:
                return self._attempt(submission, deadline)
            except ThrottledError:
                raise
            except TemporaryError as error:
                # full jitter: clients that were put off together do not come back together
                pause = random.uniform(0.0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**tries))  # noqa: S311
                if tries == self._endpoint.retries or pause >= deadline.remaining:
                    raise
                _log.info("%s; trying again in %.1f seconds", error.reason, pause)
                tries += 1
                time.sleep(pause)

    def verify(self) -> None:
        """Connect, start TLS and log in, and send nothing.

        Raises:
            DeliveryError: one of them failed.
        """
        self._open(Deadline(self._endpoint.deadline)).quit()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _attempt(self, submission: Submission, deadline: Deadline) -> Delivered:
        with self._pool.session(deadline) as session:
            used = session.sent > 0
            try:
                return session.deliver(submission, deadline)
            except TemporaryError:
                # a server may end a session between two messages without a word: that is not this message's failure
                if not used or session.usable or session.phase not in {"mail", "rcpt"}:
                    raise
        with self._pool.session(deadline, fresh=True) as session:
            return session.deliver(submission, deadline)

    def _open(self, deadline: Deadline) -> Session:
        return Session.open(self._endpoint, self._interpreter, self._context, deadline)

    def _trust(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self._endpoint.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise TransportConfigError(
                f"ca_file {self._endpoint.ca_file} holds no certificates in PEM ({error})",
                transport=self._endpoint.name, phase="tls",
            ) from None  # fmt: skip
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context
