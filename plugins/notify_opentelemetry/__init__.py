"""Spans and metrics of messages for OpenTelemetry; there wherever its API is installed, and nothing else without it.

It works from when the application has imported the API, with the providers that are set up there; for others, leave
this plugin out and register `notify_opentelemetry.telemetry.Telemetry` with them.
"""

from __future__ import annotations

from importlib.util import find_spec

# `opentelemetry` alone is a namespace, which packages without the API are in too.
if find_spec("opentelemetry") is not None and find_spec("opentelemetry.trace") is not None:
    from notify_opentelemetry.observing import notify_delivered, notify_failed

    __all__ = ["notify_delivered", "notify_failed"]
