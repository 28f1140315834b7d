"""Plain text with its links made clickable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS = r"[\w.%+-]++@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*"
_LINK = re.compile(
    rf"""(?<![\w.%+-]) (?: (?P<url> https?://[^\s<>"\x00-\x1f\x7f]++ | mailto:[^\s<>"\x00-\x1f\x7f]++ )
    | (?P<address>{_ADDRESS}) )""",
    re.VERBOSE | re.IGNORECASE,
)
_ENDS = frozenset(".,;:!?'*`\u2026\xbb\u2019\u201d\u3001\u3002\u300d\u300f\uff01\uff0c\uff1a\uff1b\uff1f")
"""What ends a sentence or a quotation, also a Chinese one, rather than a link; tokens may end with `_`, `-` or `~`."""
_OPENED_BY = {")": "(", "]": "[", "}": "{", "\uff09": "\uff08", "\u3011": "\u3010"}
_NOTHING = re.compile(r"(?:https?://|mailto:)\W*", re.IGNORECASE)


def linked(text: str) -> Markup:
    """The text as HTML: escaped; http, https and mailto links, and mail addresses, can be clicked."""
    pieces = []
    place = 0
    for start, end, url in found_links(text):
        pieces.append(escape(text[place:start]))
        pieces.append(
            Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(url, text[start:end])
        )
        place = end
    return Markup("").join([*pieces, escape(text[place:])])


def found_links(text: str) -> Iterator[tuple[int, int, str]]:
    """Each link in a plain text: from where to where it is written, and its URL. Takes linear time."""
    for found in _LINK.finditer(text):
        words = found[0]
        if found["url"]:
            words = words[: _end(words)]
            if _NOTHING.fullmatch(words):
                continue
        yield found.start(), found.start() + len(words), words if found["url"] else f"mailto:{words}"


def _end(url: str) -> int:
    """How much of it is the link: without punctuation that ends a sentence, and brackets that were not opened in it."""
    closed = {close: url.count(close) - url.count(opening) for close, opening in _OPENED_BY.items()}
    end = len(url)
    while (last := url[end - 1]) in _ENDS or closed.get(last, 0) > 0:  # it begins with a letter
        closed[last] = closed.get(last, 0) - 1
        end -= 1
    return end
