"""What the values of SMTP settings must be; each check returns what is wrong, or nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify import Address, AddressError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
_IPV6 = re.compile(r"[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[A-Za-z0-9_.-]+)?")
_LITERAL = re.compile(r"\[[A-Za-z0-9:.]+\]")
_SELECTOR = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*")
_HIGHEST_PORT = 65535


def host(value: str) -> str | None:
    """The name or the address of a server."""
    return None if _NAME.fullmatch(value) or _IPV6.fullmatch(value) else f"{value!r} is not the name of a host"


def own_name(value: str) -> str | None:
    """A name, or an address in brackets, for EHLO (RFC 5321, section 4.1.4)."""
    return None if _NAME.fullmatch(value) or _LITERAL.fullmatch(value) else f"{value!r} is not the name of a host"


def port(value: int) -> str | None:
    """A TCP port."""
    return None if 0 < value <= _HIGHEST_PORT else f"a port is between 1 and {_HIGHEST_PORT}, not {value}"


def positive(value: float) -> str | None:
    """A number above zero."""
    return None if value > 0 else f"expected more than 0, got {value:g}"


def not_negative(value: int) -> str | None:
    """A number from zero."""
    return None if value >= 0 else f"expected 0 or more, got {value}"


def domain(value: str) -> str | None:
    """A domain that mail comes from."""
    try:
        form = Address(f"postmaster@{value}").domain
    except AddressError as error:
        return str(error).partition(": ")[2]
    return f"{value!r} is an address, not a domain" if form.startswith("[") else None


def selectors(value: tuple[str, ...]) -> str | None:
    """Names below a domain (RFC 6376, section 3.1), each another one."""
    if wrong := next((each for each in value if not _SELECTOR.fullmatch(each)), None):
        return f"{wrong!r:.80} is not a selector: letters, digits, hyphens, dots between them"
    return None if len(set(value)) == len(value) else "a selector is named twice"


def file(value: Path) -> str | None:
    """A file that is there."""
    return None if value.is_file() else f"there is no file {value}"
