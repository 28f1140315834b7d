"""Delivery: one message, through the policy, the hooks and its transport; and many, overlapped."""

from __future__ import annotations

from notify.delivery.delivery import Delivery
from notify.delivery.progress import Progress
from notify.delivery.receipts import Receipts

__all__ = ["Delivery", "Progress", "Receipts"]
