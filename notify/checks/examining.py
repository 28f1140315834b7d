"""What the rules find in one notification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.finding import Finding
from notify.checks.sampling import Sampler
from notify.checks.subjects import Declaring
from notify.checks.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.checks.rule import AnyRule
    from notify.checks.subjects import Declared
    from notify.configuration.checking import CheckSettings
    from notify.definition import Definition
    from notify.notifier import Notifier


class Examiner:
    """Applies rules to the notifications of a notifier.

    Args:
        notifier: renders the samples.
        settings: what the rules are told.
        rules: the rules.
    """

    def __init__(self, notifier: Notifier, settings: CheckSettings, rules: Sequence[AnyRule]) -> None:
        self._rules = rules
        self._sampler = Sampler(notifier, settings)
        self._declaring = Declaring(Whole.of(notifier))

    def examine(self, definition: Definition) -> tuple[list[Finding], tuple[str, ...]]:
        """All findings, and the names of the templates that were read, beside those that were rendered.

        What several samples show is told of the first.
        """
        declared = self._declaring.declared(definition)
        found: dict[tuple[object, ...], Finding] = {}
        places = {(each.location.path, each.location.line) for each in declared.found}
        broken = {each.location.path for each in declared.found if each.kind == "syntax"}
        for finding in self._all(definition, declared):
            # What the analysis has found fails when it is rendered as well.
            path, line = finding.location.path, finding.location.line
            is_known = (path, line) in places or path in broken
            if finding.rule != "tpl-render" or not is_known:
                found.setdefault((finding.rule, finding.location, finding.message), finding)
        return sorted(found.values(), key=lambda each: (each.location, each.rule, each.message)), declared.templates

    def _all(self, definition: Definition, declared: Declared) -> Iterator[Finding]:
        yield from applied(self._rules, definition, notification=definition.id)
        yield from applied(self._rules, declared, notification=definition.id)
        for mail in self._sampler.mails(definition):
            if isinstance(mail, Finding):
                yield mail
            else:
                yield from applied(
                    self._rules, mail, notification=definition.id, sample=mail.sample, locale=mail.locale
                )


def applied(rules: Sequence[AnyRule], subject: object, **about: str) -> Iterator[Finding]:
    """What those of the rules find in a subject that are about its kind."""
    for rule in rules:
        if isinstance(subject, rule.about):
            for problem in rule.check(subject):
                yield Finding(
                    problem.location,
                    rule.id,
                    problem.severity or rule.severity,
                    problem.message,
                    problem.hint,
                    about.get("notification"),
                    about.get("sample"),
                    about.get("locale"),
                )
