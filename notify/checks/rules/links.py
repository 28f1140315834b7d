"""Rules about links: whether they lead somewhere, and say where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from notify.checks.mail import Mail
from notify.checks.reading.targets import host_of
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.targets import Target

_NOWHERE = frozenset({"", "#", "/", "#!", "javascript:", "javascript:;", "javascript:void(0)", "javascript:void(0);"})
_SHOWN_URL = re.compile(
    r"(?:https?://)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
_NO_DOMAINS = frozenset({"html", "htm", "php", "pdf", "png", "jpg", "gif", "txt", "doc", "docx", "xls", "xlsx", "csv",
                         "zip", "js", "py", "exe", "jpeg", "svg", "json", "xml", "md"})  # fmt: skip
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "go", "ne", "net", "or", "org"})
_COUNTRY = 2


@rule(
    Mail,
    "link-empty",
    severity="error",
    why="A link that leads nowhere is the button that does nothing when it is pressed.",
    example='<a href="#">Track your parcel</a>',
    cure="Write the URL, or take the link away.",
)
def empty(mail: Mail) -> Iterator[Problem]:
    """A link leads nowhere."""
    for target in mail.targets:
        if target.part == "html" and target.url.lower() in _NOWHERE:
            message = f"the link {_named(target)} leads nowhere: its href is {target.url!r}"
            yield Problem(target.location, message, "write the URL, or take the link away")


@rule(
    Mail,
    "link-relative",
    severity="error",
    why="A mail has no page that a link could be relative to: clients show it as broken, or open a file.",
    example='<a href="/orders/4711">Your order</a>',
    cure='Write the whole URL: href="{{ shop.url }}/orders/{{ number }}".',
)
def relative(mail: Mail) -> Iterator[Problem]:
    """A link has no scheme and no host."""
    for target in mail.targets:
        if target.part == "text" or target.url.lower() in _NOWHERE or target.url.startswith("#"):
            continue
        if not target.scheme or (target.is_web and not target.host):
            message = f"the link {_named(target)} is relative: {target.url!r}"
            yield Problem(target.location, message, "write the whole URL, with https: and the host")


@rule(
    Mail,
    "link-http",
    severity="warning",
    why="Browsers warn of pages that are not encrypted, anybody on the way can change them, and filters count such "
    "links.",
    example='<a href="http://acme.example/account">Your account</a>',
    cure="Write https:.",
)
def http(mail: Mail) -> Iterator[Problem]:
    """A link is not encrypted."""
    for target in mail.targets:
        if target.scheme == "http" and not _is_allowed(mail, target):
            yield Problem(target.location, f"the link to {target.url} is not encrypted", "write https:")


@rule(
    Mail,
    "link-text-mismatch",
    severity="error",
    why="A link that shows one address and leads to another is the mark of phishing; filters file such mails as spam "
    "(SpamAssassin's HTTPS_HTTP_MISMATCH).",
    example='<a href="https://click.tracker.example/r/1">www.acme.example</a>',
    cure="Show words instead of an address, or the address that the link leads to.",
)
def text_mismatch(mail: Mail) -> Iterator[Problem]:
    """A link shows another address than it leads to."""
    for target in mail.targets:
        shown = target.words.strip()
        if target.part == "text" or not target.is_web or not _SHOWN_URL.fullmatch(shown):
            continue
        split = urlsplit(shown if "://" in shown else f"//{shown}")
        host = host_of(split)
        if host.rpartition(".")[2] in _NO_DOMAINS:
            continue  # the name of a file
        if _domain(host) != _domain(target.host):
            message = f"the link shows {shown} and leads to {target.host}"
            yield Problem(target.location, message, "show words, or the address that it leads to")
        elif split.scheme == "https" and target.scheme == "http":
            yield Problem(target.location, f"the link shows {shown} and leads to {target.url}", "write https: in both")


def _domain(host: str) -> str:
    """What of a host one organisation has; a guess, for which country codes are enough."""
    labels = host.lower().split(".")
    few = len(labels) > _COUNTRY and len(labels[-1]) == _COUNTRY and labels[-2] in _SECOND_LEVEL
    return ".".join(labels[-3 if few else -2 :])


@rule(
    Mail,
    "link-anchor-broken",
    severity="warning",
    why="A link within the mail whose target is missing does nothing; several clients ignore such links at all.",
    example='<a href="#terms">See the terms below</a>   # and no id="terms"',
    cure='Give the target an id, or link to a page: <h2 id="terms">.',
)
def anchor_broken(mail: Mail) -> Iterator[Problem]:
    """A link leads to a place that the mail does not have."""
    named = {element.attributes.get(key) for element in mail.page.elements for key in ("id", "name")}
    for target in mail.targets:
        anchor = unquote(target.url[1:])
        if target.url.startswith("#") and target.url.lower() not in _NOWHERE and anchor not in {*named, "top"}:
            message = f"the link {_named(target)} leads to #{anchor}, and nothing has that id"
            yield Problem(target.location, message, f'write id="{anchor}" at its target')


def _named(target: Target) -> str:
    words = target.words.strip()
    return repr(words if len(words) <= 40 else f"{words[:37]}...") if words else "without words"  # noqa: PLR2004 - a line


def _is_allowed(mail: Mail, target: Target) -> bool:
    """Whether the host is one that notify.yaml excuses."""
    return target.host in mail.settings.allow_hosts


RULES: tuple[AnyRule, ...] = (empty, relative, http, text_mismatch, anchor_broken)
