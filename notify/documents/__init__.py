"""What there is, as JSON documents: the same for the command's `--json` and for the preview."""

from __future__ import annotations

from notify.documents.messages import message_document, receipt_document
from notify.documents.transports import (
    Configured,
    changed_settings,
    configured,
    transport_document,
    type_document,
)

__all__ = [
    "Configured",
    "changed_settings",
    "configured",
    "message_document",
    "receipt_document",
    "transport_document",
    "type_document",
]
