"""Waiting for a socket, with and without `poll`."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest
from servers.feeds import stream
from servers.scripted import a_message

from notify import Receipt
from notify_smtp.waiting import PollWaiter, SelectWaiter, waiter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from servers.scripted import Connect, Serve


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of a connection."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0)
        yield ours, theirs


@pytest.mark.parametrize("kind", [PollWaiter, SelectWaiter])
def test_waits_for_something_to_read(
    pair: tuple[socket.socket, socket.socket], kind: type[PollWaiter | SelectWaiter]
) -> None:
    """It returns as soon as there is something, or when the time is up."""
    ours, theirs = pair
    wait = kind(ours)

    assert wait(0.01) is False
    assert wait(-1.0) is False
    later = threading.Timer(0.05, theirs.sendall, (b"x",))
    later.start()
    assert wait(5.0) is True
    assert wait(0.0) is True
    later.join()


@pytest.mark.parametrize("kind", [PollWaiter, SelectWaiter])
def test_waits_for_room_to_write(
    pair: tuple[socket.socket, socket.socket], kind: type[PollWaiter | SelectWaiter]
) -> None:
    """With `write` room is enough, and without `read` nothing else is."""
    ours, theirs = pair
    wait = kind(ours)

    assert wait(0.0, write=True) is True
    with contextlib.suppress(BlockingIOError):
        while True:
            ours.send(b"x" * 65536)
    assert wait(0.01, write=True) is False
    theirs.sendall(b"y")
    assert wait(0.0, write=True) is True
    assert wait(0.01, write=True, read=False) is False
    assert wait(0.0) is True


def test_a_closed_other_side_is_something_to_read(pair: tuple[socket.socket, socket.socket]) -> None:
    """The end is not waited for any longer."""
    ours, theirs = pair
    began = time.monotonic()
    theirs.close()

    assert PollWaiter(ours)(5.0)
    assert SelectWaiter(ours)(5.0)
    assert time.monotonic() - began < 4


class Clock:
    """Goes on by so many seconds each time that it is looked at."""

    def __init__(self) -> None:
        self.step = self.now = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def test_who_answers_at_once_is_looked_at_before_the_process_sleeps(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a tenth of a millisecond; if that was in vain, not before some more such answers."""
    ours, theirs = pair
    clock, wait = Clock(), PollWaiter(ours)
    monkeypatch.setattr(time, "perf_counter", clock)

    def answered(within: float) -> bool:
        """Whether an answer is found that comes a moment after the wait has begun, which takes so long by the clock."""
        clock.step = within
        later = threading.Timer(0.02, theirs.sendall, (b"x",))
        later.start()
        came = wait(5.0)
        later.join()
        ours.recv(1)
        return came

    assert answered(within=1.0)
    assert wait._swift == 0
    assert answered(within=0.0)
    assert wait._swift == 1
    assert answered(within=0.0)  # by looking, which this clock never ends
    assert wait._swift == 1
    assert answered(within=0.00006)  # by sleeping, after looking twice
    assert wait._swift == -3
    assert [answered(within=0.0) for _ in range(4)] == [True] * 4
    assert wait._swift == 1
    clock.step = 0.00006
    assert not wait(0.01)
    assert wait._swift == -3


def test_mail_goes_out_where_there_is_no_poll(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system without `poll` has `select`."""
    monkeypatch.delattr(select, "poll")
    server = serve()
    outcomes = stream(connect(server), [a_message(text="x" * 70 + "\n" * 400_000), a_message()])

    assert [Receipt, Receipt] == [type(outcome) for outcome in outcomes]
    with socket.socket() as sock:
        assert isinstance(waiter(sock), SelectWaiter)
