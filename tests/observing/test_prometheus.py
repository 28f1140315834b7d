"""The plugin that counts for Prometheus."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from observed import ERRORS, mail, notifier
from prometheus_client import CollectorRegistry, generate_latest

from notify import NotifyError, SuppressedError
from notify.feedback import Event, Kind
from notify.plugins import Plugins
from notify_prometheus.metrics import Metrics

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def registry() -> CollectorRegistry:
    """One of the test's own."""
    return CollectorRegistry()


def count(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    """The value of one series; None if there is none."""
    return registry.get_sample_value(name, labels)


@pytest.mark.parametrize("word", ["accepted", *ERRORS])
def test_a_message_and_its_recipients_are_counted(word: str, registry: CollectorRegistry) -> None:
    """By what became of them; the time is measured whatever it was."""
    one = notifier(Metrics(registry))
    for message in (mail(word), mail(word, "bob@example.com")):
        try:
            one.deliver(message)
        except NotifyError:
            assert word != "accepted"
    labels = {"notification": "hello", "transport": "relay", "outcome": word}

    assert (2, 3) == (
        count(registry, "notify_messages_total", **labels),
        count(registry, "notify_recipients_total", **labels),
    )
    assert 2 == count(registry, "notify_delivery_seconds_count", transport="relay")
    assert 0.004 <= (count(registry, "notify_delivery_seconds_sum", transport="relay") or 0) < 1


def test_each_recipient_has_an_outcome_of_its_own(registry: CollectorRegistry) -> None:
    """Where a server took a message for some of them."""
    notifier(Metrics(registry)).deliver(mail("partly", "bob@example.com", "cleo@example.com"))
    shared = {"notification": "hello", "transport": "relay"}

    assert 1 == count(registry, "notify_messages_total", outcome="partly", **shared)
    assert 1 == count(registry, "notify_recipients_total", outcome="accepted", **shared)
    assert 2 == count(registry, "notify_recipients_total", outcome="refused", **shared)


def test_what_is_suppressed_is_counted(registry: CollectorRegistry) -> None:
    """No transport had it, so there is no time."""
    Plugins(disabled=["prometheus", "opentelemetry"], others=[Metrics(registry)]).failed(
        mail(notification=None), SuppressedError("Ada is not written to")
    )
    labels = {"notification": "", "transport": "", "outcome": "suppressed"}

    assert (1, 1) == (
        count(registry, "notify_messages_total", **labels),
        count(registry, "notify_recipients_total", **labels),
    )
    assert None is count(registry, "notify_delivery_seconds_count", transport="")


def test_events_are_counted_by_kind(registry: CollectorRegistry) -> None:
    """And by who told of them."""
    plugins = Plugins(disabled=["prometheus", "opentelemetry"], others=[Metrics(registry)])
    for kind in (Kind.DELIVERED, Kind.DELIVERED, Kind.COMPLAINED):
        plugins.event(Event(kind=kind, event_id="1", at=datetime(2026, 11, 27, tzinfo=UTC), provider="pigeon"))

    assert 2 == count(registry, "notify_events_total", provider="pigeon", kind="delivered")
    assert 1 == count(registry, "notify_events_total", provider="pigeon", kind="complained")


def test_labels_do_not_grow_with_what_is_sent(registry: CollectorRegistry) -> None:
    """Other people, subjects and ids of messages make no further series, and no address is among them."""
    one = notifier(Metrics(registry))
    one.deliver(mail())
    before = generate_latest(registry).count(b"\n")
    list(one.deliver_many([mail(f"Hi {each}", to=[f"a{each}@example.com"]) for each in range(50)]))
    text = generate_latest(registry)

    assert (before, False) == (text.count(b"\n"), b"@" in text)


def test_many_threads_count_all(registry: CollectorRegistry) -> None:
    """Nothing is lost between them."""
    list(notifier(Metrics(registry)).deliver_many([mail() for _ in range(200)]))

    assert 200 == count(registry, "notify_messages_total", notification="hello", transport="relay", outcome="accepted")


SENDING = """
import sys
{before}
from notify import Catalog, Message, Notifier
notifier = Notifier(catalog=Catalog(), transport="null")
message = Message(sender="a@example.com", to="b@example.com", subject="Hi", text="Hi", notification="hello")
for _ in range(3):
    notifier.deliver(message)
list(notifier.deliver_many([message] * 2))
{after}
"""


def run(before: str, after: str, **environment: str) -> str:
    """What a program says that has sent five messages through the installed plugins."""
    program = SENDING.format(before=before, after=after)
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert "" == done.stderr
    return done.stdout.strip()


SHOWN = (
    "from prometheus_client import REGISTRY\n"
    "labels = {'notification': 'hello', 'transport': 'null', 'outcome': 'accepted'}\n"
    "print(REGISTRY.get_sample_value('notify_messages_total', labels))"
)


@pytest.mark.parametrize(
    ("before", "environment", "shown"),
    [
        ("import prometheus_client", {}, "5.0"),
        ("", {}, "None"),
        ("import prometheus_client", {"NOTIFY_DISABLE_PLUGINS": "prometheus"}, "None"),
    ],
    ids=["used by the application", "used by nobody", "left out"],
)
def test_the_installed_plugin_counts_in_the_default_registry(
    before: str, environment: dict[str, str], shown: str
) -> None:
    """As soon as the application uses the library, unless it is left out."""
    assert shown == run(before, SHOWN, **environment)


def test_two_notifiers_count_in_the_same_series() -> None:
    """The registry takes each name only once."""
    again = "Notifier(catalog=Catalog(), transport='null').deliver(message)\n"

    assert "6.0" == run("import prometheus_client", again + SHOWN)


def test_several_processes_are_counted_together(tmp_path: Path) -> None:
    """In the multiprocess mode of the library, also those that import it for nothing else."""
    together = (
        "from prometheus_client import CollectorRegistry\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "registry = CollectorRegistry()\nMultiProcessCollector(registry)\n"
        "print(registry.get_sample_value('notify_messages_total', "
        "{'notification': 'hello', 'transport': 'null', 'outcome': 'accepted'}))"
    )
    run("", "", PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    forked = (
        "import os\nif (child := os.fork()) == 0:\n    notifier.deliver(message)\n    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )

    assert "11.0" == run("", forked + together, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
