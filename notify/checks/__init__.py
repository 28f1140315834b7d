"""Checks: rules about notifications, and the places where they do not hold."""

from __future__ import annotations

from notify.checks.finding import SEVERITIES, Finding, Severity
from notify.checks.mail import Mail
from notify.checks.rule import Problem, Rule, rule

__all__ = ["SEVERITIES", "Finding", "Mail", "Problem", "Rule", "Severity", "rule"]
