"""Helpers for tests of applications and plugins.

Names are imported when they are first used: pytest imports this package in every run, whether it is needed or not.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify.testing.certificates import Certificates
    from notify.testing.diverting import capturing
    from notify.testing.mailbox import Mailbox
    from notify.testing.relay import Relayed, RelayServer
    from notify.testing.script import Rule, Script
    from notify.testing.sent import Sent
    from notify.testing.smtpserver import Received, ScriptedServer

_HOME = {
    "Certificates": "certificates",
    "Mailbox": "mailbox",
    "Received": "smtpserver",
    "RelayServer": "relay",
    "Relayed": "relay",
    "Rule": "script",
    "Script": "script",
    "ScriptedServer": "smtpserver",
    "Sent": "sent",
    "capturing": "diverting",
}

__all__ = [
    "Certificates",
    "Mailbox",
    "Received",
    "RelayServer",
    "Relayed",
    "Rule",
    "Script",
    "ScriptedServer",
    "Sent",
    "capturing",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'notify.testing' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"notify.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value
