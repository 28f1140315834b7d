"""Certificates made on the spot, good ones and bad ones, by an authority that only the test trusts."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from notify.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    import trustme

Kind = Literal["good", "expired", "wronghost", "selfsigned"]


class Certificates:
    """A certificate authority and what it issued for `localhost`, 127.0.0.1 and ::1.

    Args:
        folder: where `ca_file` is written.
        names: further names that the good certificate is for.

    Raises:
        ConfigError: trustme, which makes them, is not installed.
    """

    def __init__(self, folder: Path, *names: str) -> None:
        try:
            import trustme
        except ImportError:
            raise ConfigError("certificates for tests need trustme: pip install 'notify-framework[demo]'") from None
        self._issuer = trustme.CA()
        self._stranger = trustme.CA()
        self._names = ("localhost", "127.0.0.1", "::1", *names)
        self.ca_file: Path = folder / "ca.pem"
        self._issuer.cert_pem.write_to_path(self.ca_file)
        self._contexts: dict[str, ssl.SSLContext] = {}

    def context(self, kind: Kind = "good") -> ssl.SSLContext:
        """A server's TLS context: with a `good` certificate, or one that a client has to refuse.

        `expired` is over, `wronghost` is for another name, `selfsigned` comes from an authority that nobody knows.
        """
        if kind not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._issue(kind).configure_cert(context)
            self._contexts[kind] = context
        return self._contexts[kind]

    def write_chain(self, path: Path) -> None:
        """Write a good certificate and its private key, in PEM, for a server that is another program."""
        self._issue("good").private_key_and_cert_chain_pem.write_to_path(path)

    def _issue(self, kind: Kind) -> trustme.LeafCert:
        authority = self._stranger if kind == "selfsigned" else self._issuer
        return authority.issue_cert(
            *(("mx.other.example",) if kind == "wronghost" else self._names),
            not_before=datetime(2020, 1, 1, tzinfo=UTC),
            not_after=datetime(2020, 2, 1, tzinfo=UTC) if kind == "expired" else None,
        )
