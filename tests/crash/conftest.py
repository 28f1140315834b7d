"""A campaign of the test's own, and the account of each in the summary."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from crash.account import account
from crash.campaign import Campaign
from crash.nursing import Nursery
from crash.scale import SEED
from outbox.conftest import postgres, room, url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crash.account import Account

__all__ = ["postgres", "room", "url"]
_log = logging.getLogger(__name__)
_PROPERTY = "crash account"


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where processes come from."""
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def campaign(nursery: Nursery, url: str, tmp_path: Path) -> Iterator[Campaign]:
    """A shop with its server, in SQLite and in PostgreSQL."""
    with Campaign(nursery, tmp_path, url, SEED) as campaign:
        yield campaign


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Has an account printed at the end of the run, and logged."""

    def tell(text: str) -> None:
        record_property(_PROPERTY, text)
        _log.info("%s", text)

    return tell


@pytest.fixture
def judged(campaign: Campaign, request: pytest.FixtureRequest, tell: Callable[[str], None]) -> Callable[[], Account]:
    """Makes the account of the campaign."""

    def judge() -> Account:
        title = f"{request.node.name}, seed {SEED}"
        found = account(title, campaign.url, campaign.journal, campaign.enqueued)
        tell(found.text())
        return found

    return judge


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the accounts."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    accounts = [text for report in reports for name, text in report.user_properties if name == _PROPERTY]
    if accounts:
        terminalreporter.section("accounts of the crash tests")
        for text in accounts:
            terminalreporter.write_line(str(text))
