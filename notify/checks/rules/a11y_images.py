"""Rules about what is read where an image is not seen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from notify.checks.mail import Mail
from notify.checks.reading.sources import limit
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.page import Element

_FILE = re.compile(r"[^/\s]+\.(?:avif|bmp|gif|jpe?g|png|svg|tiff?|webp)", re.IGNORECASE)
_LONGEST = 125


@rule(
    Mail,
    "a11y-alt-missing",
    severity="warning",
    why="Many clients show no images at first, and a screen reader reads the name of a file where there is no alt; a "
    "link that is only such an image cannot be told from others (WCAG 1.1.1, 2.4.4).",
    example='<a href="https://acme.example"><img src="https://acme.example/logo.png"></a>',
    cure='Write what the image says into alt, and `alt=""` if it is decoration beside text.',
)
def alt_missing(mail: Mail) -> Iterator[Problem]:
    """An image has no alt, or a link of only an image has an empty one."""
    for image in _images(mail):
        alt = image.attributes.get("alt")
        link = next((each for each in image.around() if each.tag == "a" and "href" in each.attributes), None)
        if link is not None and not (alt or "").strip() and not link.name:
            message = f"the image {_name(image)} is a link, and has no alt that says where it leads"
            yield Problem(mail.at(image.offset), message, 'write alt="..."', "error")
        elif alt is None and image.attributes.get("role") not in {"none", "presentation"}:
            yield Problem(
                mail.at(image.offset),
                f"the image {_name(image)} has no alt",
                'write alt="...", and alt="" if it is decoration',
            )


@rule(
    Mail,
    "a11y-alt-filename",
    severity="info",
    why="A file's name tells nothing to those who do not see the image.",
    example='<img src="https://acme.example/hero.png" alt="hero.png">',
    cure='Write what the image says, or `alt=""` if it is decoration.',
)
def alt_filename(mail: Mail) -> Iterator[Problem]:
    """The alt of an image is the name of a file."""
    for image in _images(mail):
        alt = image.attributes.get("alt", "").strip()
        file = unquote(urlsplit(_source(image)).path.rpartition("/")[2])
        if alt and (_FILE.fullmatch(alt) or alt == file):
            yield Problem(mail.at(image.offset), f"the alt {alt!r} is the name of a file", "write what the image says")


@rule(
    Mail,
    "a11y-alt-long",
    severity="info",
    why="A screen reader reads an alt in one go, and clients that show no images cut it off.",
    example='<img src="https://acme.example/map.png" alt="The map shows how to ... (200 characters)">',
    cure="Say it in up to 125 characters, and put the rest into the text.",
)
def alt_long(mail: Mail) -> Iterator[Problem]:
    """The alt of an image is longer than 125 characters."""
    most = limit(mail, "a11y-alt-long", _LONGEST)
    for image in _images(mail):
        length = len(image.attributes.get("alt", ""))
        if length > most:
            yield Problem(
                mail.at(image.offset),
                f"the alt of {_name(image)} has {length} characters, more than {most:g}",
                "put the details into the text",
            )


def _images(mail: Mail) -> Iterator[Element]:
    return (each for each in mail.page.shown if each.tag == "img")


def _source(image: Element) -> str:
    return image.attributes.get("src", "").strip()


def _name(image: Element) -> str:
    source = _source(image)
    return repr(source if len(source) <= _LONGEST else source[:60] + "...")


RULES: tuple[AnyRule, ...] = (alt_missing, alt_filename, alt_long)
