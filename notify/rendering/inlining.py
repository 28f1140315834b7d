"""CSS inlining that is done once for all documents of one shape.

What a style sheet does to a document depends on its tags and attributes, not on its words. The messages of one
notification mostly differ in words only, so what css-inline makes of a document is kept by the document's shape: all
of it but the text between tags and the values of `href`, `src` and `alt`. The next document of that shape gets its own
words filled in, which costs a fraction of parsing it.

A shape is kept only after a proof: filled with the words of the document at hand, it has to give the very octets that
css-inline gives. Where anything is unusual, css-inline gets the whole document, as it does for shapes seen only once.
"""

from __future__ import annotations

import re
from functools import cache
from sys import getsizeof
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from css_inline import CSSInliner

_STYLE = re.compile(r"<style\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*(<!doctype[^>]*>)\s*", re.IGNORECASE)
_PLAIN_DOCTYPE = "<!DOCTYPE html>"

_WHOLE = re.compile(r"(<(?:(?i:style)\b[^<]*</(?i:style)\s*>|!--.*?-->))", re.DOTALL)
"""What belongs to the shape as it is; words begin outside."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TEXT = re.compile(r">([^<]*[^<\s][^<]*)")
_ATTRIBUTE = re.compile(r'\b(href|src|alt)="([^"]+)')
_UNUSUAL = re.compile(
    r"<(?:script|xmp|iframe|noembed|noframes|noscript|plaintext|textarea|pre|listing|svg|math|template|!\[)"
    r"|\[\s*(?:href|src|alt)\b",
    re.IGNORECASE,
)
"""Elements whose text is not read as elsewhere, and selectors that look at what is filled in."""
_RARE = re.compile("&(?!amp;|lt;|gt;|quot;|nbsp;|#34;|#39;)")
"""References that html5ever would change in other ways than `_as_text` and `_as_attribute` do."""
_MARKS = ("\r", "\0", "\ue000", "\ue001")
"""Line breaks and NUL, which html5ever changes, and our own marks."""
_PLACE = re.compile("\ue000([0-9]+)\ue001")
_LONGEST = 200_000
_MOST_OCTETS = 8 * 1024 * 1024
"""What all shapes together may take."""
_MOST_NUMBERS = 16_384


class Inliner:
    """Moves style sheets into `style` attributes, and remembers shapes. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._shapes: dict[str, _Shape] = {}
        self._octets = 0
        # Hashes of shapes will do here: where two are equal, a shape is tried early, or never.
        self._seen: set[int] = set()
        self._refused: set[int] = set()

    def inlined(self, html: str) -> str:
        """The document with its style sheets moved into `style` attributes, as mail clients want it.

        What cannot be inlined stays in its `style` element: media queries, dark mode, pseudo-classes. Nothing is
        loaded, neither from the network nor from files.
        """
        if not _STYLE.search(html):
            return html
        if len(html) > _LONGEST or any(mark in html for mark in _MARKS):
            return inlined_whole(html)
        fixed, words = _taken_apart(html)
        key = "\ue000".join(fixed)
        if _RARE.search("".join(words)):
            return inlined_whole(html)
        shape = self._shapes.get(key)
        if shape is not None:
            return shape.filled(words)
        result = inlined_whole(html)
        if hash(key) not in self._refused:
            self._learn(key, fixed, words, result)
        return result

    def _learn(self, key: str, fixed: list[str], words: list[str], result: str) -> None:
        """Remember that the shape was seen; the second time, what becomes of it."""
        number = hash(key)
        if number not in self._seen:
            self._keep_number(self._seen, number)
            return
        shape = _proved(fixed, words, result)
        if shape is None:
            self._keep_number(self._refused, number)
            return
        octets = getsizeof(key) + shape.octets()
        with self._lock:
            if self._octets + octets > _MOST_OCTETS:
                self._shapes.clear()
                self._octets = 0
            if key not in self._shapes:  # another thread may have learned it just now
                self._octets += octets
                self._shapes[key] = shape

    def _keep_number(self, numbers: set[int], number: int) -> None:
        with self._lock:
            if len(numbers) >= _MOST_NUMBERS:
                numbers.clear()
            numbers.add(number)


class _Shape:
    """What css-inline makes of a shape: pieces, and which word stands between each two of them."""

    def __init__(self, pieces: list[str], order: list[int], attributes: list[bool]) -> None:
        self._pieces = pieces
        self._order = order
        self._attributes = attributes

    def filled(self, words: list[str]) -> str:
        result = self._pieces.copy()
        words = [
            word if word.isalnum() else _as_attribute(word) if attribute else _as_text(word)
            for word, attribute in zip(words, self._attributes, strict=True)
        ]
        result[1::2] = [words[number] for number in self._order]
        return "".join(result)

    def octets(self) -> int:
        """How much memory it takes, more or less."""
        texts = sum(map(getsizeof, self._pieces))
        return texts + getsizeof(self._pieces) + getsizeof(self._order) + getsizeof(self._attributes)


def _taken_apart(html: str) -> tuple[list[str], list[str]]:
    """The fixed parts of a document, and the words between them: one fewer."""
    fixed = [""]
    words: list[str] = []
    for number, part in enumerate(_WHOLE.split(html)):
        if number % 2:
            fixed[-1] += part
            continue
        pieces = _TEXT.split(part)
        for index, piece in enumerate(pieces):
            if index % 2:
                fixed[-1] += ">"
                words.append(piece)
                fixed.append("")
            elif 'href="' in piece or 'src="' in piece or 'alt="' in piece:
                _take_attributes(piece, fixed, words)
            else:
                fixed[-1] += piece
    return fixed, words


def _take_attributes(piece: str, fixed: list[str], words: list[str]) -> None:
    before, *rest = _ATTRIBUTE.split(piece)
    fixed[-1] += before
    for name, value, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        fixed[-1] += f'{name}="'
        words.append(value)
        fixed.append(after)


def _proved(fixed: list[str], words: list[str], result: str) -> _Shape | None:
    """The shape, if filling it with these words gives this result; else None."""
    if _UNUSUAL.search(_COMMENT.sub("", "".join(fixed))):
        return None
    places = [f"\ue000{number}\ue001" for number in range(len(words))]
    alternating = [part for pair in zip(fixed, [*places, ""], strict=True) for part in pair]
    pieces = _PLACE.split(inlined_whole("".join(alternating)))
    order = [int(number) for number in pieces[1::2]]
    if sorted(order) != list(range(len(words))):
        return None
    shape = _Shape(pieces, order, [part.endswith('="') for part in fixed[:-1]])
    return shape if shape.filled(words) == result else None


def _as_text(word: str) -> str:
    """As an HTML 5 serialiser writes text (HTML, section 13.3)."""
    word = word.replace("&#39;", "'").replace("&#34;", '"').replace("&quot;", '"')
    return word.replace("\xa0", "&nbsp;").replace(">", "&gt;")


def _as_attribute(word: str) -> str:
    """As an HTML 5 serialiser writes the value of an attribute."""
    word = word.replace("&#39;", "'").replace("&#34;", "&quot;").replace("&lt;", "<").replace("&gt;", ">")
    return word.replace("\xa0", "&nbsp;")


def inlined_whole(html: str) -> str:
    """What css-inline makes of the document, with its own doctype, which css-inline replaces by that of HTML 5."""
    result = _css_inline().inline(html)
    doctype = _DOCTYPE.match(html)
    if doctype is not None:
        result = f"{doctype[1]}\n{result.removeprefix(_PLAIN_DOCTYPE)}"
    return result


@cache
def _css_inline() -> CSSInliner:
    """The one inliner of the process; it holds no state and may be shared between threads."""
    from css_inline import CSSInliner

    return CSSInliner(
        keep_style_tags=True,
        keep_at_rules=True,
        keep_link_tags=True,
        remove_inlined_selectors=True,
        resolve_css_variables=True,
        load_remote_stylesheets=False,
    )
