"""One server and all that it takes to send there: trust, a pool of sessions, an interpreter of replies."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from notify.errors import TransportConfigError
from notify.retries import Retries
from notify_smtp.carriage import Carriage, Manners
from notify_smtp.deadline import Deadline
from notify_smtp.parcel import Parcel
from notify_smtp.pool import Pool
from notify_smtp.replies import Interpreter
from notify_smtp.scrub import scrubber
from notify_smtp.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify_smtp.endpoint import Endpoint
    from notify_smtp.parcel import Outcome
    from notify_smtp.submission import Delivered, Submission


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
        self._retries = Retries(endpoint.retries)
        self._manners = Manners()
        self._pool = Pool(self._open, endpoint.pool, endpoint.name)

    def submit(self, submission: Submission) -> Delivered:
        """Carry one message, within the endpoint's deadline and with its retries.

        Raises:
            DeliveryError: it was not taken, or, for UnknownOutcomeError, nobody knows.
        """
        outcomes: list[Outcome] = []
        self.carry(Parcel(submission, self._endpoint.deadline, outcomes.append), lambda: None)
        (outcome,) = outcomes
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def carry(self, first: Parcel, ready: Callable[[], Parcel | None]) -> None:
        """Carry a parcel, and then each that is ready by the time it can leave; return when there is none.

        Args:
            first: the first one.
            ready: the next one if there is one already; never waits.
        """
        Carriage(self._pool, ready, self._retries, self._manners).carry(first)

    def verify(self) -> None:
        """Connect, start TLS and log in, and send nothing.

        Raises:
            DeliveryError: one of them failed.
        """
        self._open(Deadline(self._endpoint.deadline)).quit()

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _open(self, deadline: Deadline) -> Session:
        return Session.open(self._endpoint, self._interpreter, self._context, deadline)

    def _trust(self) -> ssl.SSLContext:
        """Whom to trust: nobody where there is no TLS, since reading all of the system's certificates takes a while."""
        if self._endpoint.tls == "none" and self._endpoint.ca_file is None:
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context = ssl.create_default_context(cafile=self._endpoint.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise TransportConfigError(
                f"ca_file {self._endpoint.ca_file} holds no certificates in PEM ({error})",
                transport=self._endpoint.name, phase="tls",
            ) from None  # fmt: skip
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context
