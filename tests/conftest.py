"""What holds for all tests: the environment is clean at the beginning, and as it was at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from stalls import Stalls

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same examples in every run, so that what was right stays right; `make fuzz` takes others each time.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("same")

# What takes longest, as the beginnings of paths.
LONG = (
    "tests/crash/test_crash_workers.py",
    "tests/crash/",
    "tests/outbox/test_celery",
    "tests/checks/test_seeded_faults.py",
    "tests/test_documentation.py",
    "tests/cli/test_send_bulk",
    "tests/codegen/test_codegen_module.py",
    "tests/browser/",
    "tests/testing/test_conformance_kit.py",
    "tests/testing/test_pytest_plugin.py",
    "tests/preview/test_differences.py",
    "tests/outbox/test_worker",
    "tests/outbox/test_sweep_command.py",
    "tests/outbox/test_enqueue",
    "tests/outbox/",
    "tests/preview/data/",
    "tests/cli/",
    "tests/plugins/test_failover_proof.py",
    "tests/plugins/test_smtp_matrix.py",
    "tests/plugins/test_conformance.py",
    "tests/test_send_many_interrupted.py",
    "tests/test_direct_examples.py",
    "tests/preview/",
)


def pytest_configure(config: pytest.Config) -> None:
    """Tests are not to blame for what the machine does."""
    config.pluginmanager.register(Stalls(), "stalls")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: where several processes share the tests, none has a long file left in the end."""
    items.sort(key=lambda item: next((place for place, long in enumerate(LONG) if item.nodeid.startswith(long)), 99))


@pytest.fixture(autouse=True)
def clean_environment() -> Iterator[None]:
    """No variable of ours is set, and what a command took from a `.env` does not outlive the test."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("NOTIFY_") or name in {"NO_COLOR", "SENDGRID_API_KEY"}:
            del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)
