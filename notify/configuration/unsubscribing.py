"""Where people unsubscribe, as notify.yaml says under `unsubscribe`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from notify.addresses import Address
from notify.configuration.checked import check_duration, check_text
from notify.durations import seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.yamlnodes import Node, Reader

KEYS = ("url", "keys", "lifetime", "mailto")
LIFETIME = "90 days"
"""How long a link works if nothing is said; RFC 8058 names no time, and mails are read for weeks."""


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Where the links of mails lead, without the keys that sign them.

    Attributes:
        url: where the pages answer, https, without a slash at the end.
        lifetime: for how many seconds a link works.
        mailto: who takes mails that unsubscribe, or None.
    """

    url: str
    lifetime: int
    mailto: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """What the section says, with its variables resolved.

        Raises:
            ValueError: it says nothing of the kind; AddressError for `mailto`.
        """
        if not given.get("url"):
            raise ValueError("expected url, where the pages answer, such as https://acme.example/mail")
        mailto = given.get("mailto")
        return cls(
            checked_url(given["url"]).rstrip("/"),
            seconds_of(given.get("lifetime") or LIFETIME),
            Address(mailto).email if mailto else None,
        )


def checked_url(text: str) -> str:
    """The address of the pages.

    Raises:
        ValueError: it is not https (RFC 8058, section 3.1), or it has more than a host and a path.
    """
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or not text.isascii() or any(each in text for each in "?#<>, "):
        raise ValueError(f"expected https:// with a host and perhaps a path, got {text!r:.80}")
    return text


def check_unsubscribe(reader: Reader, node: Node | None) -> None:
    """Note what is wrong with what stands under `unsubscribe`; variables are not known yet."""
    section = reader.mapping(node, "unsubscribe")
    if section is None:
        return
    reader.known_keys(section, KEYS)
    reader.texts(section.get("keys"), "unsubscribe: keys")
    check_text(reader, section.get("url"), "unsubscribe: url", checked_url)
    check_duration(reader, section.get("lifetime"), "unsubscribe: lifetime")
    check_text(reader, section.get("mailto"), "unsubscribe: mailto", Address)
