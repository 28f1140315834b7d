"""Celery's workers deliver what is in the outbox: a message of the broker rings, and carries ids of jobs.

The outbox stays the truth. A bell that is lost, or that rings twice, changes nothing but when a job is delivered.
"""

from __future__ import annotations

from notify.outbox.celery.doorbell import Doorbell

__all__ = ["Doorbell"]
