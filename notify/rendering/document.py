"""HTML parts as whole documents."""

from __future__ import annotations

import re

from markupsafe import escape

_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_PLAIN_DOCTYPE = "<!DOCTYPE html>"


def is_document(html: str) -> bool:
    """Whether this is more than what stands inside of a body."""
    return bool(_DOCUMENT.search(html))


def as_document(html: str, *, locale: str, title: str) -> str:
    """The HTML, put into a minimal document if it is only a fragment of one."""
    if is_document(html):
        return html
    return (
        f'{_PLAIN_DOCTYPE}\n<html lang="{escape(locale.replace("_", "-"))}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n{html.strip()}\n</body>\n</html>\n"
    )
