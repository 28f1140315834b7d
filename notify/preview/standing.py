"""How a notification stands: what is found wrong with it, and in which locales it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from notify.errors import DefinitionError, Location, ParamsError, RenderError
from notify.preview.state import NO_SAMPLE, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notify import Definition
    from notify.preview.project import Entry
    from notify.preview.renderings import Renderings, Rendition
    from notify.rendering import Sources

CLIPPED = 102_400
"""Octets of HTML from which Gmail cuts a mail off: measured, 100 to 105 KB (github.com/hteumeuleu/email-bugs#41)."""
NEARLY_CLIPPED = 90_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a notification.

    Attributes:
        rule: the rule's id.
        severity: error, warning or info.
        message: what is wrong, and perhaps what to do.
        location: where, if a place is to blame.
        sample: in which sample it shows, if in one.
        locale: in which locale it shows, if in one.
    """

    rule: str
    severity: str
    message: str
    location: Location | None = None
    sample: str | None = None
    locale: str | None = None

    def as_document(self) -> dict[str, Any]:
        """As JSON."""
        place = self.location
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message,
            "path": place.path if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "sample": self.sample,
            "locale": self.locale,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a notification: its findings, worst first, and its locales."""

    findings: tuple[Finding, ...] = ()
    locales: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """`error`, `warning` or `good`."""
        worst = {finding.severity for finding in self.findings}
        return "error" if "error" in worst else "warning" if "warning" in worst else "good"


def standing(entry: Entry, renderings: Renderings, sources: Sources) -> Iterator[Standing]:
    """How it stands; what is found by reading alone first, then once more after each sample that was rendered.

    The last one is whole. Whoever has no more use for it may stop in between.
    """
    definition = entry.definition
    found = [_of_fault(fault.message, fault.location, sampled=definition is not None) for fault in entry.faults]
    if definition is None:
        yield Standing(tuple(found))
        return
    locales = tuple(sources.locales(definition))
    found += _of_locales(definition, sources)
    if not definition.samples:
        message = "there is no sample: nothing can be previewed or checked without one"
        found.append(Finding("def-missing-sample", "warning", message, definition.location))
    yield _ordered(found, locales)
    for name in definition.samples or (NO_SAMPLE,):
        state = State(notification=entry.id, sample=name)
        if definition.samples or (definition.contract is not None and not definition.contract.params):
            found = joined(found, of_rendition(renderings.of(state), name))
            yield _ordered(found, locales)


def of_rendition(rendition: Rendition, sample: str) -> list[Finding]:
    """What one rendering shows."""
    error, message = rendition.error, rendition.message
    locale = message.locale if message else None
    if isinstance(error, DefinitionError):
        found = [_of_fault(fault.message, fault.location, sampled=False) for fault in error.faults]
    elif isinstance(error, ParamsError) and sample == NO_SAMPLE:
        found = []  # nobody has said yet what they are
    elif isinstance(error, ParamsError):
        found = [Finding("def-sample-invalid", "error", str(problem)) for problem in error.problems]
    elif isinstance(error, RenderError):
        hint = f" ({error.hint})" if error.hint else ""
        found = [Finding("tpl-render", "error", f"{error.message}{hint}", error.location)]
    elif error is not None:
        found = [Finding("msg-invalid", "error", str(error))]
    else:
        found = _of_size(len((message.html or "").encode("utf-8", "replace")) if message else 0)
    return [replace(each, sample=None if sample == NO_SAMPLE else sample, locale=locale) for each in found]


def joined(found: Sequence[Finding], others: Iterable[Finding]) -> list[Finding]:
    """Findings with others behind them, but for those that say the same of the same place."""
    return [*found, *(each for each in others if not any(_same(each, other) for other in found))]


def _of_size(octets: int) -> list[Finding]:
    if octets < NEARLY_CLIPPED:
        return []
    severity = "error" if octets >= CLIPPED else "warning"
    message = f"the HTML has {octets:,} octets; Gmail cuts off what is behind about {CLIPPED:,}"
    return [Finding("msg-size-clip", severity, message)]


def _of_fault(message: str, location: Location, *, sampled: bool) -> Finding:
    return Finding("def-sample-invalid" if sampled else "def-invalid", "error", message, location)


def _of_locales(definition: Definition, sources: Sources) -> Iterator[Finding]:
    """Parts that have variants, but none for a locale that another part has."""
    parts: dict[str, set[str]] = {
        "the subject": set(definition.subject),
        "the preheader": set(definition.preheader),
    }
    for source in sources.of(definition):
        parts.setdefault(f"the {source.part}", set()).add(source.locale)
    everywhere = set().union(*parts.values()) - {""}
    for part, locales in parts.items():
        # A single template for all locales may be meant so, with words of its own for each.
        missing = sorted(everywhere - locales) if locales - {""} else []
        if missing and "" not in locales:
            message = f"{part} is not given in {', '.join(missing)}, and other parts are"
            yield Finding("def-missing-locale", "warning", message, definition.location)


def _ordered(found: list[Finding], locales: tuple[str, ...]) -> Standing:
    order = {"error": 0, "warning": 1}
    return Standing(tuple(sorted(found, key=lambda each: order.get(each.severity, 2))), locales)


def _same(one: Finding, other: Finding) -> bool:
    return one.rule == other.rule and (
        one.location == other.location if one.location is not None else one.message == other.message
    )
