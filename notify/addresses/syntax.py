"""How a mailbox is written (RFC 5322, section 3.4): read strictly, in linear time, and never guessed at.

Left out on purpose are comments, groups, routes and quoted local parts: readers disagree about them, and what two
readers see differently can be mailed to the wrong one.
"""

from __future__ import annotations

import re

from notify.addresses.domain import ascii_domain
from notify.errors import AddressError

_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~-"
_LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_USUAL = re.compile(
    rf"(?=[^@]{{1,64}}@)(?=.{{1,254}}\Z)(?!.*=\?)[{_ATEXT}]+(?:\.[{_ATEXT}]+)*@(?:{_LABEL}\.)+(?=[0-9-]*[a-z]){_LABEL}"
)
"""The address that nearly all are: nothing to convert, nothing to look at twice."""

_DOT_ATOM = re.compile(rf"[{_ATEXT}]+(?:\.[{_ATEXT}]+)*")
_NEVER = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_BROKEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,"]')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAX_LOCAL, _MAX_ADDRESS, _SHOWN = 64, 254, 80
_MOST_KNOWN = 1000
_known_domains: set[str] = set()
"""Of addresses that were found right; to find a domain here takes less than to look at it again."""


def mailbox(text: str) -> tuple[str, str]:
    """Split `Ada <ada@x.example>` or `ada@x.example` into name and address; the address is not looked at yet.

    Raises:
        AddressError: it is neither, or is more than one mailbox.
    """
    if broken := _BROKEN.search(text):
        raise fault(text, f"{broken[0]!r} must not be in an address or a name")
    text = text.strip(" \t")
    if not text.endswith(">"):
        return "", text
    before, bracket, email = text[:-1].rpartition("<")
    before = before.rstrip(" \t")
    if not bracket:
        raise fault(text, "it ends in '>' without a '<'")
    if quoted := _QUOTED.fullmatch(before):
        return re.sub(r"\\(.)", r"\1", quoted[1]), email
    if special := _SPECIAL.search(before):
        raise fault(text, f"a name with {special[0]!r} is written in double quotes, or given as a (name, address) pair")
    return before, email


def checked_name(name: str) -> str:
    """The display name without blanks around it.

    Raises:
        AddressError: it holds a line break, another control character or half of a surrogate pair.
    """
    if not name.isprintable() and (broken := _BROKEN.search(name)):
        raise AddressError(f"display name {shown(name)}: {broken[0]!r} must not be in a name")
    return name.strip()


def checked_email(email: str) -> str:
    """The address as it goes on the wire: local part as typed, domain in ASCII and lower case.

    Raises:
        AddressError: it is not exactly one address (RFC 5321, sections 4.1.2 and 4.5.3.1; IDNA 2008 for the domain).
    """
    local, _, domain = email.partition("@")
    simple = local.isalnum() and local.isascii() and len(local) <= _MAX_LOCAL
    if simple and domain in _known_domains and len(email) <= _MAX_ADDRESS:
        return email
    if _USUAL.fullmatch(email):
        if len(_known_domains) < _MOST_KNOWN:
            _known_domains.add(domain)
        return email
    if never := _NEVER.search(email):
        raise fault(email, f"{never[0]!r} must not be in an address")
    local, at, domain = email.rpartition("@")
    if not at:
        raise fault(email, "there is no '@'; an address is written name@domain")
    _check_local(email, local)
    try:
        domain = ascii_domain(domain)
    except ValueError as error:
        raise fault(email, str(error)) from None
    email = f"{local}@{domain}"
    if len(email.encode()) > _MAX_ADDRESS:
        raise fault(email, f"it is longer than {_MAX_ADDRESS} octets")
    return email


def fault(text: str, reason: str) -> AddressError:
    """The error for an address that cannot be used."""
    return AddressError(f"address {shown(text)}: {reason}")


def shown(text: str) -> str:
    """`text` for an error message: escaped, and cut where it is long."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")


def quoted(name: str) -> str:
    """The name as people write it before an address: in double quotes where it needs them."""
    if not _SPECIAL.search(name):
        return name
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _stray(special: str) -> str:
    return (
        f"one {special!r} too many; one field holds one address"
        if special == "@"
        else (f"{special!r} must not be before the '@'")
    )


def _check_local(email: str, local: str) -> None:
    if not local:
        raise fault(email, "there is nothing before the '@'")
    if local.startswith('"'):
        raise fault(email, "quoted local parts are not supported")
    if "=?" in local:
        raise fault(email, "'=?' must not be before the '@', since some readers decode what follows (RFC 2047)")
    if len(local.encode()) > _MAX_LOCAL:
        raise fault(email, f"more than {_MAX_LOCAL} octets before the '@'")
    if local.isascii():
        if not _DOT_ATOM.fullmatch(local):
            special = _SPECIAL.search(local)
            raise fault(email, _stray(special[0]) if special else "a dot before the '@' stands between two letters")
        return
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(f"{local}@example.com", check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise fault(email, str(error)) from None
