"""Whether what a contender makes is the mail that was asked for, so that nobody is fast by leaving something out."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import EmailMessage

    from bench.workload import Context

_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version")
_SHOWN = ("order_id", "tracking_no", "grand_total", "reset_url")


def faults(octets: bytes, context: Context, *, inlined: bool = False) -> list[str]:
    """What is wrong with a message; nothing, if it is one complete multipart/alternative with the right words.

    Args:
        octets: the message.
        context: what it was made of.
        inlined: whether the CSS must be in the elements.
    """
    message = message_from_bytes(octets, policy=default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    if text is None or html is None:
        return ["no text or no HTML"]
    found = [*_in_headers(message, context), *_on_the_wire(octets)]
    for name, part in (("text", text), ("HTML", html)):
        content = part.get_content()
        found += [f"{name} lacks {key}" for key in _SHOWN if str(context.params.get(key, "")) not in content]
    if inlined and not re.search(r"<h1 [^>]*style=", html.get_content()):
        found.append("CSS is not inlined")
    kinds = [part.get_content_type() for part in message.walk()]
    if kinds.index("text/html") < kinds.index("text/plain"):
        found.append("HTML before text, which then is what readers show")
    found += [type(defect).__name__ for part in message.walk() for defect in part.defects]
    return list(dict.fromkeys(found))


def _in_headers(message: EmailMessage, context: Context) -> list[str]:
    missing = [f"no {name}" for name in _HEADERS if message[name] is None]
    return missing if context.email in str(message["To"]) else [*missing, "the wrong recipient"]


def _on_the_wire(octets: bytes) -> list[str]:
    found = ["a line of more than 998 octets"] if any(len(line) > 999 for line in octets.split(b"\n")) else []
    return [*found, "a line that ends in LF alone"] if re.search(rb"(?<!\r)\n", octets) else found
