"""One place where a rule does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from notify.errors import Location

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The gravest first."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a rule has found.

    Attributes:
        location: where; the path is relative to the folder of notify.yaml.
        rule: the rule's id.
        severity: how grave it is.
        message: what is wrong, in a sentence without a full stop.
        hint: what was probably meant, or what to do; perhaps empty.
        notification: the id of the notification that it is about, if it is about one.
        sample: the sample that shows it, if it takes one to see it.
        locale: the locale that shows it, likewise.
    """

    location: Location
    rule: str
    severity: Severity
    message: str
    hint: str = ""
    notification: str | None = None
    sample: str | None = None
    locale: str | None = None

    def document(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "path": self.location.path,
            "line": self.location.line,
            "column": self.location.column,
            "message": self.message,
            "hint": self.hint,
            "notification": self.notification,
            "sample": self.sample,
            "locale": self.locale,
        }

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.location}: {self.severity} {self.rule}: {self.message}{hint}"
