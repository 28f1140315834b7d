"""The log's entries and figures as JSON documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from notify.log import Entry, Happening, Stats

_PLAIN = (
    "id", "status", "notification", "category", "person", "message_id", "transport", "provider_id", "job", "attempts",
    "reason",
)  # fmt: skip
_OF_EVENTS = (
    "kind", "provider", "event_id", "bounce", "reason", "code", "enhanced_code", "classification", "group", "url",
    "machine",
)  # fmt: skip


def entry_document(entry: Entry) -> dict[str, Any]:
    """An entry with its events; times are ISO 8601, in UTC."""
    return {
        **{name: getattr(entry, name) for name in _PLAIN},
        "created_at": _time(entry.created_at),
        "changed_at": _time(entry.changed_at),
        "events": [event_document(event) for event in entry.events],
    }


def event_document(event: Happening) -> dict[str, Any]:
    """An event, with what is known of it."""
    known = {name: value for name in _OF_EVENTS if (value := getattr(event, name)) not in (None, "")}
    return {"at": _time(event.at), **known, "received_at": _time(event.received_at)}


def log_stats_document(stats: Stats) -> dict[str, Any]:
    """The figures of the log; messages that were built by hand are counted under an empty name."""
    return {
        "statuses": dict(stats.statuses),
        "notifications": {name or "": dict(counts) for name, counts in stats.notifications.items()},
        "events": stats.events,
        "unknown": dict(stats.unknown),
        "last_event": None if stats.last_event is None else _time(stats.last_event),
    }


def _time(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
