"""What holds for all tests: the environment is clean at the beginning, and as it was at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same examples in every run, so that what was right stays right; `make fuzz` takes others each time.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None)
settings.load_profile("same")


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
