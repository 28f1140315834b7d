"""What is counted, in a registry of Prometheus' client library.

No label has an address or anything else that grows with the number of messages: ids of notifications, names of
transports and providers, and a few words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Histogram

from notify import DeliveryError, hookimpl
from notify.outcomes import ACCEPTED, carrier_of, outcome_of

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from notify import Message, NotifyError, Receipt, Transport
    from notify.feedback import Event

_LABELS = ("notification", "transport", "outcome")
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """A plugin that counts messages. Safe to share between threads.

    Args:
        registry: where the metrics are; it takes each of them once.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._messages = Counter(
            "notify_messages", "Messages by what became of them at one try.", _LABELS, registry=registry
        )
        self._recipients = Counter(
            "notify_recipients", "Recipients by what became of their message at one try.", _LABELS, registry=registry
        )
        self._seconds = Histogram(
            "notify_delivery_seconds",
            "For how long a transport had a message.",
            ("transport",),
            registry=registry,
            buckets=_BOUNDS,
        )
        self._events = Counter(
            "notify_events", "What providers told of messages.", ("provider", "kind"), registry=registry
        )

    @hookimpl
    def notify_delivered(
        self, receipt: Receipt, message: Message, transport: Transport | None, seconds: float | None
    ) -> None:
        """Count what was accepted, and each recipient of it."""
        name, carrier = message.notification or "", carrier_of(receipt, transport)
        self._count(name, carrier, outcome_of(receipt), seconds)
        if receipt.accepted:
            self._recipients.labels(name, carrier, ACCEPTED).inc(len(receipt.accepted))
        for error in receipt.rejected.values():
            self._recipients.labels(name, carrier, outcome_of(error)).inc()

    @hookimpl
    def notify_failed(
        self, message: Message, error: NotifyError, transport: Transport | None, seconds: float | None
    ) -> None:
        """Count what was not, and each recipient of it."""
        name, carrier = message.notification or "", carrier_of(error, transport)
        self._count(name, carrier, outcome_of(error), seconds)
        each = error.rejected if isinstance(error, DeliveryError) else {}
        for person in message.envelope.recipients:
            self._recipients.labels(name, carrier, outcome_of(each.get(person, error))).inc()

    @hookimpl
    def notify_event(self, event: Event) -> None:
        """Count what a provider told."""
        self._events.labels(event.provider, str(event.kind)).inc()

    def _count(self, name: str, carrier: str, word: str, seconds: float | None) -> None:
        self._messages.labels(name, carrier, word).inc()
        if seconds is not None:
            self._seconds.labels(carrier).observe(seconds)
