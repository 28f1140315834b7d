"""The `chaos` transport: carries messages through another one and fails on purpose, to try out what then happens."""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from notify import (
    ConfigError,
    DeliveryError,
    Message,
    Receipt,
    RefusedError,
    TemporaryError,
    ThrottledError,
    Transport,
    TransportConfigError,
    UnknownOutcomeError,
    hookimpl,
    setting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.dsn import Dsn

_log = logging.getLogger("notify.chaos")

FAULTS = ("temporary", "throttled", "refused", "config", "unknown", "partial")
"""What can happen to a message, one of them at most; each is the setting that says how often."""


def _probability(value: float) -> str | None:
    return None if 0 <= value <= 1 else f"expected a number from 0 to 1, got {value:g}"


def _not_negative(value: float) -> str | None:
    return None if value >= 0 else f"expected 0 or more seconds, got {value:g}"


def _one(transports: tuple[Transport, ...]) -> str | None:
    return None if len(transports) == 1 else f"expected exactly one transport, got {len(transports)}"


class Chaos(Transport):
    """Carries messages through another transport, and fails on purpose as often as it is told."""

    transports: tuple[Transport, ...] = setting("The one transport that carries: a name or a DSN.", check=_one)
    temporary: float = setting("How often TemporaryError is raised: 0 to 1.", default=0.0, check=_probability)
    throttled: float = setting("How often ThrottledError is raised.", default=0.0, check=_probability)
    refused: float = setting("How often RefusedError is raised.", default=0.0, check=_probability)
    config: float = setting("How often TransportConfigError is raised.", default=0.0, check=_probability)
    unknown: float = setting(
        "How often the message is delivered and UnknownOutcomeError is raised, as when a reply is lost.",
        default=0.0,
        check=_probability,
    )
    partial: float = setting(
        "How often some of several recipients are rejected, and the others get the message.",
        default=0.0,
        check=_probability,
    )
    delay: float = setting("Seconds that each message waits first.", default=0.0, check=_not_negative)
    seed: int | None = setting("A number that makes the same faults in each run.", default=None)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        total = math.fsum(getattr(self, fault) for fault in FAULTS)
        if total > 1 + 1e-9:
            raise ConfigError(f"{self.name}: {' + '.join(FAULTS)} is at most 1 together, got {total:g}")
        (self._inner,) = self.transports
        self.capabilities = self._inner.capabilities
        # One alone, where its chances are to fall in the same order each time, or where it only waits.
        self.senders = self._inner.senders if self.seed is None else min(1, self._inner.senders)
        self.senders = self.senders or int(self.delay > 0)
        self._random = random.Random(self.seed)  # noqa: S311 - chance, not secrecy
        self._lock = threading.Lock()

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """`chaos+file:///folder?temporary=0.2`: the DSN of the other transport, whose query holds the settings of both.

        Raises:
            ConfigError: no other transport is named.
        """
        if not dsn.option:
            raise ConfigError(f"{dsn.scheme}: takes another transport: {dsn.scheme}+file:///folder?temporary=0.2")
        own = cls.declared_settings().keys() - {"transports"}
        settings = {name: value for name, value in dsn.query.items() if name in own}
        query = {name: value for name, value in dsn.query.items() if name not in own}
        return {"transports": [_text(dsn, query)], **settings}

    def send(self, message: Message) -> Receipt:
        """Wait, then fail or carry the message."""
        fault, rejected = self._draw(message.envelope.recipients)
        time.sleep(self.delay)
        if fault is not None:
            _log.info("%s: injects the fault %r into %s", self.name, fault, message.message_id)
        if fault == "unknown":
            self._inner.send(message)
        if fault == "partial":
            return self._send_to_some(message, rejected)
        if fault is not None:
            raise self._error(fault)
        return self._inner.send(message)

    def verify(self) -> None:
        """Verify the other one."""
        self._inner.verify()

    def close(self) -> None:
        """Close the other one."""
        self._inner.close()

    def _draw(self, recipients: tuple[str, ...]) -> tuple[str | None, set[str]]:
        """What happens to the next message, and to which recipients; for one alone, nothing is partial."""
        with self._lock:
            left = self._random.random()
            rejected = set(self._random.sample(recipients, self._random.randrange(1, max(2, len(recipients)))))
        for fault in FAULTS:
            left -= getattr(self, fault)
            if left < 0:
                return (None if fault == "partial" and len(recipients) == 1 else fault), rejected
        return None, rejected

    def _send_to_some(self, message: Message, rejected: set[str]) -> Receipt:
        """Send it to the others; there is always one."""
        others = tuple(person for person in message.envelope.recipients if person not in rejected)
        receipt = self._inner.send(message.replace(only=others))
        errors = {address: self._error("partial", recipient=address) for address in sorted(rejected)}
        return replace(receipt, rejected={**receipt.rejected, **errors})

    def _error(self, fault: str, recipient: str | None = None) -> DeliveryError:
        kinds: dict[str, tuple[type[DeliveryError], str, int | None]] = {
            "temporary": (TemporaryError, "the server is busy", 451),
            "throttled": (ThrottledError, "too many messages", 450),
            "refused": (RefusedError, "the message is refused", 554),
            "config": (TransportConfigError, "the password is wrong", 535),
            "unknown": (UnknownOutcomeError, "the connection was lost after the message was delivered", None),
            "partial": (RefusedError, "there is no such recipient", 550),
        }
        kind, reason, code = kinds[fault]
        return kind(
            f"{reason} (an injected fault, not a real one)",
            transport=self.name,
            phase="chaos",
            code=code,
            recipient=recipient,
            advice=f"It is raised on purpose, as the setting {fault!r} of the transport {self.name!r} says.",
            retry_after=1.0 if fault == "throttled" else None,
        )


def _text(dsn: Dsn, query: Mapping[str, str]) -> str:
    """The other transport's DSN, written again."""
    user = quote(dsn.user, safe="") + (f":{quote(dsn.password, safe='')}" if dsn.password else "")
    host = f"[{dsn.host}]" if ":" in dsn.host else dsn.host
    place = (f"{user}@" if user else "") + host + (f":{dsn.port}" if dsn.port is not None else "")
    slashes = f"//{place}" if place or dsn.path.startswith("/") else ""
    tail = f"?{urlencode(query, quote_via=quote)}" if query else ""
    return f"{dsn.option}:{slashes}{quote(dsn.path)}{tail}"


@hookimpl
def notify_transports() -> Mapping[str, type[Transport]]:
    """Offer `chaos`."""
    return {"chaos": Chaos}
