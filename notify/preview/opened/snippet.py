"""What an inbox shows of a mail beside its subject."""

from __future__ import annotations

import re

_INLINE = frozenset({
    "-comment", "-text", "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
})  # fmt: skip
_SKIPPED = frozenset({"script", "style", "template", "title"})
_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0"
_PADDING = re.compile(rf"[\s{_INVISIBLE}]{{2,}}|\s")
_ENDS = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_CURTAIN = re.compile(rf"[\s{_INVISIBLE}]{{20,}}")
"""So many in a row are there to keep what follows out of the inbox."""
_LENGTH = 200
_ENOUGH, _ENOUGH_TEXT = 100_000, 5000
"""Characters of HTML and of text within which the first 200 that can be seen surely are, padding or not."""


def visible_text(html: str, most: int | None = None) -> str:
    """The text of an HTML document's body on one line, hidden elements too, without styles and scripts.

    Args:
        html: the document.
        most: after how many characters there is no need of more; all text if left out.
    """
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(html.replace("\x00", "").encode("utf-8", "replace")).body
    pieces: list[str] = []
    length = 0
    for node in body.traverse(include_text=True) if body is not None else ():
        if node.tag not in _INLINE or (node.prev is not None and node.prev.tag not in _INLINE):
            pieces.append(" ")
        if node.tag == "-text" and (node.parent is None or node.parent.tag not in _SKIPPED):
            pieces.append(node.text_content or "")
            length += len(pieces[-1].strip())
            if most is not None and length > most:
                break
    return " ".join("".join(pieces).split())


def snippet(text: str) -> str:
    """The first 200 characters, or those before the invisible ones with which mails keep their text out of the inbox.

    One alone between letters stays, for it joins the parts of an emoji, and letters of Persian and Hindi.
    """
    shown = _CURTAIN.split(_ENDS.sub("", text[:_ENOUGH]), maxsplit=1)[0]
    return _PADDING.sub(" ", shown)[:_LENGTH].rstrip()


def html_snippet(html: str) -> str:
    """The snippet of an HTML document: hidden elements count, since that is where a preheader stands."""
    return snippet(visible_text(html[:_ENOUGH], _ENOUGH_TEXT))
