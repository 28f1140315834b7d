"""The mail itself: an immutable message, its envelope and its attachments, and what is noted of one that is kept."""

from notify.message.attachment import Attachment
from notify.message.model import Envelope, Message
from notify.message.trace import Trace
from notify.wire import WireOctets

__all__ = ["Attachment", "Envelope", "Message", "Trace", "WireOctets"]
