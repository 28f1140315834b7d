"""What a mail points to: its links and its images, with the lines of its HTML where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING, Literal

from notify.markup.cid import part_of
from notify.markup.linkify import found_links
from notify.markup.pixels import pixels
from notify.markup.tokens import SPACE, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BREAKS = frozenset({"br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "p", "table", "td", "th", "tr"})
"""Tags between which words do not run together."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a mail.

    Attributes:
        url: as it is written; perhaps empty.
        words: what can be clicked: the visible text, with the `alt` of images in it; in a plain text the link itself.
        line: of the part's source where it stands first, from 1.
        part: where it was found.
        count: how often the part has it, with the same words.
    """

    url: str
    words: str
    line: int
    part: Literal["html", "text"]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a mail.

    Attributes:
        src: as it is written; perhaps empty.
        alt: what is read instead; None if the attribute is missing.
        width: as declared by attribute, else by style; None if it is not.
        height: the same.
        line: of the HTML source, from 1.
        octets: size of the file, if it is a part of the mail.
        pixels: width and height of the picture itself, if it is such a part, and a PNG, GIF or JPEG.
    """

    src: str
    alt: str | None
    width: str | None
    height: str | None
    line: int
    octets: int | None = None
    pixels: tuple[int, int] | None = None


def links(html: str | None, text: str | None) -> tuple[Link, ...]:
    """The links of a mail, as they come: those of its HTML part, then those of its plain text."""
    merged: dict[tuple[str, str, str], Link] = {}
    for link in (*_in_html(html or ""), *_in_text(text or "")):
        key = (link.part, link.url, link.words)
        before = merged.get(key)
        merged[key] = replace(before, count=before.count + 1) if before else link
    return tuple(merged.values())


def images(html: str | None, inline: Mapping[str, tuple[str, bytes]]) -> tuple[Image, ...]:
    """The `img` elements of a mail, as they come.

    Args:
        html: the HTML part.
        inline: the parts that it may show, by Content-ID: media type and octets.
    """
    return tuple(
        _image(token, line, inline)
        for line, token in _numbered(html or "")
        if token.kind == "start" and token.name == "img"
    )


def _image(token: Token, line: int, inline: Mapping[str, tuple[str, bytes]]) -> Image:
    src = (token.get("src") or "").strip(SPACE)
    part = part_of(src, inline)
    return Image(
        src,
        token.get("alt"),
        _declared(token, "width"),
        _declared(token, "height"),
        line,
        None if part is None else len(part[1]),
        None if part is None else pixels(part[1]),
    )


def _declared(token: Token, name: str) -> str | None:
    value = token.get(name)
    if value is None and (found := re.search(rf"(?:^|;)\s*{name}\s*:([^;]*)", token.get("style") or "", re.IGNORECASE)):
        value = found[1]
    return None if value is None else value.strip()


@dataclass(slots=True)
class _Open:
    """A link whose end has not come yet, and its words."""

    url: str
    line: int
    words: list[str] = field(default_factory=list)

    def closed(self) -> Link:
        return Link(self.url, " ".join("".join(self.words).split()), self.line, "html")


def _in_html(html: str) -> Iterator[Link]:
    current: _Open | None = None
    for line, token in _numbered(html):
        if token.name == "a" and token.kind in {"start", "end"}:
            # Links do not nest: where the next begins, a browser ends the one before.
            if current:
                yield current.closed()
            url = token.get("href")
            current = None if url is None else _Open(url.strip(SPACE), line)
        elif token.name == "area" and (url := token.get("href")) is not None:
            yield Link(url.strip(SPACE), token.get("alt") or "", line, "html")
        elif current:
            current.words.append(_words(html, token))
    if current:
        yield current.closed()


def _words(html: str, token: Token) -> str:
    if token.kind == "text":
        return unescape(html[token.start : token.end])
    if token.kind == "start" and token.name == "img":
        return f" {token.get('alt') or ''} "
    return " " if token.name in _BREAKS else ""


def _in_text(text: str) -> Iterator[Link]:
    line, place = 1, 0
    for start, end, url in found_links(text):
        line += text.count("\n", place, start)
        place = start
        yield Link(url, text[start:end], line, "text")


def _numbered(html: str) -> Iterator[tuple[int, Token]]:
    """The tokens, each with the line where it begins."""
    line, place = 1, 0
    for token in tokens(html):
        line += html.count("\n", place, token.start)
        place = token.start
        yield line, token
