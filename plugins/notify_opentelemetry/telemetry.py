"""A span for each message, and the metrics of a messaging client.

The names are those of https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ and of
https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics/, both in development; what has no name there
begins with `notify.`. No attribute has an address.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from opentelemetry import metrics, trace

import notify
from notify import NotifyError, hookimpl
from notify.outcomes import ACCEPTED, PARTLY, SUPPRESSED, carrier_of, outcome_of, people_of

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from notify import Message, Receipt, Transport

_NAME = "notify"
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_SOUND = {ACCEPTED, PARTLY, SUPPRESSED}
_FAILED = trace.Status(trace.StatusCode.ERROR)


class Telemetry:
    """A plugin that makes spans when the outcome is known, with the times that the transport began and ended at.

    It wraps no delivery, so that messages overlap as they do without it. Safe to share between threads.

    Args:
        tracers: where spans go; the global provider by default.
        meters: where metrics go; likewise.
    """

    def __init__(self, tracers: TracerProvider | None = None, meters: MeterProvider | None = None) -> None:
        self._tracer = trace.get_tracer(_NAME, notify.__version__, tracers)
        meter = metrics.get_meter(_NAME, notify.__version__, meters)
        self._duration = meter.create_histogram(
            "messaging.client.operation.duration",
            unit="s",
            description="Duration of messaging operation initiated by a producer or consumer client.",
            explicit_bucket_boundaries_advisory=_BOUNDS,
        )
        self._sent = meter.create_counter(
            "messaging.client.sent.messages",
            unit="{message}",
            description="Number of messages producer attempted to send to the broker.",
        )

    @hookimpl
    def notify_delivered(
        self, receipt: Receipt, message: Message, transport: Transport | None, seconds: float | None, attempt: int
    ) -> None:
        """Tell of what was accepted."""
        self._tell(message, receipt, transport, seconds, attempt)

    @hookimpl
    def notify_failed(
        self, message: Message, error: NotifyError, transport: Transport | None, seconds: float | None, attempt: int
    ) -> None:
        """Tell of what was not."""
        self._tell(message, error, transport, seconds, attempt)

    def _tell(
        self,
        message: Message,
        outcome: Receipt | NotifyError,
        transport: Transport | None,
        seconds: float | None,
        attempt: int,
    ) -> None:
        word = outcome_of(outcome)
        shared = _shared(message, outcome, word, transport)
        own = {
            "messaging.message.id": message.message_id,
            "notify.outcome": word,
            "notify.recipients": len(people_of(outcome, message)),
            "notify.attempt": attempt,
        }
        if message.category:
            own["notify.category"] = message.category
        self._trace({**shared, **own}, seconds, failed=word not in _SOUND)
        if seconds is not None:
            self._duration.record(seconds, shared)
            self._sent.add(1, shared)

    def _trace(self, attributes: dict[str, Any], seconds: float | None, *, failed: bool) -> None:
        end = time.time_ns()
        destination = attributes.get("messaging.destination.name")
        span = self._tracer.start_span(
            f"send {destination}" if destination else "send",
            kind=trace.SpanKind.CLIENT,
            attributes=attributes,
            start_time=end - int((seconds or 0.0) * 1e9),
        )
        if failed:
            span.set_status(_FAILED)
        span.end(end_time=end)


def _shared(message: Message, outcome: Receipt | NotifyError, word: str, transport: Transport | None) -> dict[str, Any]:
    """The attributes that metrics have too: those of which there are few values."""
    found: dict[str, Any] = {
        "messaging.system": "email",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
    }
    if carrier := carrier_of(outcome, transport):
        found["messaging.destination.name"] = carrier
    if message.notification:
        found["notify.notification"] = message.notification
    if word not in _SOUND:
        error = outcome if isinstance(outcome, NotifyError) else next(iter(outcome.rejected.values()))
        found["error.type"] = type(error).__name__
    carrying = getattr(transport, "inner", transport)  # one with limits is inside of what keeps them
    if server := getattr(carrying, "server", None):
        found["server.address"], found["server.port"] = server
    return found
