"""Inline parts of a mail, put into its HTML: `cid:NAME` becomes a `data:` URL (RFC 2392, RFC 2397)."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from notify.markup.tokens import SPACE

if TYPE_CHECKING:
    from collections.abc import Mapping

Part = TypeVar("Part")

_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_CANDIDATE = re.compile(r"(?<![^\t\n\f\r ,])cid:[^\t\n\f\r ]*[^\t\n\f\r ,]", re.IGNORECASE)
_IN_CSS = re.compile(r"""(?<=url\()([\t\n\f\r ]*+["']?[\t\n\f\r ]*+)(cid:[^"')\t\n\f\r ]+)""", re.IGNORECASE)
_WHOLE = frozenset({"background", "poster", "src"})


def data_urls(inline: Mapping[str, tuple[str, bytes]]) -> dict[str, str]:
    """Inline parts, media type and octets by Content-ID, as `data:` URLs."""
    return {cid: _data_url(kind, content) for cid, (kind, content) in inline.items()}


def part_of(url: str, parts: Mapping[str, Part]) -> Part | None:
    """The part that a `cid:` URL names, if there is one; the name may be percent-encoded (RFC 2392, section 2)."""
    scheme, _, cid = url.strip(SPACE).partition(":")
    if scheme.lower() != "cid":
        return None
    return parts[cid] if cid in parts else parts.get(unquote(cid))


def with_parts(name: str, value: str, urls: Mapping[str, str]) -> str:
    """The value of an attribute with the parts put in that it names; what no part is there for stays."""
    if "cid:" not in value.lower():
        return value
    if name in _WHOLE:
        return part_of(value, urls) or value
    if name == "srcset":
        return _CANDIDATE.sub(lambda found: part_of(found[0], urls) or found[0], value)
    return css_with_parts(value, urls) if name == "style" else value


def css_with_parts(css: str, urls: Mapping[str, str]) -> str:
    """A style sheet, or declarations, with the parts put in that a `url()` names."""
    return _IN_CSS.sub(lambda found: found[1] + (part_of(found[2], urls) or found[2]), css)


def _data_url(kind: str, content: bytes) -> str:
    found = _TYPE.match(kind)
    return f"data:{found[0] if found else 'application/octet-stream'};base64,{b64encode(content).decode()}"
