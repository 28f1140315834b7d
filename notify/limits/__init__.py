"""Rates and quotas: how much a transport may send in a second, a minute, an hour or a day."""

from __future__ import annotations

from notify.limits.limited import Limited, LimitSettings
from notify.limits.rates import Rate, Usage

__all__ = ["LimitSettings", "Limited", "Rate", "Usage"]
