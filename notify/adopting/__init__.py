"""Adopting existing templates: a definition is inferred from what a template reads."""

from __future__ import annotations

from notify.adopting.adopting import Adoption, adopt

__all__ = ["Adoption", "adopt"]
