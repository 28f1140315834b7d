"""Which jobs may have arrived although nobody knows: to send them again may send them twice."""

from __future__ import annotations

from sqlalchemy import or_

from notify.outbox.tables import jobs

MAY_HAVE_ARRIVED = or_(jobs.c.begun_at.isnot(None), jobs.c.history.like('%"unknown":true%'))
"""`Job.may_have_arrived` of rows that are not sent.

A worker was lost after it had begun, or an attempt's entry says so; see `notify.outbox.history`.

No text within an entry can look so, since JSON puts a backslash before its quotation marks.
"""
