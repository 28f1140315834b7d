"""Where a link leads, as text says it."""

from __future__ import annotations

import re
from urllib.parse import unquote

_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")  # a browser drops them too (URL Standard, section 4.1)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_ESCAPES = str.maketrans({" ": "%20", "<": "%3C", ">": "%3E", "\xa0": "%C2%A0"})
_UNREADABLE = frozenset({"cid", "data", "javascript", "vbscript"})


def with_destination(text: str, href: str | None) -> str | None:
    """What to read for a link: `text <url>`, or the URL alone where the text says the same; None for the text alone."""
    url = _readable(href)
    if url is None:
        return None
    shown = " ".join(text.split())
    if _plain(shown) == _plain(url):
        return url
    return f"{text} <{url}>" if shown else f"<{url}>"


def _readable(href: str | None) -> str | None:
    url = _CONTROLS.sub("", href or "").strip()
    match = _SCHEME.match(url)
    scheme = match.group(1).lower() if match else ""
    if not url or url.startswith("#") or scheme in _UNREADABLE:
        return None
    if scheme == "mailto":
        url = _CONTROLS.sub("", unquote(url[len("mailto:") :].partition("?")[0]))
    elif scheme == "tel":
        url = url[len("tel:") :]
    return url.translate(_ESCAPES) or None


def _plain(url: str) -> str:
    """A URL, address or telephone number as people shorten it."""
    short = url.casefold().removeprefix("http://").removeprefix("https://").removeprefix("www.").rstrip("/")
    digits = re.sub(r"[\s().\-\u202f\xa0]", "", short)
    return digits if digits.lstrip("+").isdecimal() else short
