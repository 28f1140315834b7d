"""Verifiers of DKIM signatures by others, who look keys up in a DNS server of the tests.

Mail::DKIM is Perl, in Debian's libmail-dkim-perl, and knows RSA. dkimpy knows Ed25519 too.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import dkim
import dns.resolver
from patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from servers.dns import DnsServer

    from notify_smtp.keys import Key

PERL = shutil.which("perl")

_PROGRAM = r"""
use strict; use Mail::DKIM::Verifier; use Net::DNS::Resolver;
Mail::DKIM::DNS::resolver(Net::DNS::Resolver->new(nameservers => [$ARGV[0]], port => $ARGV[1], udppacketsize => 4096));
binmode STDIN;
while (defined(my $length = <STDIN>)) {
    read(STDIN, my $message, $length); my $verifier = Mail::DKIM::Verifier->new();
    $verifier->PRINT($message); $verifier->CLOSE;
    print join("\t", map { $_->selector . " " . ($_->result_detail || "none") } $verifier->signatures), "\n";
}
"""


class Verdict(NamedTuple):
    """What a verifier says of one signature: the selector of its key, and `pass`, or else why not."""

    selector: str
    result: str


@functools.cache
def has_mail_dkim() -> bool:
    """Whether Mail::DKIM is installed."""
    command = [PERL or "perl", "-MMail::DKIM::Verifier", "-e", "1"]
    return (
        PERL is not None and not subprocess.run(command, capture_output=True, check=False, timeout=PATIENCE).returncode
    )


def record(key: Key, domain: str = "acme.example") -> tuple[str, str, str]:
    """The record of a key, for a `DnsServer`."""
    return f"{key.selector}._domainkey.{domain}.", "TXT", strings(key.record)


def strings(text: str) -> str:
    """A TXT record as a zone file has it: in strings of at most 255 octets."""
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))


def by_mail_dkim(server: DnsServer, *messages: bytes) -> list[list[Verdict]]:
    """What Mail::DKIM says of each signature of some messages."""
    given = b"".join(b"%d\n%b" % (len(message), message) for message in messages)
    done = subprocess.run([PERL or "perl", "-e", _PROGRAM, *server.address.split(":")], input=given,
                          capture_output=True, check=True, timeout=PATIENCE)  # fmt: skip
    lines = done.stdout.decode().splitlines()
    return [[Verdict(*each.split(" ", 1)) for each in filter(None, line.split("\t"))] for line in lines]


def by_dkimpy(server: DnsServer, *messages: bytes) -> list[list[Verdict]]:
    """What dkimpy says of each signature of some messages."""
    resolver = dns.resolver.Resolver(configure=False)
    host, port = server.address.split(":")
    resolver.nameservers, resolver.port = [host], int(port)

    def texts(name: bytes, timeout: float = 5.0) -> bytes | None:
        try:
            answer = resolver.resolve(name.decode(), "TXT", lifetime=timeout)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return None
        return b"".join(answer[0].strings)

    return [list(_said_by_dkimpy(dkim.DKIM(message), texts)) for message in messages]


def _said_by_dkimpy(verifier: dkim.DKIM, texts: Callable[[bytes, float], bytes | None]) -> Iterator[Verdict]:
    for number in range(sum(name.lower() == b"dkim-signature" for name, _ in verifier.headers)):
        try:
            result = "pass" if verifier.verify(number, dnsfunc=texts) else "fail"
        except dkim.DKIMException as error:
            result = f"fail ({error})"
        yield Verdict(verifier.signature_fields[b"s"].decode(), result)
