"""Keys that a transport signs with itself (DKIM), and whether the DNS has them.

Sources: RFC 6376, section 3.6.1, and RFC 8463 for Ed25519.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.addresses import covers
from notify.diagnosis import Diagnosis

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.doctor.names import Resolver


class SigningKey(NamedTuple):
    """One key: the name that receivers look it up under, and the TXT record that they must find there."""

    domain: str
    selector: str
    record: str

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True)
class Signing:
    """How a transport signs.

    Attributes:
        domain: whose signature it is.
        signs_for: the senders that it signs for: domains, or `*.domain`.
        keys: its keys; each makes a signature.
    """

    domain: str
    signs_for: tuple[str, ...]
    keys: tuple[SigningKey, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Signing | None:
        """What the data of a diagnosis says of it, under `dkim`; None if it says nothing."""
        told = data.get("dkim")
        if not told:
            return None
        domain = told["domain"]
        keys = tuple(SigningKey(domain, key["selector"], key["record"]) for key in told["keys"])
        return cls(domain, tuple(told["signs_for"]), keys)

    def is_for(self, domain: str) -> bool:
        """Whether it signs mail from that domain."""
        return any(covers(entry, f"postmaster@{domain}") for entry in self.signs_for)


def examine_key(key: SigningKey, resolver: Resolver) -> Diagnosis:
    """Compare a key with what the DNS has under its name.

    Raises:
        SilentError: nobody answers.
    """
    answer = resolver.texts(key.name)
    found = [tags for text in answer.records if "p" in (tags := _tags(text))]
    data = {"domain": key.domain, "selector": key.selector, "alias": answer.alias or None, "record": key.record}
    publish = f"Publish TXT at {key.name}: {key.record}"
    if not found:
        way = f" (it leads to {answer.alias})" if answer.alias else ""
        return Diagnosis("dkim", "warning", f"there is no key at {key.name}{way}", publish, data)
    if len(found) > 1:
        return Diagnosis("dkim", "warning", f"there are {len(found)} keys at {key.name}", f"Leave one. {publish}", data)
    published, own = found[0], _tags(key.record)
    if not published["p"]:
        advice = "Make a key under a new selector, and publish that."
        return Diagnosis("dkim", "warning", f"the key at {key.name} was revoked", advice, data)
    if published["p"] != own["p"] or published.get("k", "rsa").lower() != own["k"]:
        wrong = f"the key at {key.name} is not the one that signs: receivers find every signature wrong"
        advice = f"{publish} - or give the transport the private key of the one that is there."
        return Diagnosis("dkim", "warning", wrong, advice, data)
    for wrong, advice in _limits(published):
        return Diagnosis("dkim", "warning", f"the key at {key.name} {wrong}", advice, data)
    return Diagnosis("dkim", "ok", f"the key at {key.name} is the one that signs", data=data)


def _limits(tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What of a record keeps receivers from using the key, and what to do."""
    hashes, services, flags = (tags.get(name, "").lower().split(":") for name in "hst")
    if hashes != [""] and "sha256" not in hashes:
        yield f"is not for SHA-256 (h={tags['h']})", "Take h= out of the record."
    if services != [""] and not {"*", "email"} & set(services):
        yield f"is not for mail (s={tags['s']})", "Take s= out of the record."
    if "y" in flags:
        yield "says that it is a test (t=y): receivers take signed mail for unsigned", "Take t=y out of the record."


def _tags(text: str) -> dict[str, str]:
    """The tags of a record; blanks in values mean nothing."""
    pairs = (tag.partition("=") for tag in text.split(";"))
    return {name.strip(): re.sub(r"\s", "", value) for name, mark, value in pairs if mark}
