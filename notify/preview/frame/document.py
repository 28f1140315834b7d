"""The document that shows a mail: the mail's own HTML, edited by position, with what keeps it quiet put in front.

Nothing is parsed and written anew, so that what is wrong in the mail stays wrong in the preview.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from notify.markup.cid import css_with_parts, data_urls, with_parts
from notify.markup.tokens import SPACE, Token, tokens
from notify.preview.frame.policy import policy
from notify.preview.frame.scheme import Plain, canvas, settled, supports_dark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Scheme = Literal["light", "dark", "invert"]
Edit = tuple[int, int, str]
"""Which piece of the source, from where to where, is replaced by what."""

_HEAD = (
    '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    '<meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off">'
    '<base target="_blank"><style>{css}</style>'
)
_EARLY = frozenset({"dns-prefetch", "preconnect"})
"""Links that reach other hosts although the policy lets nothing be loaded."""
_PICTURES = {"img": frozenset({"src", "srcset"}), "source": frozenset({"srcset"})}

_BACK = 'img,video,[background],[style*="url("]'
_INVERTED = (
    "html{background:#fff!important;filter:invert(1) hue-rotate(180deg)!important}"
    f"{_BACK}{{filter:invert(1) hue-rotate(180deg)!important}}"
    f":is([background],[style*='url(']) :is({_BACK}){{filter:none!important}}"
)
_NO_IMAGES = (
    ":where(img:not([hidden])){display:inline-block;overflow:hidden}"
    "img{outline:1px solid #8c8c8c!important;outline-offset:-1px!important}"
)


@dataclass(frozen=True, slots=True)
class _View:
    """How one mail is to be shown."""

    scheme: Plain
    urls: Mapping[str, str]
    images: bool
    remote: bool


def frame_document(
    html: str,
    *,
    inline: Mapping[str, tuple[str, bytes]],
    scheme: Scheme = "light",
    images: bool = True,
    remote: bool = False,
) -> str:
    """The mail's HTML as a document that looks the same in every browser, and is safe in a sandboxed frame or a file.

    Never fails: whatever HTML it is, it is shown as a browser would show it.

    Args:
        html: the HTML part, a document or a fragment.
        inline: the parts that it may show, by Content-ID: media type and octets.
        scheme: `light` or `dark` as the mail itself says; `invert` is the light one with its colours turned over, as
            some clients do by force: an approximation.
        images: if not, what a reader sees before images are loaded: texts in the place of images.
        remote: whether what lies on other hosts may be loaded.
    """
    found = tuple(tokens(html))
    view = _View("dark" if scheme == "dark" else "light", data_urls(inline) if images else {}, images, remote)
    dark = view.scheme == "dark" and supports_dark(html, found)
    css = canvas("dark" if dark else "light")
    css += (_INVERTED if scheme == "invert" else "") + ("" if images else _NO_IMAGES)
    place = _head(html, found)
    head = _HEAD.format(policy=policy(remote=remote, images=images), css=css)
    return _edited(html, [(place, place, head), *_edits(html, found, view)])


def _head(html: str, found: Sequence[Token]) -> int:
    """Where the head begins. Nothing may stand before that could show or run anything before the policy is known."""
    place = int(html.startswith("\ufeff"))
    for token in found:
        if token.kind == "text":
            if html[max(token.start, place) : token.end].strip(SPACE):
                break
        elif token.kind == "start":
            if token.name not in {"html", "head"} or any(given.name.startswith("on") for given in token.attributes):
                break
            if token.name == "head":
                return token.end
        elif token.kind != "comment":
            break
        place = token.end
    return place


def _edits(html: str, found: Sequence[Token], view: _View) -> Iterator[Edit]:
    for token in found:
        if token.kind == "raw" and token.name == "style":
            css = html[token.start : token.end]
            yield token.start, token.end, css_with_parts(settled(css, view.scheme), view.urls)
        elif token.kind == "start":
            if _unwanted(token, view):
                yield token.start, token.end, ""
            else:
                yield from _tag_edits(token, view)


def _unwanted(token: Token, view: _View) -> bool:
    """Whether the tag would lead the reader, or the browser, elsewhere."""
    if token.name == "meta":
        return (token.get("http-equiv") or "").strip().lower() == "refresh"
    if token.name == "link":
        return not view.remote and not _EARLY.isdisjoint((token.get("rel") or "").lower().split())
    return token.name == "base"


def _tag_edits(token: Token, view: _View) -> Iterator[Edit]:
    if token.name in {"a", "area"}:
        yield from _opening(token)
    dropped = frozenset() if view.images else _PICTURES.get(token.name, frozenset())
    for attribute in token.attributes:
        if attribute.name in dropped:
            yield attribute.start, attribute.end, ""
            continue
        value = with_parts(attribute.name, attribute.value, view.urls)
        if attribute.name in {"media", "sizes", "style"}:
            value = settled(value, view.scheme)
        if value != attribute.value:
            yield attribute.start, attribute.end, f'{attribute.name}="{escape(value)}"'


def _opening(token: Token) -> Iterator[Edit]:
    """Where a link opens: elsewhere, or here if it leads within the mail. Of two attributes the first counts."""
    href = token.get("href")
    if href is not None:
        place = token.start + 1 + len(token.name)
        target = "_self" if href.strip(SPACE).startswith("#") else "_blank"
        yield place, place, f' target="{target}" rel="noopener noreferrer"'


def _edited(html: str, edits: list[Edit]) -> str:
    pieces = []
    place = 0
    for start, end, text in sorted(edits):
        pieces += [html[place:start], text]
        place = end
    return "".join([*pieces, html[place:]])
