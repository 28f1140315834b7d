"""Typed callers: a Python module with a callable for each notification, whose keywords are its params."""

from __future__ import annotations
