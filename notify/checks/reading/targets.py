"""Where the links of a mail lead, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from notify.checks.reading.words import values
from notify.markup.linkify import found_links
from notify.markup.tokens import SPACE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv6Address

    from notify.checks.mail import Mail
    from notify.errors import Location


@dataclass(frozen=True)
class Target:
    """A link of a mail.

    Attributes:
        url: as it is written, without blanks around it.
        location: where it stands.
        part: `html` or `text`.
        words: what can be clicked.
    """

    url: str
    location: Location
    part: str = "html"
    words: str = ""

    @cached_property
    def split(self) -> SplitResult:
        """The URL in pieces; empty ones where it cannot be taken apart."""
        try:
            return urlsplit(self.url)
        except ValueError:
            return SplitResult("", "", "", "", "")

    @property
    def scheme(self) -> str:
        """The scheme in small letters."""
        return self.split.scheme.lower()

    @property
    def is_web(self) -> bool:
        """Whether it is an http or https URL."""
        return self.scheme in {"http", "https"}

    @property
    def host(self) -> str:
        """The host in small letters, without the port; perhaps empty."""
        return host_of(self.split)

    @property
    def number(self) -> IPv4Address | IPv6Address | None:
        """The host, where it is a number."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def host_of(split: SplitResult) -> str:
    """The host of a URL in small letters; empty where there is none."""
    return (split.hostname or "").rstrip(".")


def targets(mail: Mail) -> Iterator[Target]:
    """The links of the HTML, then those of a text that somebody has written."""
    for element in mail.page.elements:
        if element.tag in {"a", "area"} and "href" in element.attributes:
            url = element.attributes["href"].strip(SPACE)
            words = element.words if element.tag == "a" else element.attributes.get("alt", "")
            yield Target(url, mail.at(_href(mail, element.offset)), "html", words)
    if not mail.text_is_derived:
        for start, end, url in found_links(mail.text):
            yield Target(url, mail.at_plain(start), "text", mail.text[start:end])


def _href(mail: Mail, offset: int) -> int:
    """Where the value of the `href` begins in a tag that stands at an offset, for a tag may have several lines."""
    token = next((each for each in mail.tokens if each.start == offset), None)
    found = (each.start for each in (token.attributes if token else ()) if each.name == "href")
    return next(found, offset)


def is_given(mail: Mail, target: Target) -> bool:
    """Whether a link, or its host, comes from the sample's values: then it is not what the templates write."""
    given = " ".join(values(mail.params))
    return target.url in given or unquote(target.url) in given or bool(target.host and target.host in given)
