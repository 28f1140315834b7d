"""The doctor: whether mail can be sent, and what is wrong where it cannot."""

from __future__ import annotations

from notify.doctor.examination import Examination
from notify.doctor.findings import Finding
from notify.doctor.names import Resolver
from notify.doctor.project import Project
from notify.doctor.verdict import Outcome, Verdict

__all__ = ["Examination", "Finding", "Outcome", "Project", "Resolver", "Verdict"]
