"""A DNS server on loopback that knows a few records, or says nothing at all."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterable

_TTL = 60


class DnsServer:
    """Answers questions over UDP; a context manager.

    Args:
        records: (name, type, data) as a zone file has them, each name in full.
        silent: questions are read, and not answered.
        refuses: each answer is REFUSED.

    Attributes:
        address: HOST:PORT.
        asked: the questions that came, as (name, type).
    """

    def __init__(
        self, records: Iterable[tuple[str, str, str]] = (), *, silent: bool = False, refuses: bool = False
    ) -> None:
        self._records = [(dns.name.from_text(name), kind, data) for name, kind, data in records]
        self._silent = silent
        self._refuses = refuses
        self.address = ""
        self.asked: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"", self._socket.getsockname())
        self._thread.join(5.0)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            wire, client = self._socket.recvfrom(4096)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            self.asked.append((str(query.question[0].name), dns.rdatatype.to_text(query.question[0].rdtype)))
            if not self._silent:
                with contextlib.suppress(OSError):
                    self._socket.sendto(self._answer(query).to_wire(), client)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA | dns.flags.AA
        if self._refuses:
            response.set_rcode(dns.rcode.REFUSED)
            return response
        name, kind = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
        while alias := self._data(name, "CNAME"):
            response.answer.append(dns.rrset.from_text(name, _TTL, "IN", "CNAME", alias[0]))
            name = dns.name.from_text(alias[0])
        if found := self._data(name, kind):
            response.answer.append(dns.rrset.from_text(name, _TTL, "IN", kind, *found))
        elif not any(known.is_subdomain(name) for known, _, _ in self._records):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response

    def _data(self, name: dns.name.Name, kind: str) -> list[str]:
        return [data for known, each, data in self._records if known == name and each == kind]
