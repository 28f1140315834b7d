"""All questions in their order: configuration, transport and its members, feedback, web addresses, the senders' DNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.doctor.carriers import Answer, examine
from notify.doctor.domains import examine_domain
from notify.doctor.feedback import examine_feedback
from notify.doctor.findings import Finding
from notify.doctor.verdict import Verdict, outcome_of, verdict
from notify.doctor.web import examine_web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.doctor.names import Resolver
    from notify.doctor.project import Project


class Examination:
    """Asks one question after another; nothing is sent.

    Args:
        project: the project, not read yet.
        resolver: who is asked about the DNS of the senders' domains; None asks nobody.
        web: whether the project's own web addresses are called.

    Attributes:
        verdict: the answer, once all was asked.
    """

    def __init__(self, project: Project, resolver: Resolver | None = None, *, web: bool = False) -> None:
        self._project = project
        self._resolver = resolver
        self._web = web
        self._answer = Answer("cannot")
        self.verdict = Verdict("cannot", "Nothing was asked yet.")

    def run(self) -> Iterator[Finding]:
        """What is found, as it is found."""
        found = []
        for finding in self._examined():
            found.append(finding)
            yield finding
        faults = [finding for finding in found if finding.failed and finding.transport is None]
        answer = Answer(outcome_of(faults), faults) if faults else self._answer
        statuses = [finding.diagnosis.status for finding in found]
        transport = self._project.transport
        self.verdict = verdict(
            answer.outcome,
            answer.failed,
            transport.name if transport else "",
            delivers=transport is None or transport.capabilities.delivers,
            failures=statuses.count("failed"),
            warnings=statuses.count("warning"),
        )

    def _examined(self) -> Iterator[Finding]:
        for diagnosis in self._project.read():
            yield Finding("Configuration", None, diagnosis)
        transport = self._project.transport
        if transport is not None:
            with transport:
                self._answer = yield from examine(transport, self._project.senders)
        for diagnosis in examine_feedback(self._project):
            yield Finding("Feedback and consent", None, diagnosis)
        for diagnosis in examine_web(self._project) if self._web else ():
            yield Finding("Web addresses", None, diagnosis)
        if self._resolver is not None:
            for domain in self._project.senders.domains:
                for diagnosis in examine_domain(domain, self._answer.selectors, self._resolver, self._answer.signings):
                    yield Finding(f"DNS of {domain}", None, diagnosis)
