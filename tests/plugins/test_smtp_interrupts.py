"""Signals in the middle of a mail: a timer, Ctrl-C, a task's time limit. The mails after it are none the wiser."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import Feed
from servers.scripted import a_message

from notify import DeliveryError, Receipt
from notify.errors import RefusedError, TemporaryError, UnknownOutcomeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from servers.scripted import Connect, Serve

    from notify.testing import ScriptedServer

LARGE = ("x" * 70 + "\n") * 100_000


class StopError(Exception):
    """What the signal raises, as Celery's SoftTimeLimitExceeded is raised."""


@pytest.fixture
def interrupt() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Raises StopError in the main thread, a moment after a condition holds."""
    threads = []
    old = signal.signal(signal.SIGUSR1, _stop)

    def when(condition: Callable[[], object]) -> None:
        thread = threading.Thread(target=_watch, args=(condition, threading.get_ident()))
        thread.start()
        threads.append(thread)

    yield when
    for thread in threads:
        thread.join()
    signal.signal(signal.SIGUSR1, old)


def _stop(*_: object) -> None:
    raise StopError


def _watch(condition: Callable[[], object], target: int) -> None:
    while not condition():
        time.sleep(0.01)
    time.sleep(0.2)
    signal.pthread_kill(target, signal.SIGUSR1)


def said(server: ScriptedServer, verb: str) -> int:
    """How often a command came."""
    return sum(line.startswith(verb) for _, line in server.commands)


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "body", "eod"])
@pytest.mark.parametrize("pipelining", [True, False])
def test_an_interrupted_mail_takes_its_connection_with_it(
    serve: Serve,
    connect: Connect,
    interrupt: Callable[[Callable[[], object]], None],
    phase: str,
    pipelining: bool,  # noqa: FBT001
) -> None:
    """Answers that nobody waited for are never taken for those of the next mail, and an open text gets no command."""
    slow: dict[str, Any] = {"nth": 2} if phase != "body" else {"times": 1}
    late = [{"sleep": 2.0}, {"default": True}] if phase != "body" else [{"noread": 30}]
    server = serve(
        pipelining=pipelining,
        rules=[
            {"at": phase, "do": late, **slow},
            {"at": "rcpt", "match": "gone@", "do": [{"reply": "550 5.1.1 gone"}]},
        ],
    )
    transport = connect(server, timeout=20.0)
    reached = {"mail": "MAIL", "rcpt": "RCPT"}.get(phase, "DATA")
    if phase != "body":
        transport.send(a_message("first@example.org"))
    before = said(server, reached)

    interrupt(lambda: said(server, reached) > before)
    with pytest.raises(StopError):
        transport.send(a_message("second@example.org", text=LARGE if phase == "body" else "Hello.\n"))
    with pytest.raises(RefusedError):
        transport.send(a_message("gone@example.org"))
    transport.send(a_message("last@example.org"))

    assert server.connections == 2
    assert ("last@example.org",) == server.messages[-1].recipients
    assert not any(line == "RSET" for session, line in server.commands if session == 1)
    if phase in {"mail", "rcpt", "data"}:  # nothing but whole mails was written where a text belongs
        assert server.data_bytes == sum(len(message.wire) + len(b".\r\n") for message in server.messages)


@pytest.mark.parametrize("ready", [True, False])
@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "body", "eod"])
def test_an_interrupted_stream_leaves_nothing_untold(
    serve: Serve,
    connect: Connect,
    interrupt: Callable[[Callable[[], object]], None],
    phase: str,
    ready: bool,  # noqa: FBT001
) -> None:
    """Each message that was taken is settled; only the one whose dot went out is unknown, and it may be there."""
    late = [{"noread": 30}] if phase == "body" else [{"sleep": 2.0}, {"default": True}]
    server = serve(rules=[{"at": phase, "nth": 3, "do": late}])
    transport = connect(server, timeout=20.0)
    given = [a_message(f"r{n}@example.org", text=LARGE if n == 3 and phase == "body" else "x\n") for n in range(1, 6)]
    feed, outcomes = Feed(given, ready=ready), list[Receipt | DeliveryError]()
    reached = {"mail": ("MAIL", 3), "rcpt": ("RCPT", 3), "eod": ("DATA", 3)}.get(phase, ("DATA", 3))

    interrupt(lambda: said(server, reached[0]) >= reached[1])
    with pytest.raises(StopError):
        transport.stream(feed, outcomes.append)
    receipt = transport.send(a_message("last@example.org"))

    third = UnknownOutcomeError if phase == "eod" else TemporaryError
    assert feed.taken == len(outcomes)
    assert [Receipt, Receipt, third] == [type(outcome) for outcome in outcomes[:3]]
    assert all(type(outcome) is TemporaryError for outcome in outcomes[3:])
    assert ("last@example.org",) == receipt.accepted
    assert ["r1", "r2", "last"] == [message.recipients[0].partition("@")[0] for message in server.messages]


@pytest.mark.parametrize("phase", ["rset", "quit"])
def test_an_interrupted_connection_leaves_its_place(
    serve: Serve, connect: Connect, interrupt: Callable[[Callable[[], object]], None], phase: str
) -> None:
    """The one connection that there may be can be made again, wherever the signal struck."""
    server = serve(
        rules=[
            {"at": "rcpt", "match": "gone@", "do": [{"reply": "550 5.1.1 gone"}]},
            {"at": phase, "times": 1, "do": [{"hang": 30}]},
        ]
    )
    transport = connect(server, pool=1, deadline=5.0, messages_per_connection=1 if phase == "quit" else 100)

    interrupt(lambda: said(server, phase.upper()))
    with pytest.raises(RefusedError):
        transport.send(a_message("gone@example.org"))
    with pytest.raises(StopError):
        transport.send(a_message("second@example.org"))
    transport.send(a_message("last@example.org"))

    assert ("last@example.org",) == server.messages[-1].recipients


def test_closing_says_goodbye_to_all_whatever_happens(
    serve: Serve, connect: Connect, interrupt: Callable[[Callable[[], object]], None]
) -> None:
    """A signal during one goodbye does not keep the other connections open."""
    server = serve(
        rules=[
            {"at": "eod", "do": [{"sleep": 0.3}, {"default": True}]},
            {"at": "quit", "times": 1, "do": [{"hang": 30}]},
        ]
    )
    transport = connect(server, pool=2)
    both = [threading.Thread(target=transport.send, args=(a_message(),)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    interrupt(lambda: said(server, "QUIT"))
    with pytest.raises(StopError):
        transport.close()

    assert said(server, "QUIT") == 2


def test_an_error_does_not_wait_for_a_goodbye(serve: Serve, connect: Connect) -> None:
    """A connection that is not kept after a failure is closed without a word."""
    server = serve(
        rules=[
            {"at": "rcpt", "do": [{"sleep": 0.3}, {"reply": "550 5.1.1 gone"}]},
            {"at": "quit", "do": [{"hang": 30}]},
        ]
    )
    transport = connect(server)
    closing = threading.Thread(target=lambda: _close(server, transport.close))
    closing.start()

    with pytest.raises(RefusedError):
        transport.send(a_message())

    closing.join()
    assert said(server, "QUIT") == 0


def _close(server: ScriptedServer, close: Callable[[], None]) -> None:
    while not said(server, "RCPT"):
        time.sleep(0.01)
    close()
