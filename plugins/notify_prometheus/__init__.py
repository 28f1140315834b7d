"""Counters of messages for Prometheus; there wherever its client library is installed, and nothing else without it.

It counts from when the application has imported the library, in the library's default registry; for another one, leave
this plugin out and register `notify_prometheus.metrics.Metrics` with it.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("prometheus_client") is not None:
    from notify_prometheus.observing import notify_delivered, notify_event, notify_failed

    __all__ = ["notify_delivered", "notify_event", "notify_failed"]
