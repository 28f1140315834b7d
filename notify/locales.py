"""What a locale looks like."""

from __future__ import annotations

import re

_LOCALE = re.compile(r"[a-zA-Z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def normal_locale(text: str) -> str | None:
    """`pt_BR` as `pt-BR`; None if it is no locale (BCP 47, section 2.1, without the rarer forms)."""
    locale = text.replace("_", "-")
    return locale if _LOCALE.fullmatch(locale) else None
