"""May we write to somebody: links to unsubscribe, their pages, and what people chose.

`notify.consent.application.consent_app` serves the pages of a project.
"""

from __future__ import annotations

from notify.consent.choices import Choice, Decision, decided
from notify.consent.scopes import ALL, Scope, person
from notify.consent.store import MemoryPreferences, Preferences
from notify.consent.tokens import Claim, TokenError, Tokens

__all__ = [
    "ALL",
    "Choice",
    "Claim",
    "Decision",
    "MemoryPreferences",
    "Preferences",
    "Scope",
    "TokenError",
    "Tokens",
    "decided",
    "person",
]
