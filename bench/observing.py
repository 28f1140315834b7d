"""What observing costs: the processor's time of delivering a message to the null transport, in one process.

The message is ready, and its transport builds its octets and forgets them, so that little else is measured. The limit
tells nobody anything; a whole `send` of `order_shipped` is among the rows, for the measure.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from bench.results import Row, Table
from bench.timing import ContenderError, interleave
from bench.workload import PROJECT, contexts
from notify import Notifier
from notify.configuration import Configuration
from notify.delivery.telling import Telling
from notify.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.options import Options

    Work = Callable[[], object]

NOBODY, USUAL, SEND, LOG = "nobody is told", "nobody listens", "a whole `send`", "the log, as text"
LEFT_OUT = ("prometheus", "opentelemetry")
MESSAGES = 3000


def run(options: Options, _: Path) -> list[Table]:
    """One table."""
    works, skipped = _works()
    number = 500 if options.quick else MESSAGES
    blocks, failed = interleave(
        dict.fromkeys(works, NOBODY), lambda name, _: _cpu(name, works[name], number) * 1e6, rounds=options.rounds(15)
    )
    least = sorted(blocks[NOBODY].values)[len(blocks[NOBODY].values) // 2]
    rows = []
    for name, each in blocks.items():
        more = {"more": [(ratio - 1) * least for ratio in each.ratios], "ratio": each.ratios} if each.ratios else {}
        rows.append(Row(name, {"cpu": each.values, **more}))
    columns = {"cpu": "CPU µs a message", "more": "µs more", "ratio": "times nobody"}
    return [Table("observing", "deliver to the null transport", columns, rows, {**skipped, **failed})]


def _cpu(name: str, work: Work, number: int) -> float:
    with _logging() if name == LOG else nullcontext():
        begin = time.process_time()
        for _ in range(number):
            work()
        return (time.process_time() - begin) / number


def _works() -> tuple[dict[str, Work], dict[str, str]]:
    usual = _notifier()
    people = contexts("order_shipped")[0]

    def send() -> None:
        usual.send("order_shipped", to=people.to, params=people.params)

    works: dict[str, Work] = {NOBODY: _deliver(_silent()), USUAL: _deliver(usual), SEND: send}
    works[LOG] = _deliver(usual)
    skipped = {}
    for name, made in {"Prometheus": _prometheus, "OpenTelemetry, no SDK": _api, "OpenTelemetry": _sdk}.items():
        try:
            works[name] = _deliver(_notifier(made()))
        except (ImportError, ContenderError) as error:
            skipped[name] = f"not installed: {error}"
    return works, skipped


def _notifier(*observers: object) -> Notifier:
    plugins = Plugins(disabled=LEFT_OUT, others=observers)
    configuration = Configuration.load(PROJECT)
    return Notifier(configuration=configuration, environment="bench", transport="null:", plugins=plugins)


def _silent() -> Notifier:
    class Silent(Telling):
        def tell(self, *_: object) -> None:
            """Nobody."""

    notifier = _notifier()
    notifier._delivery._telling = Silent(notifier.plugins, lambda: None)  # type: ignore[arg-type,return-value]
    return notifier


def _deliver(notifier: Notifier) -> Work:
    people = contexts("password_reset")[0]
    message = notifier.render("password_reset", to=people.to, params=people.params)
    return lambda: notifier.deliver(message)


@contextmanager
def _logging() -> Iterator[None]:
    """With a handler that makes the text of each record and forgets it."""

    class Forgetting(logging.StreamHandler):  # type: ignore[type-arg]
        def emit(self, record: logging.LogRecord) -> None:
            self.format(record)

    logger, handler = logging.getLogger("notify.delivery"), Forgetting()
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


def _prometheus() -> object:
    from prometheus_client import CollectorRegistry

    from notify_prometheus.metrics import Metrics

    return Metrics(CollectorRegistry())


def _api() -> object:
    from notify_opentelemetry.telemetry import Telemetry

    return Telemetry()


def _sdk() -> object:
    """With spans that are sampled and exported to nowhere, and metrics."""
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    from notify_opentelemetry.telemetry import Telemetry

    tracers = TracerProvider()
    tracers.add_span_processor(SpanProcessor())
    return Telemetry(tracers, MeterProvider([InMemoryMetricReader()]))
