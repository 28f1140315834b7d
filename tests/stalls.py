"""Runs a test once more during which the machine stood still, and only then: its time-outs say nothing.

Virtual machines are stopped, copied and moved, and shared disks are slow to flush; clocks go on meanwhile. A test that
failed in such a moment is torn down and run again, and the summary names it.
"""

from __future__ import annotations

import tempfile
import threading
from os import fsync, pwrite  # tests replace those of the modules
from time import monotonic, sleep

import pytest
from _pytest.runner import runtestprotocol

STALL = 8.0
"""Seconds for which neither this process nor the disk did anything."""
_TICK = 0.5
_PROPERTY = "stood still"


class Watch:
    """Notes when the machine stands still."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._since = monotonic()
        threading.Thread(target=self._run, name="stalls", daemon=True).start()

    def begin(self) -> None:
        """Forget what was before."""
        self.longest = 0.0

    def stood_still(self) -> float:
        """The seconds of the longest stall since then; 0.0 if there was none."""
        longest = max(self.longest, monotonic() - self._since)
        return longest if longest >= STALL else 0.0

    def _run(self) -> None:
        with tempfile.TemporaryFile() as file:
            while True:
                sleep(_TICK)
                pwrite(file.fileno(), b"!", 0)
                fsync(file.fileno())
                present = monotonic()
                self.longest = max(self.longest, present - self._since)
                self._since = present


class Stalls:
    """The plugin: it watches, and reports."""

    def __init__(self) -> None:
        self.watch = Watch()
        self._told: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Run a test, and once more if the machine is to blame."""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        self.watch.begin()
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        if any(each.failed for each in reports) and (seconds := self.watch.stood_still()):
            reports = runtestprotocol(item, nextitem=nextitem, log=False)
            reports[-1].user_properties.append((_PROPERTY, seconds))
        for each in reports:
            item.ihook.pytest_runtest_logreport(report=each)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what was run again, in whichever process."""
        for name, seconds in report.user_properties:
            if name == _PROPERTY:
                self._told[report.nodeid] = float(str(seconds))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what was run again."""
        for name, seconds in self._told.items():
            terminalreporter.write_line(f"RUN AGAIN {name} - the machine stood still for {seconds:.0f} s")
