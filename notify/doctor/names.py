"""Asking the DNS: a thin layer over dnspython that knows three answers: records, none, and silence."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Any

from notify.errors import ConfigError

_SERVER = re.compile(r"\[(?P<v6>[0-9A-Fa-f:.]+)\](?::(?P<p6>\d+))?|(?P<host>[^:\[\]]+)(?::(?P<port>\d+))?")
_PORT = 53
_HIGHEST_PORT = 65535
_SECONDS = 4.0


class SilentError(Exception):
    """No DNS server answers, or none could; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the DNS says of a name.

    Attributes:
        exists: whether there is such a name.
        records: the records that were asked for, as text.
        alias: the name that it stands for (CNAME), or empty.
    """

    exists: bool
    records: tuple[str, ...] = ()
    alias: str = ""


class Resolver:
    """Asks one DNS server, or those of the system.

    Args:
        server: an address or a name, perhaps with a port: `192.0.2.53`, `127.0.0.1:5353`, `[2001:db8::53]:53`.

    Raises:
        ConfigError: dnspython is not installed, there is no such server, or the system names none.
    """

    def __init__(self, server: str | None = None) -> None:
        try:
            import dns.resolver
        except ImportError:
            raise ConfigError("looking up DNS needs dnspython: pip install 'notify-framework[dns]'") from None
        try:
            self._resolver = dns.resolver.Resolver(configure=server is None)
        except dns.resolver.NoResolverConfiguration:
            raise ConfigError("this system names no DNS server; name one by --resolver HOST") from None
        if server is not None:
            host, port = _address(server)
            self._resolver.nameservers = [host]
            self._resolver.port = port
        self._resolver.lifetime = _SECONDS

    def texts(self, name: str) -> Answer:
        """The TXT records of a name, the strings of each put together (RFC 7208, section 3.3).

        Raises:
            SilentError: nobody answers.
        """
        return self._ask(name, "TXT", lambda record: b"".join(record.strings).decode("utf-8", "backslashreplace"))

    def mail_exchangers(self, name: str) -> Answer:
        """The mail servers of a domain, the preferred first; `.` is the name of none (RFC 7505).

        Raises:
            SilentError: nobody answers.
        """
        return self._ask(name, "MX", lambda record: f"{record.preference:05d} {record.exchange}")

    def _ask(self, name: str, kind: str, text: Any) -> Answer:
        import dns.exception
        import dns.resolver

        try:
            answer = self._resolver.resolve(name, kind, search=False, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN as error:
            return Answer(exists=False, alias=_alias(name, error.canonical_name))
        except dns.exception.Timeout:
            raise SilentError(f"no DNS server answers within {_SECONDS:g} seconds") from None
        except (dns.exception.DNSException, OSError) as error:
            raise SilentError(f"no DNS server can answer for {name} ({type(error).__name__})") from None
        records = sorted(text(record) for record in answer.rrset or ())
        return Answer(exists=True, records=tuple(records), alias=_alias(name, answer.canonical_name))


def _alias(name: str, canonical: Any) -> str:
    """The name that another stands for, or empty."""
    text = str(canonical).rstrip(".")
    return "" if text == name.rstrip(".") else text


def _address(server: str) -> tuple[str, int]:
    """The address and the port of a DNS server."""
    found = _SERVER.fullmatch(server)
    host, port = (
        (found["v6"] or found["host"], int(found["p6"] or found["port"] or _PORT)) if found else (server, _PORT)
    )
    if (found is None and not _is_address(server)) or not 0 < port <= _HIGHEST_PORT:
        raise ConfigError(f"--resolver: expected HOST or HOST:PORT, got {server!r:.80}")
    try:
        return str(socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][4][0]), port
    except OSError as error:
        raise ConfigError(f"--resolver: {host} cannot be looked up ({error.strerror or error})") from None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
