"""Contracts: what notifications take, as values that can be stored and compared."""

from __future__ import annotations

from notify.contracts.canonical import Form, contract_form, contract_hash, form_hash
from notify.contracts.change import Change
from notify.contracts.comparing import compare
from notify.contracts.compatible import Compatibility, compatible
from notify.contracts.snapshot import Snapshot

__all__ = [
    "Change",
    "Compatibility",
    "Form",
    "Snapshot",
    "compare",
    "compatible",
    "contract_form",
    "contract_hash",
    "form_hash",
]
