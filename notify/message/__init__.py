"""The mail itself: an immutable message, its envelope and its attachments."""

from notify.message.attachment import Attachment
from notify.message.model import Envelope, Message

__all__ = ["Attachment", "Envelope", "Message"]
