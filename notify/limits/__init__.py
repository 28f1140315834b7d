"""Rates and quotas: how much a transport may send in a second, a minute, an hour or a day."""

from __future__ import annotations

from notify.limits.limited import Limited, LimitSettings
from notify.limits.rates import Usage, take_room
from notify.rates import Rate

__all__ = ["LimitSettings", "Limited", "Rate", "Usage", "take_room"]
