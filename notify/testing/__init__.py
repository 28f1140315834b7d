"""Helpers for tests of applications and plugins."""

from __future__ import annotations

from notify.testing.certificates import Certificates
from notify.testing.relay import Relayed, RelayServer
from notify.testing.script import Rule, Script
from notify.testing.smtpserver import Received, ScriptedServer

__all__ = ["Certificates", "Received", "RelayServer", "Relayed", "Rule", "Script", "ScriptedServer"]
