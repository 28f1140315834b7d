"""The plugin that makes spans and metrics of OpenTelemetry."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise
from typing import Any

import pytest
from observed import ERRORS, Obedient, mail, notifier
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from notify import Notifier, NotifyError, Secret, SuppressedError, TemporaryError, Transport
from notify.limits import Limited
from notify.plugins import Plugins
from notify.state import MemoryState
from notify.testing import ScriptedServer
from notify_null import Null
from notify_opentelemetry.telemetry import Telemetry
from notify_sendgrid.api import SendGridApiTransport
from notify_smtp import SmtpTransport


class Watched:
    """A notifier whose messages are told of to an exporter and a reader of its own."""

    def __init__(self) -> None:
        self.exporter, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracers = TracerProvider(shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.meters = MeterProvider([self.reader], shutdown_on_exit=False)
        self.plugin = Telemetry(self.tracers, self.meters)
        self.notifier: Notifier = notifier(self.plugin)

    @property
    def spans(self) -> list[ReadableSpan]:
        """Those that have ended."""
        return list(self.exporter.get_finished_spans())

    def points(self, name: str) -> list[Any]:
        """The data points of a metric."""
        data = self.reader.get_metrics_data()
        if data is None:
            return []
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]


@pytest.fixture
def watched() -> Watched:
    """See above."""
    return Watched()


def test_a_message_is_a_span(watched: Watched) -> None:
    """With the names of the conventions for messaging, and our own for what they have no name for."""
    message = mail()
    before = time.time_ns()
    watched.notifier.deliver(message)
    (span,) = watched.spans

    assert ("send relay", SpanKind.CLIENT, StatusCode.UNSET) == (span.name, span.kind, span.status.status_code)
    assert {
        "messaging.system": "email",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "relay",
        "messaging.message.id": message.message_id,
        "server.address": "mail.example.com",
        "server.port": 2525,
        "notify.notification": "hello",
        "notify.category": "transactional",
        "notify.outcome": "accepted",
        "notify.recipients": 1,
        "notify.attempt": 1,
    } == dict(span.attributes or {})
    assert span.start_time is not None
    assert span.end_time is not None
    assert before <= span.start_time + 1_000_000 <= span.end_time <= time.time_ns()
    assert Obedient.moment <= (span.end_time - span.start_time) / 1e9 < 1.0


@pytest.mark.parametrize(
    ("transport", "server"),
    [
        (SmtpTransport(host="mail.example.com"), ("mail.example.com", 587)),
        (SmtpTransport(preset="mailgun", username="acme", password=Secret("x" * 30)), ("smtp.mailgun.org", 587)),
        (SendGridApiTransport(api_key=Secret(f"SG.{'x' * 22}.{'x' * 43}")), ("api.sendgrid.com", 443)),
        (
            Limited(Obedient(), limits=["10/second"], over_limit="wait", longest_wait=1.0, state=MemoryState()),
            ("mail.example.com", 2525),
        ),
        (Null(), None),
    ],
    ids=["smtp", "a preset", "an API", "with limits", "without a server"],
)
def test_a_span_says_which_server(transport: Transport, server: tuple[str, int] | None, watched: Watched) -> None:
    """If the transport has one."""
    Plugins(disabled=["prometheus", "opentelemetry"], others=[watched.plugin]).failed(
        mail(), TemporaryError("later"), transport, 0.1
    )
    (span,) = watched.spans
    assert span.attributes is not None
    found = [span.attributes[name] for name in ("server.address", "server.port") if name in span.attributes]

    assert list(server or ()) == found


@pytest.mark.parametrize("word", ERRORS)
def test_a_failure_is_an_error(word: str, watched: Watched) -> None:
    """Of the type that was raised; its words are not told, for addresses may stand in them."""
    with pytest.raises(NotifyError):
        watched.notifier.deliver(mail(word))
    (span,) = watched.spans

    assert (StatusCode.ERROR, None) == (span.status.status_code, span.status.description)
    assert span.attributes is not None
    assert (ERRORS[word].__name__, word) == (span.attributes["error.type"], span.attributes["notify.outcome"])
    assert "Ada@example.com" not in span.to_json()


@pytest.mark.parametrize("word", ["partly", "suppressed"])
def test_what_is_as_it_should_be_is_no_error(word: str, watched: Watched) -> None:
    """What was taken for some people, and what was not sent on purpose."""
    if word == "partly":
        watched.notifier.deliver(mail("partly", "bob@example.com"))
    else:
        Plugins(disabled=["prometheus", "opentelemetry"], others=[watched.plugin]).failed(mail(), SuppressedError("no"))
    (span,) = watched.spans

    assert StatusCode.UNSET is span.status.status_code
    assert span.attributes is not None
    assert (word, False) == (span.attributes["notify.outcome"], "error.type" in span.attributes)


def test_what_no_transport_had_has_no_destination(watched: Watched) -> None:
    """It took no time, and was not sent."""
    with pytest.raises(NotifyError):
        watched.notifier.deliver(mail(), via="nowhere")
    (span,) = watched.spans

    assert ("send", span.end_time) == (span.name, span.start_time)
    assert [] == watched.points("messaging.client.sent.messages")


@pytest.mark.parametrize("how", ["one", "many"])
def test_a_span_is_a_child_of_the_callers(how: str, watched: Watched) -> None:
    """Also where the messages are sent in other threads."""
    with watched.tracers.get_tracer("test").start_as_current_span("request") as request:
        if how == "one":
            watched.notifier.deliver(mail())
        else:
            list(watched.notifier.deliver_many([mail() for _ in range(20)]))
    *spans, _ = watched.spans

    assert {request.get_span_context().span_id} == {span.parent.span_id for span in spans if span.parent}
    assert (1 if how == "one" else 20) == len(spans)


def test_the_metrics_of_a_messaging_client(watched: Watched) -> None:
    """Durations in seconds within the bounds of the conventions, and a count of what was handed to a transport."""
    for word in ("accepted", "accepted", "refused"):
        try:
            watched.notifier.deliver(mail(word))
        except NotifyError:
            assert "refused" == word
    durations = watched.points("messaging.client.operation.duration")
    sent = watched.points("messaging.client.sent.messages")
    shared = {
        "messaging.system": "email",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "relay",
        "server.address": "mail.example.com",
        "server.port": 2525,
        "notify.notification": "hello",
    }

    assert [(2, shared), (1, {**shared, "error.type": "RefusedError"})] == [
        (point.value, dict(point.attributes)) for point in sent
    ]
    assert [2, 1] == [point.count for point in durations]
    assert (0.005, 10) == (durations[0].explicit_bounds[0], durations[0].explicit_bounds[-1])
    assert 0.004 <= durations[0].sum < 1.0


def test_what_is_pipelined_overlaps(watched: Watched) -> None:
    """Each span is as long as its message was on its way, however many were on their way together."""
    with ScriptedServer({"rules": [{"at": "eod", "do": [{"sleep": 0.02}, {"reply": "250 2.0.0 taken"}]}]}) as server:
        transport = SmtpTransport(name="smtp", host="127.0.0.1", port=server.port, tls="none", pool=1)
        watched.notifier.transports.put(transport)
        receipts = list(watched.notifier.deliver_many([mail() for _ in range(10)], via="smtp"))
        transport.close()
    times = [(span.start_time or 0, span.end_time or 0) for span in watched.spans]

    assert ({"smtp"}, 10) == ({receipt.transport for receipt in receipts}, len(times))
    assert all(0.02 <= (end - start) / 1e9 < 5.0 for start, end in times)
    assert any(start < end for (_, end), (start, _) in pairwise(times))


def test_the_plugin_wraps_no_delivery(watched: Watched) -> None:
    """A wrapper would end the pipelining of messages."""
    assert not Plugins(disabled=["opentelemetry"], others=[watched.plugin]).hook_delivery


PROGRAM = """
{before}
from notify import Catalog, Message, Notifier
notifier = Notifier(catalog=Catalog(), transport="null")
message = Message(sender="a@example.com", to="b@example.com", subject="Hi", text="Hi", notification="hello")
notifier.deliver(message)
list(notifier.deliver_many([message] * 2))
{after}
"""
SETTING_UP = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
"""


@pytest.mark.parametrize(
    ("before", "after", "environment", "shown"),
    [
        (
            SETTING_UP,
            "print([span.name for span in exporter.get_finished_spans()])",
            {},
            "['send null', 'send null', 'send null']",
        ),
        (SETTING_UP, "print(exporter.get_finished_spans())", {"NOTIFY_DISABLE_PLUGINS": "opentelemetry"}, "()"),
        ("import sys", "print('opentelemetry.trace' in sys.modules)", {}, "False"),
        ("import opentelemetry.trace", "print('fine')", {}, "fine"),
    ],
    ids=["set up", "left out", "used by nobody", "without an SDK"],
)
def test_the_installed_plugin_tells_the_global_provider(
    before: str, after: str, environment: dict[str, str], shown: str
) -> None:
    """If there is one; nothing is imported for nobody."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(before=before, after=after)],
        check=True, capture_output=True, text=True, env={**os.environ, **environment},
    )  # fmt: skip

    assert (shown, "") == (done.stdout.strip(), done.stderr)
