"""What rendering gives: the parts of a mail, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from notify.errors import Location
    from notify.wire import WireText


@dataclass(frozen=True, slots=True)
class RenderedAttachment:
    """An attachment whose templates are rendered; exactly one of `path` and `param` is given.

    Attributes:
        path: relative to the attachments folder.
        param: the name of the param that holds the content.
        filename: what the reader sees; None for the path's or the param's name.
        type: the media type; None to detect it.
        cid: the name that the HTML shows it by, if it is inline.
        method: for a calendar invitation, its method (RFC 5546, section 1.4).
        location: where the definition declares it.
    """

    path: str | None
    param: str | None
    filename: str | None
    type: str | None
    cid: str | None
    method: str | None
    location: Location


class Rendered(NamedTuple):
    """The parts of one mail, rendered; at least one of `html` and `text` is given.

    Both are text, which may be at hand in UTF-8.

    Attributes:
        subject: one line, as people read it.
        preheader: one line; already in the HTML.
        html: a whole document, its CSS inlined.
        text: ends in one line break.
        headers: names and values, each one line.
        tags: each one line.
        attachments: in the order of the definition.
    """

    subject: str
    preheader: str
    html: str | WireText | None
    text: str | WireText
    headers: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    attachments: tuple[RenderedAttachment, ...]
