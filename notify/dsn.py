"""A transport in one line: `scheme://user:password@host:port/path?setting=value`, or `failover(a b)`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_GROUP = re.compile(r"\s*([a-z][a-z0-9_]*)\((.*)\)\s*", re.DOTALL | re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9_]*(\+[a-z0-9]+)?:", re.IGNORECASE)
_ODD = re.compile(r"[#\x00-\x1f\x7f]|%(?![0-9A-Fa-f]{2})")
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Dsn:
    """The parts of a DSN, percent-decoded. In `smtp+starttls:` the scheme is `smtp` and the option `starttls`.

    A group such as `failover(a b)` has the scheme `failover` and `members`, each a name or a DSN as text.
    """

    scheme: str
    option: str = ""
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    members: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Dsn:
        """Read a DSN.

        Raises:
            ConfigError: the text is not one; the message never repeats it, since it may hold a key.
        """
        if group := _GROUP.fullmatch(text):
            return cls(scheme=group[1].lower(), members=_members(group[2]))
        if not _SCHEME.match(text):
            raise ConfigError("a DSN looks like scheme://user:password@host:port?setting=value, or failover(a b)")
        if _ODD.search(text):
            raise ConfigError(
                f"the DSN of {text.partition(':')[0]!r:.40} has a #, a % without two digits, or a control character: "
                "write special characters as %XX, such as %23 for #"
            )
        try:
            head, _, rest = text.partition(":")
            parts = urlsplit(f"dsn:{rest}")  # a scheme of URLs has no _, the name of a transport may
            port = parts.port
            pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError:
            raise ConfigError(
                f"the DSN of {text.partition(':')[0]!r:.40} cannot be read: the port is a number, the query "
                "setting=value; write special characters of a password as %XX"
            ) from None
        scheme, _, option = head.lower().partition("+")
        if port == 0:
            raise ConfigError(f"the DSN of {head.lower()!r} has port 0: a port is between 1 and 65535")
        query = dict(pairs)
        if len(query) < len(pairs):
            raise ConfigError(f"the DSN of {scheme!r} gives a setting twice")
        return cls(
            scheme=scheme,
            option=option,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=(parts.hostname or ""),
            port=port,
            path=unquote(parts.path),
            query=query,
        )


def is_dsn(text: str) -> bool:
    """Whether `text` is meant as a DSN: anything that cannot be the name of a configured transport."""
    return not _NAME.fullmatch(text)


def _members(text: str) -> tuple[str, ...]:
    """Split on blanks outside parentheses."""
    members, depth, word = [], 0, ""
    for character in [*text, " "]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character.isspace() and depth == 0:
            members += [word] if word else []
            word = ""
        else:
            word += character
    if depth or not members:
        raise ConfigError("a group of transports is written failover(a b): names or DSNs between one pair of brackets")
    return tuple(members)
