"""Static analysis of templates: Jinja2's tree followed with the types of the params, without rendering anything."""

from __future__ import annotations

from notify.checks.analysis.found import Found, Kind
from notify.checks.analysis.notification import Analysed, Templates

__all__ = ["Analysed", "Found", "Kind", "Templates"]
