"""A mail's HTML as a document that can be shown to anybody: it runs nothing, and loads what it is allowed to."""

from notify.preview.frame.document import Scheme, frame_document
from notify.preview.frame.policy import header_policy, policy

__all__ = ["Scheme", "frame_document", "header_policy", "policy"]
