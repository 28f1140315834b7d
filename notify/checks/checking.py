"""A whole check: the definitions, every notification, the project; what is ignored, and what was ignored in vain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.catalog import Catalog
from notify.checks.cache import Cache, code_digest, digest
from notify.checks.catalogue import all_rules
from notify.checks.finding import SEVERITIES, Finding
from notify.checks.inline import Comments
from notify.checks.jobs import examined
from notify.checks.overall import overall
from notify.errors import UnknownNotificationError
from notify.suggest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from notify.catalog.files import Reading
    from notify.checks.rule import AnyRule
    from notify.definition import Definition
    from notify.definition.ignoring import Ignored
    from notify.errors import Fault
    from notify.notifier import Notifier


@dataclass(frozen=True, slots=True)
class Report:
    """What a check has found.

    Attributes:
        findings: by place.
        notifications: how many were looked at.
        rules: the rules by id.
    """

    findings: tuple[Finding, ...]
    notifications: int
    rules: Mapping[str, AnyRule]

    def at_least(self, severity: str) -> list[Finding]:
        """Those that are as grave as this, or graver."""
        limit = list(map(str, SEVERITIES)).index(severity)
        return [each for each in self.findings if SEVERITIES.index(each.severity) <= limit]


def check(
    notifier: Notifier,
    *,
    names: Sequence[str] = (),
    only: set[str] | None = None,
    jobs: int = 1,
    cached: bool = True,
) -> Report:
    """Check a project.

    Args:
        notifier: without definitions: they are read here, with their faults.
        names: the ids of the notifications to look at; by default all, and the project as a whole.
        only: paths relative to notify.yaml's folder; then only notifications that depend on one of them are looked at.
        jobs: how many processes may work.
        cached: whether what was found before is taken where nothing has changed, and kept.

    Raises:
        ConfigError: notify.yaml or a folder that it names cannot be read.
        UnknownNotificationError: there is no notification of a name.
    """
    configuration = notifier.configuration
    reading = configuration.catalog_files().read()
    if unknown := [name for name in names if name not in reading.files]:
        raise UnknownNotificationError(unknown[0], nearest(unknown[0], reading.files))
    wanted = {name: file for name, file in reading.files.items() if not names or name in names}
    definitions = [file.definition for file in wanted.values() if file.definition is not None]
    notifier = notifier.rendering_few().with_catalog(Catalog(definitions))
    rules = all_rules(notifier.plugins)
    cache = _cache(notifier) if cached else None
    found = list(_of_faults(reading, None if names else reading.other_faults, wanted))
    looked_at: set[str] = set()
    seen, results = 0, examined(notifier, definitions, rules, jobs=jobs, cache=cache)
    for files, findings in results:
        if only is None or not only.isdisjoint(files):
            seen += 1
            found += findings
            looked_at.update(files)
    if not names and only is None:
        found += overall(notifier, definitions, rules, cache)
    if cache is not None:
        cache.save(reading.files)
    kept = _Ignoring(notifier, definitions, looked_at, whole=not names and only is None).applied_to(found)
    # What is wrong with a template is told of the first notification that it is part of.
    distinct = {(each.location, each.rule, each.message): each for each in reversed(kept)}
    return Report(
        tuple(distinct[key] for key in sorted(distinct)),
        len(wanted) if only is None else seen,
        {each.id: each for each in rules},
    )


def _cache(notifier: Notifier) -> Cache:
    configuration = notifier.configuration
    own = digest(configuration.path) if configuration.path else ""
    key = f"{code_digest(configuration.plugins)} {own} {notifier.environment}"
    return Cache(configuration.base / ".notify" / "checks.json", configuration.base, key)


def _of_faults(reading: Reading, others: Iterable[Fault] | None, wanted: Mapping[str, object]) -> Iterator[Finding]:
    for name in wanted:
        file = reading.files[name]
        for fault in file.faults:
            yield Finding(fault.location, "def-invalid", "error", fault.message, fault.hint, name)
        for fault in file.sample_faults:
            yield Finding(fault.location, "def-sample-invalid", "error", fault.message, fault.hint, name)
    for fault in others or ():
        yield Finding(fault.location, "def-invalid", "error", fault.message, fault.hint)


class _Ignoring:
    """Leaves out what is ignored, and finds what was ignored in vain."""

    def __init__(
        self, notifier: Notifier, definitions: Sequence[Definition], paths: Iterable[str], *, whole: bool
    ) -> None:
        self._general = notifier.configuration.check.ignore
        self._own = {each.id: each.ignored for each in definitions}
        self._comments = Comments(notifier.configuration.base)
        self._whole = whole
        self._paths = {*paths, *(each.location.path for each in definitions)}

    def applied_to(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that are left, and one for each ignore that ignored nothing."""
        used: set[Ignored] = set()
        left = []
        for finding in findings:
            self._paths.add(finding.location.path)
            covering = list(self._covering(finding))
            used.update(covering)
            if not covering:
                left.append(finding)
        return [*left, *map(_vain, sorted(self._all() - used, key=lambda each: each.location))]

    def _covering(self, finding: Finding) -> Iterator[Ignored]:
        for each in (*self._general, *self._own.get(finding.notification or "", ())):
            if each.covers(finding.rule):
                yield each
        comment = self._comments.covering(finding.location, finding.rule)
        if comment is not None:
            yield comment

    def _all(self) -> set[Ignored]:
        """Every ignore that would have been used if it were of use."""
        general = self._general if self._whole else ()
        own = (each for some in self._own.values() for each in some)
        return {*general, *own, *(each for path in self._paths for each in self._comments.of(path))}


def _vain(ignored: Ignored) -> Finding:
    return Finding(
        ignored.location,
        "check-unused-ignore",
        "warning",
        f"{ignored.rule} is ignored here, and nothing is found",
        "remove it",
    )
