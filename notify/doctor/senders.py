"""Whom mail comes from: by the configuration and by the definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.addresses import covers
from notify.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.addresses import Address
    from notify.catalog import Catalog
    from notify.doctor.keys import Signing


class Senders:
    """The senders of a project.

    Args:
        default: who sends where nothing else is said.
        catalog: the definitions, which may name others.
    """

    def __init__(self, default: Address | None, catalog: Catalog) -> None:
        self._default = default
        self._own = {name: sender for name in catalog if (sender := catalog[name].sender) is not None}
        self._lacking = [name for name in catalog if name not in self._own]

    @property
    def addresses(self) -> list[str]:
        """Each address once, the default first."""
        senders = [self._default, *self._own.values()]
        return list(dict.fromkeys(sender.email for sender in senders if sender is not None))

    @property
    def domains(self) -> list[str]:
        """Each domain once, the default's first."""
        return list(dict.fromkeys(address.rpartition("@")[2] for address in self.addresses))

    def diagnosis(self) -> Diagnosis:
        """Who sends, or that nobody does."""
        data = {"senders": self.addresses, "domains": self.domains}
        others = self.addresses[1:] if self._default else self.addresses
        also = f"; definitions name {', '.join(others)}" if others else ""
        if self._default is not None:
            found = f"{self._default}, of the domain {self._default.domain}{also}"
            return Diagnosis("sender", "ok", found, data=data)
        if not self._lacking and self._own:
            return Diagnosis("sender", "ok", f"each definition names its own: {', '.join(others)}", data=data)
        advice = 'Put `sender: "Name <address>"` into notify.yaml, unless each call gives one.'
        return Diagnosis("sender", "warning", f"nobody is the sender where a call names none{also}", advice, data)

    def unverified(self, entries: Iterable[str], said_by: str) -> Iterator[Diagnosis]:
        """A failure for each sender that none of the entries stands for: addresses, domains, or `*.domain`."""
        entries = list(entries)
        for address in self.addresses:
            if not any(covers(entry, address) for entry in entries):
                yield Diagnosis(
                    "sender",
                    "failed",
                    f"the sender {address} is not verified: {said_by} has {', '.join(entries) or 'nobody'}",
                    "Verify it or its domain at the provider, or send from one that is verified.",
                    {"error": "TransportConfigError", "sender": address, "verified": entries},
                )

    def unsigned(self, signing: Signing) -> Iterator[Diagnosis]:
        """A failure for each sender that a transport does not sign for."""
        for address in self.addresses:
            if not signing.is_for(address.rpartition("@")[2]):
                yield Diagnosis(
                    "sender",
                    "failed",
                    f"the sender {address} cannot be signed for the domain {signing.domain} (dkim_domain)",
                    f"Send from {signing.domain} or from below it, or through a transport that signs for that domain.",
                    {"error": "TransportConfigError", "sender": address},
                )
