"""Configuration: notify.yaml, its environments, and the transports that they name."""

from __future__ import annotations

from notify.configuration.environment import STATE_IN_OUTBOX, Environment
from notify.configuration.find import Found, find_configuration, locate_configuration
from notify.configuration.model import Configuration
from notify.configuration.policy import Policy
from notify.configuration.transports import Specification, Transports

__all__ = [
    "STATE_IN_OUTBOX",
    "Configuration",
    "Environment",
    "Found",
    "Policy",
    "Specification",
    "Transports",
    "find_configuration",
    "locate_configuration",
]
