"""From what was found to one sentence: whether mail can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from notify import errors
from notify.errors import DeliveryError, NotifyError, OutboxError, TemporaryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.doctor.findings import Finding

Outcome = Literal["can", "later", "configuration", "cannot"]
"""Mail can be sent; not now, but waiting helps; not before the configuration is mended; not for another reason."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to all questions together.

    Attributes:
        outcome: the answer.
        sentence: the same for people, with the cause and what to do.
    """

    outcome: Outcome
    sentence: str


def outcome_of(failed: Sequence[Finding]) -> Outcome:
    """What follows from the failures of one transport, or of the configuration.

    `data["error"]` of a diagnosis is the name of a class of `notify.errors`, if it is anything.
    """
    if not failed:
        return "can"
    outcomes = {_outcome(finding) for finding in failed}
    if outcomes == {"later"}:
        return "later"
    return "configuration" if "configuration" in outcomes else "cannot"


def best(outcomes: Sequence[Outcome]) -> Outcome:
    """What a group of transports can do, by what its members can: one that works is enough."""
    order: tuple[Outcome, ...] = ("can", "later", "cannot", "configuration")
    return min(outcomes, key=order.index, default="cannot")


def verdict(
    outcome: Outcome, failed: Sequence[Finding], through: str, *, delivers: bool, failures: int, warnings: int
) -> Verdict:
    """The verdict.

    Args:
        outcome: the answer.
        failed: what speaks against it, the most important first.
        through: the name of the transport.
        delivers: whether it reaches real people.
        failures: how many failures there are, whatever they speak against.
        warnings: how many warnings.
    """
    if outcome == "can":
        sentence = f"Mail can be sent through {through}" + ("." if delivers else ", which delivers it to nobody.")
        counts = [_count(failures, "failure"), _count(warnings, "warning")]
        if look := " and ".join(filter(None, counts)):
            sentence += f" Look at {look} above."
        return Verdict(outcome, sentence)
    first = failed[0].diagnosis
    more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
    end = "" if first.found.endswith((".", "?", "!")) and not more else "."
    now = " now" if outcome == "later" else ""
    return Verdict(outcome, f"Mail cannot be sent{now}: {first.found}{more}{end} {first.advice}".rstrip())


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}" if number else ""


def _outcome(finding: Finding) -> Outcome:
    kind = getattr(errors, str(finding.diagnosis.data.get("error", "")), None)
    if not (isinstance(kind, type) and issubclass(kind, NotifyError)):
        return "cannot"
    if issubclass(kind, TemporaryError):
        return "later"
    return "cannot" if issubclass(kind, (DeliveryError, OutboxError)) else "configuration"
