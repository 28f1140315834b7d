"""Times: as people give them, and as they read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from notify.documents.jobs import ago
from notify.durations import seconds_of


def time_option(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """A day or a time in ISO 8601, local if it says no zone; `now`; or how long ago, such as `2 days`: aware."""
    if value is None:
        return None
    text = value.strip()
    try:
        if text == "now":
            return datetime.now(UTC)
        if text[:1].isdigit() and text[-1:].isalpha() and text[-1:] != "Z":
            return datetime.now(UTC) - timedelta(seconds=seconds_of(text))
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        expected = "expected such as 2030-12-31, 2030-12-31T18:00, now, or 2 days"
        raise click.BadParameter(f"{value!r:.60} is no time: {expected}") from None


def duration_option(_ctx: click.Context, _parameter: click.Parameter, value: str) -> int:
    """The seconds of a duration such as `30 days`."""
    try:
        return seconds_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def local(time: datetime) -> str:
    """A time by the clock of this machine, and how long ago it was: `2030-12-31 18:00:00+01:00 (3 min ago)`."""
    return f"{time.astimezone().isoformat(sep=' ', timespec='seconds')} ({ago(time, datetime.now(UTC))})"
