"""Explaining: what decides each part of a message, and where that is written; nothing is sent."""

from __future__ import annotations

from notify.explaining.asked import Asked
from notify.explaining.explanation import Explanation, explain
from notify.explaining.facts import Fact, Origin, Problem, Section

__all__ = ["Asked", "Explanation", "Fact", "Origin", "Problem", "Section", "explain"]
