"""Asking a transport, and those that it is made of."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from notify.diagnosis import Diagnosis
from notify.doctor.findings import Finding, failures
from notify.doctor.keys import Signing
from notify.doctor.verdict import Outcome, best, outcome_of
from notify.errors import NotifyError
from notify.limits import Limited
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from notify.doctor.senders import Senders
_log = logging.getLogger("notify.doctor")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a transport can do.

    Attributes:
        outcome: whether it could send.
        failed: what speaks against it.
        selectors: the DKIM selectors that its provider, or that of what it is made of, signs with.
        signings: how it, or what it is made of, signs itself.
    """

    outcome: Outcome
    failed: list[Finding] = field(default_factory=list)
    selectors: tuple[str, ...] = ()
    signings: tuple[Signing, ...] = ()


def examine(transport: Transport, senders: Senders, within: str = "") -> Generator[Finding, None, Answer]:
    """Ask a transport, or each member of a group, of which one that can send is enough."""
    transport = transport.inner if isinstance(transport, Limited) else transport
    members = _members(transport)
    if not members:
        return (yield from _examine(transport, senders, within))
    answers: list[Answer] = []
    for member in members:
        answer = yield from examine(member, senders, transport.name)
        answers.append(answer)
    outcome = best([answer.outcome for answer in answers])
    failed = [finding for answer in answers if answer.outcome == outcome for finding in answer.failed]
    selectors = dict.fromkeys(each for answer in answers for each in answer.selectors)
    return Answer(outcome, failed, tuple(selectors), tuple(each for answer in answers for each in answer.signings))


def _examine(transport: Transport, senders: Senders, within: str) -> Generator[Finding, None, Answer]:
    section = f"Transport {transport.name}" + (f", of {within}" if within else "")
    failed: list[Finding] = []
    signings: list[Signing] = []
    for diagnosis in _asked(transport, senders, signings):
        finding = Finding(section, transport.name, diagnosis)
        if finding.failed:
            failed.append(finding)
        yield finding
    return Answer(outcome_of(failed), failed, transport.dkim_selectors, tuple(signings))


def _asked(transport: Transport, senders: Senders, signings: list[Signing]) -> Iterator[Diagnosis]:
    """What the transport says, and which of the senders it, or its provider, does not know, or does not sign for.

    How it signs goes into `signings`.
    """
    if verified := getattr(transport, "verified_senders", ()):
        yield from senders.unverified(verified, "the setting verified_senders")
    try:
        for diagnosis in transport.diagnose():
            yield diagnosis
            if known := diagnosis.data.get("verified"):
                yield from senders.unverified(known, "the provider")
            if signing := Signing.of(diagnosis.data):
                signings.append(signing)
                yield from senders.unsigned(signing)
    except NotifyError as error:
        yield from failures("diagnose", error)
    except Exception as error:  # noqa: BLE001 - a fault of a plugin is a finding, and keeps nobody from the others
        _log.debug("the transport %s failed in diagnose", transport.name, exc_info=True)
        advice = "This is a fault of the plugin that provides the transport."
        yield Diagnosis("diagnose", "failed", f"unexpected {type(error).__name__}: {error}", advice)


def parts(transport: Transport) -> tuple[Transport, ...]:
    """The transports that one is made of, however deep; itself if of none."""
    transport = transport.inner if isinstance(transport, Limited) else transport
    members = _members(transport)
    return tuple(each for member in members for each in parts(member)) if members else (transport,)


def _members(transport: Transport) -> tuple[Transport, ...]:
    members = getattr(transport, "transports", ())
    return tuple(each for each in members if isinstance(each, Transport)) if isinstance(members, tuple) else ()
