"""What all pages about one mail share: its document, its parts, and the model of its views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from notify.markup.links import images, links
from notify.preview.frame import frame_document
from notify.preview.segments import segments
from notify.preview.standing import CLIPPED
from notify.preview.web.pages import frame_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from notify.preview.opened import Opened, Part
    from notify.preview.state import Look

_SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show by itself; everything else is a download."""
_NOTHING = "<!DOCTYPE html><title>No HTML</title><p>This mail has no HTML part."


def frame(request: Request, mail: Opened | None, look: Look) -> Response:
    """The HTML of a mail as the frame shows it."""
    measured = "measured" in request.query_params and request.headers.get("sec-fetch-dest", "iframe") == "iframe"
    headers = frame_headers(remote=look.remote, measured=measured)
    if mail is None or mail.html is None:
        return HTMLResponse(_NOTHING, status_code=404, headers=headers)
    document = frame_document(mail.html, inline=mail.inline, scheme=look.scheme, images=look.images, remote=look.remote)
    return HTMLResponse(document, headers=headers)


def text(mail: Opened) -> Response:
    """The text part."""
    return PlainTextResponse(mail.text or "")


def html(mail: Opened, name: str) -> Response:
    """The HTML part as it was sent, to keep."""
    return _file((mail.html or "").encode("utf-8", "replace"), "text/html", f"{name}.html")


def eml(mail: Opened, name: str) -> Response:
    """The whole mail, to keep."""
    return _file(mail.data, "message/rfc822", f"{name}.eml")


def part(mail: Opened, index: str) -> Response:
    """One part: a picture as such, everything else as a file to keep."""
    found = next((each for each in leaves(mail.root) if each.index == index), None)
    content = mail.content(index) if found is not None else None
    if found is None or content is None:
        return PlainTextResponse("There is no such part.\n", status_code=404)
    if found.content_type in _SHOWN_TYPES:
        headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
        return Response(content, media_type=found.content_type, headers=headers)
    return _file(content, "application/octet-stream", found.filename or f"part-{index}")


def leaves(root: Part) -> list[Part]:
    """The parts that hold content, in their order."""
    return [leaf for inner in root.parts for leaf in leaves(inner)] if root.parts else [root]


def model(mail: Opened | None, look: Look) -> dict[str, Any]:
    """What the templates show of a mail; only what the view needs is worked out there."""
    octets = len(mail.html.encode("utf-8", "replace")) if mail is not None and mail.html else 0
    return {
        "mail": mail,
        "look": look,
        "html_octets": octets,
        "clipped": CLIPPED,
        "filled": min(100, round(octets * 100 / CLIPPED)),
        "links": lambda: links(mail.html, mail.text) if mail else (),
        "images": lambda: images(mail.html or "", mail.inline) if mail else (),
        "segments": lambda: segments(mail.text or "") if mail else None,
    }


def document(mail: Opened | None) -> dict[str, Any] | None:
    """A mail as JSON."""
    if mail is None:
        return None
    return {
        "subject": mail.subject,
        "from": mail.sender,
        "to": mail.to,
        "cc": mail.cc,
        "reply_to": mail.reply_to,
        "preheader": mail.preheader,
        "headers": [{"name": header.name, "value": header.value} for header in mail.headers],
        "text": mail.text,
        "html": mail.html,
        "size": mail.size(),
        "parts": _tree(mail.root),
        "links": [{"url": each.url, "words": each.words, "part": each.part} for each in links(mail.html, mail.text)],
        "images": [
            {"src": each.src, "alt": each.alt, "octets": each.octets} for each in images(mail.html or "", mail.inline)
        ],
    }


def _tree(root: Part) -> dict[str, Any]:
    return {
        "index": root.index,
        "type": root.content_type,
        "encoding": root.encoding,
        "disposition": root.disposition,
        "filename": root.filename,
        "cid": root.cid,
        "octets": root.octets,
        "wire": root.wire,
        "parts": [_tree(inner) for inner in root.parts],
    }


def _file(content: bytes, media_type: str, filename: str) -> Response:
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in filename
    )
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    headers: Mapping[str, str] = {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=media_type, headers=headers)
