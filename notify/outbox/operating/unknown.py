"""Which jobs may have arrived although nobody knows: to send them again may send them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_

from notify.outbox.tables import jobs

if TYPE_CHECKING:
    from notify.outbox.job import Job

MAY_HAVE_ARRIVED = or_(jobs.c.begun_at.isnot(None), jobs.c.history.like('%"unknown":true%'))
"""The same of rows. A worker was lost after it had begun, or an attempt's entry says so; see `notify.outbox.history`.

No text within an entry can look so, since JSON puts a backslash before its quotation marks.
"""


def may_have_arrived(job: Job) -> bool:
    """Whether a server may have taken the job's message without our knowing."""
    return job.begun_at is not None or any(entry.get("unknown") is True for entry in job.history)
