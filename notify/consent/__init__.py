"""May we write to somebody: links to unsubscribe, their pages, and what people chose."""

from __future__ import annotations

from notify.consent.scopes import ALL, Scope, person
from notify.consent.tokens import Claim, TokenError, Tokens

__all__ = ["ALL", "Claim", "Scope", "TokenError", "Tokens", "person"]
