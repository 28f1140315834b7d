"""Questions to a host that need no session: which of its ports answer, what speaks there, whose certificate it has."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify_smtp.endpoint import Tls
    from notify_smtp.lookup import Found

Way = tuple[int, "Tls"]
Speech = Literal["smtp", "tls", "http", "nothing"]

_ANY_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME of OpenSSL


@dataclass(frozen=True, slots=True)
class Attempt:
    """A connection to one address.

    Attributes:
        family: IPv4 or IPv6.
        address: the address.
        milliseconds: how long it took; None if it did not come about.
        reason: why it did not.
    """

    family: Literal["IPv4", "IPv6"]
    address: str
    milliseconds: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Port:
    """One port of the host, with an attempt for each family of addresses."""

    number: int
    tls: Tls
    attempts: tuple[Attempt, ...]

    @property
    def open(self) -> bool:
        """Whether there was a connection."""
        return any(attempt.milliseconds is not None for attempt in self.attempts)

    @property
    def milliseconds(self) -> float | None:
        """How long the fastest connection took."""
        return min((each.milliseconds for each in self.attempts if each.milliseconds is not None), default=None)

    @property
    def reason(self) -> str:
        """Why there was none, address by address."""
        return ", ".join(f"{each.address}: {each.reason}" for each in self.attempts)


class Trust(ssl.SSLContext):
    """Whom to trust; remembers the last connection that it secured."""

    secured: ssl.SSLSocket | None = None

    @classmethod
    def of(cls, ca_file: Path | None) -> Trust:
        """Those in the file, or the system's.

        Raises:
            OSError: there are no certificates in the file; an `ssl.SSLError` is one.
        """
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if ca_file is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(ca_file)
        return context

    @classmethod
    def anybody(cls) -> Trust:
        """Whoever it is: only to look, for nothing secret is said to them."""
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    @classmethod
    def only(cls, certificate: bytes) -> Trust:
        """The owner of this certificate, whenever it holds and whoever issued it."""
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_flags = ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_ANY_TIME)
        context.load_verify_locations(cadata=certificate)
        return context

    def wrap_socket(self, *arguments: Any, **keywords: Any) -> ssl.SSLSocket:
        """As of every context."""
        self.secured = super().wrap_socket(*arguments, **keywords)
        return self.secured


def knock(found: Found, ways: Sequence[Way], seconds: float) -> list[Port]:
    """Connect to each port at the first address of each family, all at once, within `seconds`."""
    families = {entry[0]: entry for entry in reversed(found)}
    with ThreadPoolExecutor(max_workers=len(ways) * len(families)) as pool:
        attempts = [
            [
                pool.submit(_attempt, family, (entry[4][0], number, *entry[4][2:]), seconds)
                for family, entry in families.items()
            ]
            for number, _ in ways
        ]
        return [
            Port(number, tls, tuple(each.result() for each in made))
            for (number, tls), made in zip(ways, attempts, strict=True)
        ]


def speech(address: tuple[Any, ...], seconds: float) -> tuple[Speech, str]:
    """What is spoken at an address, and the first words that were heard in clear; each answer within `seconds`."""
    heard = _heard(address, b"", seconds)
    if heard:
        return ("smtp" if heard[:3].isdigit() else "nothing"), _words(heard)
    heard = _heard(address, b"HEAD / HTTP/1.0\r\n\r\n", seconds)
    if heard[:5] == b"HTTP/":
        return "http", _words(heard)
    with contextlib.suppress(OSError), socket.create_connection(address[:2], seconds) as sock:
        Trust.anybody().wrap_socket(sock).close()
        return "tls", ""
    return "nothing", _words(heard)


def _attempt(family: int, address: tuple[Any, ...], seconds: float) -> Attempt:
    began = time.monotonic()
    name: Literal["IPv4", "IPv6"] = "IPv6" if family == socket.AF_INET6 else "IPv4"
    try:
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(seconds)
            sock.connect(address)
    except TimeoutError:
        return Attempt(name, address[0], None, f"no answer within {seconds:g} seconds")
    except OSError as error:
        return Attempt(name, address[0], None, (error.strerror or str(error)).lower())
    return Attempt(name, address[0], round((time.monotonic() - began) * 1000, 1))


def _heard(address: tuple[Any, ...], said: bytes, seconds: float) -> bytes:
    """The first octets that come after something was said."""
    with contextlib.suppress(OSError), socket.create_connection(address[:2], seconds) as sock:
        sock.sendall(said)
        return sock.recv(512)
    return b""


def _words(heard: bytes) -> str:
    """The first line as far as it can be printed."""
    line = heard.partition(b"\n")[0].decode("ascii", "replace")
    return "".join(character for character in line if character.isprintable())[:80].strip()
