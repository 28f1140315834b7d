"""Rules about the pictures of a mail: where they come from and how they are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from notify.checks.clients.support import clients
from notify.checks.mail import Mail
from notify.checks.reading.sources import limit
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import Location

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LARGE_FILE, _HUGE_FILE = 200_000, 1_000_000
_FRAME = b"\x21\xf9\x04"
"""What begins the graphic control extension of a GIF's frame (GIF89a, section 23)."""
_LEAST_TEXT = 400
_LARGE = 300
_PIXEL = 1


@rule(
    Mail,
    "img-dimensions",
    severity="warning",
    why="Outlook shows a picture without a width in its natural size, however wide, and other clients move the text "
    "when it comes.",
    example='<img src="https://acme.example/photo.jpg" alt="The parcel">',
    cure='Write `width="600"`, without px; an SVG and a tracking pixel need a height too.',
)
def dimensions(mail: Mail) -> Iterator[Problem]:
    """An image has no width."""
    for picture in mail.pictures:
        image = picture.element
        if not picture.is_image or mail.page.looks[image].hidden:
            continue
        missing = [
            name
            for name in ("width", "height")
            if not image.attributes.get(name, "").strip() and name not in image.style
        ]
        if "width" in missing:
            yield Problem(mail.at(image.offset), f"the image {picture.shown} has no width", 'write width="..."')
        elif missing and (picture.format == "svg" or picture.width() == _PIXEL):
            yield Problem(mail.at(image.offset), f"the image {picture.shown} has no height", 'write height="..."')


@rule(
    Mail,
    "img-bytes",
    severity="warning",
    why="Every recipient gets the file, also on a phone with a bad line, and large mails are put off or refused.",
    example="attachments: [{path: banner.png, cid: banner}] with a file of 2 MB",
    cure="Make the picture smaller, or show it from a web server.",
)
def octets(mail: Mail) -> Iterator[Problem]:
    """A picture that the mail carries has more than 200 KB."""
    most = limit(mail, "img-bytes", _LARGE_FILE)
    seen: set[str] = set()
    for picture in mail.pictures:
        size = len(picture.content or b"")
        if size <= most or picture.url in seen:
            continue
        seen.add(picture.url)
        is_film = picture.format == "gif" and (picture.content or b"").count(_FRAME) > 1
        yield Problem(
            mail.at(picture.element.offset),
            f"the picture {picture.shown} has {size:,} octets, more than {most:,.0f}",
            "make it smaller" + ("; Outlook shows only its first frame" if is_film else ""),
            "error" if size > max(most, _HUGE_FILE) else None,
        )


@rule(
    Mail,
    "img-format",
    severity="warning",
    why="Clients that do not know a format show an empty box.",
    example='<img src="https://acme.example/logo.svg" alt="Acme" width="120" height="40">',
    cure="Use PNG, JPEG or GIF, which every client knows.",
)
def formats(mail: Mail) -> Iterator[Problem]:
    """A picture has a format that some clients do not know."""
    for picture in mail.pictures:
        slug = f"image-{picture.format}"
        lacking = clients().without(slug, mail.settings.clients)[0] if slug in clients().features else []
        if lacking:
            yield Problem(
                mail.at(picture.element.offset),
                f"the picture {picture.shown} is {picture.format.upper()}, which is not supported by "
                f"{clients().listed(lacking)}",
                "use PNG, JPEG or GIF",
            )


@rule(
    Mail,
    "img-data-uri",
    severity="error",
    why="Gmail does not show such pictures (caniemail.com), and their octets count where it clips a mail.",
    example='<img src="data:image/png;base64,iVBORw0..." alt="Acme">',
    cure="Attach the file with a cid and show it as `cid:NAME`, or show it from a web server.",
)
def data_uri(mail: Mail) -> Iterator[Problem]:
    """A picture is written into the HTML."""
    for picture in mail.pictures:
        if picture.url.lower().startswith("data:"):
            yield Problem(
                mail.at(picture.element.offset),
                f"the picture of <{picture.element.tag}> is a data: URL, which Gmail does not show",
                "attach it with a cid, or show it from a web server",
            )


@rule(
    Mail,
    "img-relative",
    severity="error",
    why="A mail has no address that a path could be relative to: nothing is shown.",
    example='<img src="/static/logo.png" alt="Acme">',
    cure="Write the whole URL with https:, or attach the file with a cid and show it as `cid:NAME`.",
)
def relative(mail: Mail) -> Iterator[Problem]:
    """A picture has no absolute URL."""
    for picture in mail.pictures:
        if picture.url.lower().startswith("file:") or not _SCHEME.match(picture.url):
            yield Problem(
                mail.at(picture.element.offset),
                f"the {picture.by} of <{picture.element.tag}> is {picture.shown}: expected an absolute URL",
                "begin it with https://, or attach the file and write cid:NAME",
            )


@rule(
    Mail,
    "img-cid-missing",
    severity="error",
    why="Where no part has the name, nothing is shown; a part that nothing shows is listed as a file by some clients, "
    "and by none as a picture.",
    example='<img src="cid:logo" alt="Acme"> without an attachment whose cid is logo',
    cure="Give the attachment the cid that the HTML names, or remove the one that is not needed.",
)
def cid_missing(mail: Mail) -> Iterator[Problem]:
    """A cid: URL has no attachment, or an attachment with a cid is not shown."""
    parts = [each.cid for each in mail.message.attachments if each.cid is not None]
    for picture in mail.pictures:
        if picture.url.lower().startswith("cid:") and picture.content is None:
            known = ", ".join(sorted(parts)) or "none"
            yield Problem(
                mail.at(picture.element.offset),
                f"no attachment has the cid of {picture.shown}",
                f"the cids of this mail: {known}",
            )
    html = unquote(mail.html).lower()
    for cid in parts if html else ():
        if f"cid:{cid.lower()}" not in html:
            yield Problem(
                _declared(mail, cid),
                f"nothing in the HTML shows the attachment with the cid {cid!r}",
                f"write cid:{cid}",
            )


def _declared(mail: Mail, cid: str) -> Location:
    own = (each for each in mail.definition.attachments if each.cid is not None and each.cid.source.strip() == cid)
    found = next(own, None)
    return mail.at_html if found is None else found.location


@rule(
    Mail,
    "img-text-ratio",
    severity="warning",
    why="Many clients show no images at first, and filters take a mail of images for spam, since it hides its "
    "words from them.",
    example='<a href="https://acme.example/sale"><img src="https://acme.example/sale.png" alt="Sale" width="600"></a>',
    cure="Write what is to be said as text, and let images accompany it.",
)
def text_ratio(mail: Mail) -> Iterator[Problem]:
    """The mail is images with little text, or none."""
    shown = [each for each in mail.pictures if each.is_image and not mail.page.looks[each.element].hidden]
    if not shown:
        return
    text = sum(len(" ".join(each.split())) for element in mail.page.shown if element.has_words for each in element.own)
    least = limit(mail, "img-text-ratio", _LEAST_TEXT)
    large = next((each for each in shown if (each.width() or 0) >= _LARGE), None)
    if not text:
        yield Problem(mail.at(shown[0].element.offset), "the mail is images without any text", "write text", "error")
    elif large is not None and text < least:
        yield Problem(
            mail.at(large.element.offset),
            f"there are {text} characters of text beside a large image, fewer than {least:g}",
            "write more of it as text",
        )


RULES: tuple[AnyRule, ...] = (dimensions, octets, formats, data_uri, relative, cid_missing, text_ratio)
