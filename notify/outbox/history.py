"""What happened to a job: a JSON list in its row, with an entry for each thing that did, oldest first.

Each entry has `at`, in seconds of the epoch by the database's clock, and `event`, one of the words below. An attempt
has `transport`, and `accepted` with the server's `response`, or `error`, or both where some recipients were refused.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json
from sqlalchemy import Numeric, String, Text, case, cast, func, literal, literal_column

from notify.database.tables import now
from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

ATTEMPT = "attempt"
LOST = "worker lost"
PARKED = "parked"
RETRIED = "retried"
CANCELLED = "cancelled"


def entry(event: str, **details: Any) -> str:
    """An entry as `appended` takes it; details that are None are left out."""
    known = {name: value for name, value in details.items() if value is not None}
    return compact({"event": event, **known})


def compact(value: Any) -> str:
    """The JSON of plain values, without blanks."""
    try:
        # A fifth of the time that the standard library takes.
        return to_json(value).decode()
    except PydanticSerializationError:  # what a server said is not always Unicode
        return json.dumps(value, separators=(",", ":"))


def appended(entry: str | ColumnElement[str]) -> ColumnElement[str]:
    """The history with one more entry, at the present time."""
    added = literal(entry, Text()) if isinstance(entry, str) else entry
    at = cast(func.round(cast(now(), Numeric()), 3), String())
    before = func.substr(jobs.c.history, 1, func.length(jobs.c.history) - 1)
    comma = case((jobs.c.history == "[]", ""), else_=",")
    text = literal_column("'{\"at\":'", Text())
    return before.concat(comma).concat(text).concat(at).concat(",").concat(func.substr(added, 2)).concat("]")
