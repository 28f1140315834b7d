"""The hooks of the plugin, which count in the default registry of the client library."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from notify import hookimpl

if TYPE_CHECKING:
    from notify import Message, NotifyError, Receipt, Transport
    from notify.feedback import Event
    from notify_prometheus.metrics import Metrics

_made: list[Metrics] = []
_making = threading.Lock()


def _metrics() -> Metrics | None:
    """Those of this process, whose registry takes each name only once; None where nobody could ask for them."""
    if _made:
        return _made[0]
    if "prometheus_client" not in sys.modules and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return None
    with _making:
        if not _made:
            from prometheus_client import REGISTRY

            from notify_prometheus.metrics import Metrics

            _made.append(Metrics(REGISTRY))
    return _made[0]


@hookimpl
def notify_delivered(receipt: Receipt, message: Message, transport: Transport | None, seconds: float | None) -> None:
    """Count what was accepted."""
    if (metrics := _metrics()) is not None:
        metrics.notify_delivered(receipt, message, transport, seconds)


@hookimpl
def notify_failed(message: Message, error: NotifyError, transport: Transport | None, seconds: float | None) -> None:
    """Count what was not."""
    if (metrics := _metrics()) is not None:
        metrics.notify_failed(message, error, transport, seconds)


@hookimpl
def notify_event(event: Event) -> None:
    """Count what a provider told."""
    if (metrics := _metrics()) is not None:
        metrics.notify_event(event)
