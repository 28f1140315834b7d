"""Helpers for tests of applications and plugins."""

from __future__ import annotations

from notify.testing.certificates import Certificates
from notify.testing.script import Rule, Script
from notify.testing.smtpserver import Received, ScriptedServer

__all__ = ["Certificates", "Received", "Rule", "Script", "ScriptedServer"]
