"""The hooks of the plugin, which tell the global providers."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from notify import hookimpl

if TYPE_CHECKING:
    from notify import Message, NotifyError, Receipt, Transport
    from notify_opentelemetry.telemetry import Telemetry

_made: list[Telemetry] = []
_making = threading.Lock()


def _telemetry() -> Telemetry | None:
    """The one of this process, whose instruments are to be made once; None where nobody has set up a provider."""
    if _made:
        return _made[0]
    # Whoever sets one up imports this, or has the API do so by a variable.
    if "opentelemetry.trace" not in sys.modules and "OTEL_PYTHON_TRACER_PROVIDER" not in os.environ:
        return None
    with _making:
        if not _made:
            from notify_opentelemetry.telemetry import Telemetry

            _made.append(Telemetry())
    return _made[0]


@hookimpl
def notify_delivered(
    receipt: Receipt, message: Message, transport: Transport | None, seconds: float | None, attempt: int
) -> None:
    """Tell of what was accepted."""
    if (telemetry := _telemetry()) is not None:
        telemetry.notify_delivered(receipt, message, transport, seconds, attempt)


@hookimpl
def notify_failed(
    message: Message, error: NotifyError, transport: Transport | None, seconds: float | None, attempt: int
) -> None:
    """Tell of what was not."""
    if (telemetry := _telemetry()) is not None:
        telemetry.notify_failed(message, error, transport, seconds, attempt)
