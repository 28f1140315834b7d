"""A mail taken apart: of octets, whoever wrote them, what people and mail programs see in it."""

from notify.preview.opened.mail import Opened, open_mail
from notify.preview.opened.parts import Header, Part
from notify.preview.opened.snippet import visible_text

__all__ = ["Header", "Opened", "Part", "open_mail", "visible_text"]
