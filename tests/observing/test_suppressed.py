"""What is not sent on purpose is seen too."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from prometheus_client import CollectorRegistry
from working import opened, work

from notify.suppression import Addition, Reason
from notify_prometheus.metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Notifier

PROJECT = """
sender: Acme <hello@acme.example>
outbox: sqlite:///outbox.db
feedback: {}
environments: {test: {transport: 'memory:'}}
default_environment: test
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that does not write to Ada."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "hello.yaml").write_text("subject: Hi\ntext: Hi\n", encoding="utf-8")
    (tmp_path / "notify.yaml").write_text(PROJECT, encoding="utf-8")
    with opened(tmp_path) as notifier:
        notifier.outbox.migrate()
        notifier.suppressions.add([Addition("ada@example.com", reason=Reason.HARD_BOUNCE, source="test")])
    return tmp_path


@pytest.mark.parametrize("how", ["direct", "outbox"])
def test_who_is_not_written_to_is_counted_and_logged(how: str, project: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Alone, and beside somebody who is: the receipt that observers get has both."""
    registry = CollectorRegistry()
    with opened(project) as notifier, caplog.at_level(logging.INFO, "notify.delivery"):
        watch(notifier, registry)
        for to in (["ada@example.com"], ["ada@example.com", "bob@example.com"]):
            if how == "direct":
                notifier.send("hello", to=to)
            else:
                notifier.enqueue("hello", to=to)
        if how == "outbox":
            work(notifier)
    records = [record for record in caplog.records if record.name == "notify.delivery"]

    assert {("suppressed", "INFO", 1), ("partly", "INFO", 2)} == {
        (vars(record)["notify"]["outcome"], record.levelname, vars(record)["notify"]["recipients"])
        for record in records
    }
    assert {
        ("", "suppressed"): 1.0,
        ("memory", "suppressed"): 1.0,
        ("memory", "accepted"): 1.0,
    } == {
        (sample.labels["transport"], sample.labels["outcome"]): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "notify_recipients_total"
    }


def watch(notifier: Notifier, registry: CollectorRegistry) -> None:
    """Have its messages counted there."""
    notifier.plugins._register(Metrics(registry), "metrics")
