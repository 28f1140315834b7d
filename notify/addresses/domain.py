"""The domain of an address in its ASCII form."""

from __future__ import annotations

import re

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_DOMAIN, _MAX_LABEL = 253, 63


def ascii_domain(domain: str) -> str:
    """`domain` by IDNA 2008 with the mapping of UTS 46, nontransitional (`ß` stays its own letter), in lower case.

    Also taken are `localhost` and address literals such as `[192.0.2.1]` and `[IPv6:2001:db8::1]`
    (RFC 5321, section 4.1.3). Nothing is looked up.

    Raises:
        ValueError: no domain can be called that; the text says why.
    """
    if not domain:
        raise ValueError("there is nothing after the '@'")
    if len(domain) > _MAX_DOMAIN:
        raise ValueError(f"the domain is longer than {_MAX_DOMAIN} letters")
    if domain.startswith("["):
        return _literal(domain)
    ascii_form = domain.lower() if domain.isascii() else domain
    if not domain.isascii() or "xn--" in ascii_form:
        ascii_form = _idna(ascii_form)
    labels = ascii_form.split(".")
    for label in labels:
        _check_label(label)
    if labels[-1].isdecimal():
        raise ValueError("the domain ends in a number; an IP address is written in square brackets")
    if len(labels) == 1 and ascii_form != "localhost":
        raise ValueError(f"the domain {domain!r} has no dot; write it in full")
    return ascii_form


def _idna(domain: str) -> str:
    import idna

    try:
        return idna.encode(domain, uts46=True, std3_rules=True, transitional=False).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"the domain is not valid: {error}") from None


def _check_label(label: str) -> None:
    if _LABEL.fullmatch(label):
        return
    if not label:
        raise ValueError("the domain has an empty part between dots")
    if len(label) > _MAX_LABEL:
        raise ValueError(f"a part of the domain is longer than {_MAX_LABEL} letters")
    if label[0] == "-" or label[-1] == "-":
        raise ValueError(f"{label!r} in the domain begins or ends with a hyphen")
    odd = re.sub(r"[a-z0-9-]", "", label)[0]
    raise ValueError(f"{odd!r} must not be in a domain; one field holds one address")


def _literal(domain: str) -> str:
    from ipaddress import IPv4Address, IPv6Address

    inside = domain[1:-1] if domain.endswith("]") else ""
    tag, _, rest = inside.partition(":")
    try:
        return f"[IPv6:{IPv6Address(rest)}]" if tag.lower() == "ipv6" else f"[{IPv4Address(inside)}]"
    except ValueError:
        raise ValueError(f"{domain!r} is not an address literal such as [192.0.2.1] or [IPv6:2001:db8::1]") from None
