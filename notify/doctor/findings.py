"""A diagnosis in its place, and diagnoses made of errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify.diagnosis import Diagnosis
from notify.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.errors import NotifyError


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnosis.

    Attributes:
        section: the heading that it stands under.
        transport: the name of the transport that it is about, or None.
        diagnosis: what was found.
    """

    section: str
    transport: str | None
    diagnosis: Diagnosis

    @property
    def failed(self) -> bool:
        """Whether mail cannot be sent so."""
        return self.diagnosis.status == "failed"


def failures(check: str, error: NotifyError) -> Iterator[Diagnosis]:
    """What an error says: a diagnosis for each of its faults, or one for the whole."""
    kind = type(error).__name__
    if isinstance(error, DeliveryError):
        found = f"{error.reason}: {error.reply}" if error.reply else error.reason
        yield Diagnosis(check, "failed", found, error.advice, {"error": kind, "retry_after": error.retry_after})
        return
    faults = getattr(error, "faults", ())
    for fault in faults:
        place = fault.location
        data: dict[str, Any] = {"error": kind, "path": place.path, "line": place.line, "column": place.column}
        yield Diagnosis(check, "failed", f"{place}: {fault.message}", _sentence(fault.hint), data)
    if not faults:
        found, _, advice = str(error).partition("\n")
        yield Diagnosis(check, "failed", found, " ".join(advice.split()), {"error": kind})


def _sentence(hint: str) -> str:
    """A hint as a sentence."""
    if not hint:
        return ""
    return f"{hint[0].upper()}{hint[1:]}{'' if hint.endswith(('.', '?', '!')) else '.'}"
