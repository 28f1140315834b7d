"""The pictures that a mail shows: images, backgrounds, and the parts and files behind them."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from notify.checks.reading.lengths import pixels
from notify.markup.cid import part_of
from notify.markup.pixels import pixels as pixels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notify.checks.reading.page import Element, Page
    from notify.message import Attachment

_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]*))\s*\)""", re.IGNORECASE)
_DATA = re.compile(r"data:(?P<type>[^;,]*)(?P<rest>[^,]*),(?P<content>.*)", re.IGNORECASE | re.DOTALL)
_TYPES = {
    "apng": "apng", "avif": "avif", "bmp": "bmp", "gif": "gif", "heic": "heif", "heif": "heif", "ico": "ico",
    "jpeg": "jpg", "jpg": "jpg", "mp4": "mp4", "png": "png", "svg": "svg", "svg+xml": "svg", "tif": "tiff",
    "tiff": "tiff", "vnd.microsoft.icon": "ico", "webp": "webp", "x-icon": "ico",
}  # fmt: skip
_ANIMATION = b"acTL"
"""The chunk that makes an APNG of a PNG (PNG, Third Edition, section 11.3.6.1)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A place where a mail shows a picture.

    Attributes:
        url: as it is written, without blanks around it.
        element: the element that shows it.
        by: what names it: `src`, `background` or `style`.
        content: its octets, if the mail carries them.
        type: the media type of those octets, as the mail says it.
    """

    url: str
    element: Element
    by: str
    content: bytes | None = None
    type: str = ""

    @property
    def shown(self) -> str:
        """The URL, cut off where it is long."""
        return repr(self.url if len(self.url) <= 100 else self.url[:60] + "...")  # noqa: PLR2004 - as long as a line takes

    @property
    def is_image(self) -> bool:
        """Whether it is an `img` element."""
        return self.element.tag == "img" and self.by == "src"

    @property
    def format(self) -> str:
        """What caniemail.com calls its format: png, jpg, svg, ...; empty if it cannot be told."""
        if self.content is not None and self.type:
            found = _TYPES.get(self.type.partition("/")[2].lower(), "")
            return "apng" if found == "png" and _ANIMATION in self.content[:200_000] else found
        name = unquote(urlsplit(self.url).path).rpartition("/")[2]
        return _TYPES.get(name.rpartition(".")[2].lower(), "") if "." in name else ""

    def width(self) -> float | None:
        """How wide it is shown, in pixels; None if that cannot be told."""
        style, attributes = self.element.style, self.element.attributes
        declared = style.get("width") or attributes.get("width", "")
        length = pixels(declared, whole=pixels(style.get("max-width", "")) or 600.0)
        if length is None and self.content is not None:
            found = pixels_of(self.content)
            return None if found is None else float(found[0])
        return length


def pictures(page: Page, attachments: Iterable[Attachment]) -> tuple[Picture, ...]:
    """The pictures that the elements of a page show, hidden ones too.

    Args:
        page: the page.
        attachments: those of the mail.
    """
    parts = {each.cid: each for each in attachments if each.cid is not None}
    return tuple(_picture(url.strip(), element, by, parts) for element in page.elements for by, url in _urls(element))


def _urls(element: Element) -> Iterator[tuple[str, str]]:
    if element.tag == "img":
        yield "src", element.attributes.get("src", "")
    if "background" in element.attributes:
        yield "background", element.attributes["background"]
    for declaration in element.declared:
        for found in _URL.findall(declaration.value):
            yield "style", "".join(found)


def _picture(url: str, element: Element, by: str, parts: Mapping[str, Attachment]) -> Picture:
    part = part_of(url, parts)
    if part is not None:
        return Picture(url, element, by, part.read(), part.media_type)
    data = _DATA.match(url)
    if data is None:
        return Picture(url, element, by)
    try:
        content = b64decode(data["content"]) if "base64" in data["rest"].lower() else unquote_to_bytes(data["content"])
    except (Error, ValueError):
        content = data["content"].encode()
    return Picture(url, element, by, content, data["type"])
