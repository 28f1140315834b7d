"""Rules about the hosts that links lead to, and what their URLs give away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from notify.checks.mail import Mail
from notify.checks.reading.targets import is_given
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.checks.reading.targets import Target

_LONG = 2_000
_PLACEHOLDERS = (
    "example.com", "example.net", "example.org", "yourdomain.com", "your-domain.com", "yourcompany.com",
    "yoursite.com", "mydomain.com", "domain.com", "test.com", "website.com",
)  # fmt: skip
_LOCAL_ENDINGS = (".internal", ".invalid", ".lan", ".local", ".localhost", ".test", ".ngrok.io", ".ngrok-free.app")
_STAGING = re.compile(r"(?:dev|development|qa|sandbox|stage|test|uat)\d*|(?:.+-)?(?:preprod|staging|stg)\d*(?:-.+)?")
"""Names of servers for tests, below the domain of an organisation."""
_SHORTENERS = frozenset({
    "bit.ly", "bitly.com", "buff.ly", "cutt.ly", "dlvr.it", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy",
    "rebrand.ly", "s.id", "short.io", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "trib.al", "v.gd",
})  # fmt: skip
_SECRET = re.compile(
    r"(?:access|auth|id|login|magic|otp|refresh|reset|secret|session|sso)?_?-?"
    r"(?:api_?key|jwt|otp|pass(?:wd|word)?|pin|secret|session(?:_?id)?|sid|token)",
    re.IGNORECASE,
)
_TRACKED = re.compile(r"utm_\w+|gclid|fbclid|mc_[ce]id", re.IGNORECASE)


@rule(
    Mail,
    "link-placeholder",
    severity="error",
    why="A link to example.com, to localhost or to a staging server works for nobody who gets the mail.",
    example='<a href="http://localhost:8000/account">Your account</a>',
    cure="Take the host from a global that each environment sets, or name it under `check: {allow_hosts: [...]}` in "
    "notify.yaml if it is real.",
)
def placeholder(mail: Mail) -> Iterator[Problem]:
    """A link of a template or of notify.yaml leads to a host that is none."""
    for target in mail.targets:
        if not target.is_web or target.host in mail.settings.allow_hosts or is_given(mail, target):
            continue
        if reason := _no_host(target):
            hint = "take the host from a global, or name it under `check: {allow_hosts: [...]}`"
            yield Problem(target.location, f"the link to {target.url} leads to {reason}", hint)


def _no_host(target: Target) -> str:
    host, number = target.host, target.number
    if number is not None:
        return "a private address" if not number.is_global else ""
    if host == "localhost" or "." not in host or host.endswith(_LOCAL_ENDINGS):
        return f"{host}, which only its own network knows" if host else ""
    if host.endswith(_PLACEHOLDERS) and any(host == each or host.endswith(f".{each}") for each in _PLACEHOLDERS):
        return f"{host}, which is a placeholder"
    is_staging = any(map(_STAGING.fullmatch, host.split(".")[:-2]))
    return f"{host}, which is a server for tests" if is_staging else ""


@rule(
    Mail,
    "link-shortener",
    severity="warning",
    why="Spammers hide behind the same shorteners, so that filters list their domains; and readers cannot see where "
    "they lead.",
    example='<a href="https://bit.ly/3xYz">Read more</a>',
    cure="Link to the page itself.",
)
def shortener(mail: Mail) -> Iterator[Problem]:
    """A link goes through a public URL shortener."""
    for target in mail.targets:
        if target.host.removeprefix("www.") in _SHORTENERS and target.host not in mail.settings.allow_hosts:
            message = f"the link to {target.url} goes through the shortener {target.host}"
            yield Problem(target.location, message, "link to the page itself")


@rule(
    Mail,
    "link-ip",
    severity="warning",
    why="Honest senders have names; filters take a link to a number for phishing.",
    example='<a href="https://198.51.100.7/pay">Pay</a>',
    cure="Link to a host by its name.",
)
def ip(mail: Mail) -> Iterator[Problem]:
    """A link leads to a number instead of a name."""
    for target in mail.targets:
        if target.is_web and target.number is not None and target.host not in mail.settings.allow_hosts:
            yield Problem(target.location, f"the link to {target.url} leads to a number", "link to a host by its name")


@rule(
    Mail,
    "link-long",
    severity="warning",
    why="Clients and filters cut URLs of more than about 2,000 characters, and a text part shows all of it.",
    example='<a href="https://acme.example/cart?state=eyJpdGVtcyI6W3sia...">Your cart</a>',
    cure="Keep the state on the server, and put an identifier into the URL.",
)
def long(mail: Mail) -> Iterator[Problem]:
    """A link is very long."""
    limit = mail.settings.limits.get("link-long", _LONG)
    for target in mail.targets:
        if len(target.url) > limit:
            message = f"the link {target.url[:40]}... has {len(target.url):,} characters, more than {limit:,.0f}"
            yield Problem(target.location, message, "keep what is in it on the server")


@rule(
    Mail,
    "link-secret",
    severity="info",
    why="Mails are forwarded, and URLs end in logs and statistics: a token in one opens the account to whoever sees "
    "it, and tracking on a security mail hands it to a third party.",
    example='<a href="https://acme.example/orders?token={{ token }}">Your order</a>   # category: marketing',
    cure="Let people sign in; or say `category: security` where the link is meant to carry a token, without tracking.",
)
def secret(mail: Mail) -> Iterator[Problem]:
    """A link carries a token in a mail that is no security mail, or tracking in one that is."""
    is_security = mail.whole.unsubscribing(mail.definition) == "never"
    for target in mail.targets:
        names = [name for name, value in parse_qsl(target.split.query) if value] if target.is_web else []
        for name in names:
            if is_security and _TRACKED.fullmatch(name):
                message = f"the link to {target.host} in a security mail is tracked by {name}"
                yield Problem(target.location, message, "remove it")
            elif not is_security and _SECRET.fullmatch(name):
                message = f"the link to {target.host} carries a secret: {name}"
                hint = "let people sign in, or say `category: security`"
                yield Problem(target.location, message, hint)


RULES: tuple[AnyRule, ...] = (placeholder, shortener, ip, long, secret)
