"""What the DNS of a sender's domain tells receivers: MX, SPF, DKIM and DMARC.

Sources: RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC), RFC 7505 (null MX). A receiver may take mail whatever they
say, so that nothing here is worse than a warning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.diagnosis import Diagnosis
from notify.doctor.keys import examine_key
from notify.doctor.names import SilentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from notify.doctor.keys import Signing
    from notify.doctor.names import Resolver

_POLICIES = ("none", "quarantine", "reject")


def examine_domain(
    domain: str, selectors: Iterable[str], resolver: Resolver, signings: Iterable[Signing] = ()
) -> Iterator[Diagnosis]:
    """Look at one domain.

    Args:
        domain: the domain of an address in From.
        selectors: the names of the DKIM keys that the provider signs with.
        resolver: who is asked.
        signings: how transports sign themselves.
    """
    try:
        yield _mx(domain, resolver)
        yield _spf(domain, resolver)
        yield from _dkim(domain, list(selectors), list(signings), resolver)
        yield _dmarc(domain, resolver)
    except SilentError as error:
        advice = "Is this machine online? --resolver HOST asks another DNS server."
        yield Diagnosis("dns", "warning", str(error), advice, {"domain": domain})


def _mx(domain: str, resolver: Resolver) -> Diagnosis:
    answer = resolver.mail_exchangers(domain)
    hosts = [record.split(" ", 1)[1].rstrip(".") for record in answer.records]
    data = {"domain": domain, "exists": answer.exists, "hosts": hosts}
    if not answer.exists:
        advice = "Receivers refuse mail of a domain that is not there: register it, or send from another."
        return Diagnosis("mx", "warning", f"there is no domain {domain}", advice, data)
    if hosts == [""]:
        advice = "Receivers may refuse mail from there, and nobody can reply: send from another domain, or mend it."
        return Diagnosis("mx", "warning", "the domain says that it takes no mail (null MX)", advice, data)
    if not hosts:
        advice = "Replies and complaints have nowhere to go: publish an MX record, or set reply_to."
        return Diagnosis("mx", "warning", "the domain has no MX record", advice, data)
    return Diagnosis("mx", "ok", f"mail for it goes to {', '.join(hosts)}", data=data)


def _spf(domain: str, resolver: Resolver) -> Diagnosis:
    records = [text for text in resolver.texts(domain).records if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]
    data = {"domain": domain, "records": records}
    if not records:
        advice = (
            "Receivers check SPF for the return path. A provider with a return path of its own in your domain, such as "
            "SendGrid's em1234, needs none here; for others publish one that includes them."
        )
        return Diagnosis("spf", "warning", "the domain has no SPF record", advice, data)
    if len(records) > 1:
        advice = "Receivers then take none of them (RFC 7208, section 4.5): put them into one."
        return Diagnosis("spf", "warning", f"the domain has {len(records)} SPF records", advice, data)
    if re.search(r"\s\+?all(\s|$)", records[0], re.IGNORECASE):
        return Diagnosis("spf", "warning", f"everybody may send: {records[0]}", "End it in `-all` or `~all`.", data)
    return Diagnosis("spf", "ok", records[0], data=data)


def _dkim(domain: str, selectors: list[str], signings: list[Signing], resolver: Resolver) -> Iterator[Diagnosis]:
    if not selectors and not signings:
        advice = "The header DKIM-Signature of a mail that arrived names it: s=SELECTOR."
        yield Diagnosis("dkim", "skipped", "the transport does not tell its selector", advice, {"domain": domain})
    for selector in selectors:
        yield _key(domain, selector, resolver)
    keys = (key for signing in signings if signing.is_for(domain) for key in signing.keys)
    for key in dict.fromkeys(keys):
        yield examine_key(key, resolver)


def _key(domain: str, selector: str, resolver: Resolver) -> Diagnosis:
    name = f"{selector}._domainkey.{domain}"
    answer = resolver.texts(name)
    keys = [found[1] for text in answer.records if (found := re.search(r"(?:^|;)\s*p=([^;]*)", text))]
    data = {"domain": domain, "selector": selector, "alias": answer.alias or None}
    if not keys:
        advice = "Publish the record that the provider shows for this domain; receivers take unsigned mail for spam."
        way = f" (it leads to {answer.alias})" if answer.alias else ""
        return Diagnosis("dkim", "warning", f"there is no key at {name}{way}", advice, data)
    if not keys[0].strip():
        return Diagnosis("dkim", "warning", f"the key at {name} was revoked", "Publish the provider's new one.", data)
    way = f", by way of {answer.alias}" if answer.alias else ""
    return Diagnosis("dkim", "ok", f"there is a key at {name}{way}", data=data)


def _dmarc(domain: str, resolver: Resolver) -> Diagnosis:
    where, records = _dmarc_records(domain, resolver)
    data: dict[str, object] = {"domain": domain, "found_at": where or None, "records": records}
    if not records:
        advice = f"Publish TXT at _dmarc.{domain}: `v=DMARC1; p=none; rua=mailto:...`; the large providers ask for it."
        return Diagnosis("dmarc", "warning", "the domain has no DMARC record", advice, data)
    if len(records) > 1:
        return Diagnosis("dmarc", "warning", f"{where} has {len(records)} DMARC records", "Leave one.", data)
    pairs = (tag.partition("=") for tag in records[0].split(";"))
    tags = {key.strip().lower(): value.strip() for key, _, value in pairs}
    inherited = where != f"_dmarc.{domain}"
    policy = (tags.get("sp") if inherited else None) or tags.get("p", "")
    data["policy"] = policy
    by_way = f", of {where}" if inherited else ""
    if policy.lower() not in _POLICIES:
        advice = "p= is one of none, quarantine, reject."
        return Diagnosis("dmarc", "warning", f"the DMARC record has no policy: {records[0]}", advice, data)
    if policy.lower() == "none":
        advice = "Others can send in your name. When the reports show only mail of yours, say quarantine or reject."
        return Diagnosis("dmarc", "warning", f"the policy is none{by_way}: receivers only report", advice, data)
    return Diagnosis("dmarc", "ok", f"the policy is {policy}{by_way}", data=data)


def _dmarc_records(domain: str, resolver: Resolver) -> tuple[str, list[str]]:
    """The DMARC records of the domain or, if it has none, of the nearest one above, but never of a top-level domain."""
    labels = domain.split(".")
    for start in range(max(len(labels) - 1, 1)):
        name = f"_dmarc.{'.'.join(labels[start:])}"
        records = [text for text in resolver.texts(name).records if re.match(r"v=DMARC1\s*(;|$)", text)]
        if records:
            return name, records
    return "", []
