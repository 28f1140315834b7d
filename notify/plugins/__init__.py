"""Plugins: found, loaded and called."""

from __future__ import annotations

from notify.plugins.loading import GROUP
from notify.plugins.manager import FRAMEWORK, Plugins

__all__ = ["FRAMEWORK", "GROUP", "Plugins"]
