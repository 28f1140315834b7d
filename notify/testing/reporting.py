"""The coverage of templates by samples, at the end of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify.testing.instrumented import Record

_ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)
"""How a run ends that was neither interrupted nor wrong."""


def measured(path: Path, record: Record) -> list[str]:
    """Add what all samples of a project reach of its templates; what those that cannot be rendered say.

    Raises:
        NotifyError: the project cannot be read.
    """
    from notify.notifier import Notifier
    from notify.testing.cases import cases, name_of
    from notify.testing.instrumented import Instrumented

    notifier = Notifier.load(path)
    instrumented = Instrumented(notifier, record)
    failures = []
    for case in cases(notifier):
        try:
            instrumented.rendered(case)
        except NotifyError as error:
            failures.append(f"{name_of(case)}: {error}")
    return failures


class Reporter:
    """Measures when all tests are done, tells, and fails the run below the minimum.

    Args:
        paths: the notify.yaml of each project.
        minimum: how many percent of the arms must be reached.
    """

    def __init__(self, paths: Sequence[Path], minimum: float) -> None:
        self._paths = paths
        self._minimum = minimum
        self._lines: list[str] = []
        self._verdict = ""

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Measure, and fail the run if it has not failed already."""
        if session.config.option.collectonly or exitstatus not in _ENDED:
            return
        from notify.testing.instrumented import Record

        record = Record()
        try:
            failures = [failure for path in self._paths for failure in measured(path, record)]
        except NotifyError as error:
            self._verdict = f"FAIL the templates cannot be measured: {error}"
            failed = True
        else:
            self._lines = [*map(str, record.missed), *failures]
            reached, percentage = sum(record.arms.values()), record.percentage
            self._verdict = (
                f"{percentage:.2f} % of the templates' arms are reached by samples: {reached} of {len(record.arms)}"
            )
            failed = bool(failures) or percentage < self._minimum
            if percentage < self._minimum:
                self._verdict = f"FAIL {self._verdict}; {self._minimum:g} % are required"
        if failed and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        elif exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = pytest.ExitCode.OK

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell."""
        if self._verdict:
            terminalreporter.write_sep("-", "coverage of templates")
            for line in self._lines:
                terminalreporter.write_line(line)
            terminalreporter.write_line(self._verdict)
