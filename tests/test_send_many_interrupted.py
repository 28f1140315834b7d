"""Ctrl-C, a fork, and the end of the interpreter while many messages are sent: real processes, a real server."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE

from notify import Address, Catalog, Interrupted, Message, Notifier, Receipt, Transport, UnknownOutcomeError
from notify.testing import Certificates, ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Serve = Callable[..., ScriptedServer]

PROGRAM = """
import json, os, sys, time
from notify import Address, Catalog, Interrupted, Message, Notifier

notifier = Notifier(catalog=Catalog(()), transport=sys.argv[1], sender="a@b.example")

def wait():  # in slices: a signal just before a sleep is seen when that sleep ends
    for _ in range(6000):
        time.sleep(0.01)

def messages():
    for number in range(2000):
        if number == slow_row:
            print("ready", flush=True)
            wait()
        yield Message(
            sender=Address("a@b.example"), to=(Address(f"w{number}@example.com"),), subject="x", text="x",
            message_id=f"<{number}@b.example>",
        )

def known(receipts):
    return [[each.message_id, [type(error).__name__ for error in each.rejected.values()]] for each in receipts]

def report(given, rest, rows):
    print(json.dumps({"given": known(given), "rest": known(rest), "rows": rows}), flush=True)

slow_row = None
given = []
"""
LOOPING = """
receipts = notifier.deliver_many(messages())
try:
    for receipt in receipts:
        given.append(receipt)
        if len(given) == 4:
            print("ready", flush=True)
except KeyboardInterrupt as interrupt:
    if isinstance(interrupt, Interrupted):
        assert (interrupt.receipts, interrupt.rows) == (receipts.close(), receipts.rows)
    try:  # or it came between two receipts
        rest = receipts.close()
    except Interrupted as again:
        rest = again.receipts
    assert next(receipts, None) is None
    report(given, rest, receipts.rows)
"""
CONSUMING = """
receipts = notifier.deliver_many(messages())
try:
    for receipt in receipts:
        given.append(receipt)
        if len(given) == 4:
            print("ready", flush=True)
            wait()
except KeyboardInterrupt:
    try:
        rest = receipts.close()
    except Interrupted as again:
        rest = again.receipts
    report(given, rest, receipts.rows)
"""
CLOSING = """
receipts = notifier.deliver_many(messages())
for _ in range(4):
    given.append(next(receipts))
time.sleep(0.5)
print("ready", flush=True)
try:
    receipts.close()
except Interrupted as interrupt:
    report(given, interrupt.receipts, interrupt.rows)
"""
LEAVING = """
receipts = notifier.deliver_many(messages())
print(json.dumps({"given": known([next(receipts)])}))
"""
FORKING = """
receipts = notifier.deliver_many(messages())
given.append(next(receipts))
child = os.fork()
if child == 0:
    try:
        next(receipts)
    except RuntimeError as error:
        assert "another process" in str(error)
        assert receipts.close() == ()
        notifier.send  # the rest of the child is its own
        sys.exit(7)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
given.append(next(receipts))
report(given, receipts.close(), receipts.rows)
sys.exit(status)
"""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Makes a server that answers the final dot as it is told."""
    running = []

    def make(**rule: Any) -> ScriptedServer:
        server = ScriptedServer({"rules": [{"at": "eod", **rule}]}, Certificates(tmp_path))
        running.append(server)
        return server.__enter__()

    yield make
    for server in running:
        server.__exit__()


def start(program: str, server: ScriptedServer, folder: Path, *, pool: int = 2) -> subprocess.Popen[str]:
    """Run a program whose transport is the server."""
    login = "apikey:SG.test-key@127.0.0.1"
    dsn = f"smtp://{login}:{server.port}?ca_file={folder / 'ca.pem'}&timeout=30&pool={pool}"
    return subprocess.Popen([sys.executable, "-c", PROGRAM + program, dsn], stdout=subprocess.PIPE, text=True)


def interrupted(program: str, server: ScriptedServer, folder: Path, *pauses: float, pool: int = 2) -> dict[str, Any]:
    """What a program reports that gets Ctrl-C so many seconds after it said that it is ready, and after each other."""
    with start(program, server, folder, pool=pool) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for pause in pauses:
            time.sleep(pause)
            process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=PATIENCE)
    report: dict[str, Any] = json.loads(output)
    return report


def took(server: ScriptedServer) -> set[str]:
    """The Message-IDs of what the server took."""
    return {
        line.split(": ", 1)[1]
        for each in server.messages
        for line in each.data.decode().splitlines()
        if line.lower().startswith("message-id: ")
    }


def accepted(receipts: list[Any]) -> set[str]:
    """The Message-IDs of receipts without errors."""
    return {name for name, errors in receipts if not errors}


WITHIN_THE_ROWS = LOOPING.replace("\n", "\nslow_row = 20\n", 1)


@pytest.mark.parametrize("program", [LOOPING, CONSUMING, WITHIN_THE_ROWS])
@pytest.mark.parametrize("pause", [0.0, 0.03, 0.31])
def test_ctrl_c_gives_an_exact_account(serve: Serve, tmp_path: Path, program: str, pause: float) -> None:
    """Whether it comes in the iterator, in its consumer, or in the rows: what was begun is finished, no more is."""
    server = serve(do=[{"sleep": 0.03}, {"default": True}])
    report = interrupted(program, server, tmp_path, pause)
    receipts = report["given"] + report["rest"]

    assert [f"<{number}@b.example>" for number in range(report["rows"])] == [name for name, _ in receipts]
    assert took(server) == accepted(receipts)
    assert len(server.messages) == len(took(server)) < 100
    assert {"TemporaryError"} >= {error for _, errors in receipts for error in errors}


@pytest.mark.parametrize(("program", "pauses"), [(LOOPING, (0.5, 0.5)), (CONSUMING, (0.5, 0.5)), (CLOSING, (0.5,))])
def test_ctrl_c_again_waits_no_longer(serve: Serve, tmp_path: Path, program: str, pauses: tuple[float, ...]) -> None:
    """Only what the transport has in hand then is unknown; the rest is as exact as before."""
    server = serve(nth=5, do=[{"sleep": 600}])
    report = interrupted(program, server, tmp_path, *pauses, pool=1)
    receipts = report["given"] + report["rest"]

    assert 1 <= [errors for _, errors in receipts].count(["UnknownOutcomeError"]) <= 3
    assert [f"<{number}@b.example>" for number in range(report["rows"])] == [name for name, _ in receipts]
    assert took(server) == accepted(receipts)


def test_close_can_be_interrupted_too() -> None:
    """Then it says what it knows, and no more is waited for."""
    gate = threading.Event()

    class Waiting(Transport):
        """Takes nothing while the gate is closed."""

        def send(self, message: Message) -> Receipt:
            gate.wait(PATIENCE)
            return self.receipt(message)

    sender, to = Address("a@b.example"), (Address("c@d.example"),)
    messages = (Message(sender=sender, to=to, subject=str(number), text="x") for number in range(100))
    receipts = Notifier(catalog=Catalog(()), transport=Waiting(), sender=sender).deliver_many(messages)
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3, 0.3)  # once while it waits, and again while it ends
        with pytest.raises(Interrupted) as caught:
            next(receipts)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
        gate.set()
    (unknown,) = receipts.close()

    assert (unknown,) == caught.value.receipts
    assert isinstance(unknown.rejected["c@d.example"], UnknownOutcomeError)
    assert 1 == receipts.rows


def test_the_end_of_the_interpreter_ends_the_sending(serve: Serve, tmp_path: Path) -> None:
    """A program that leaves receipts lying about does not hang, and what was begun is finished."""
    server = serve(do=[{"sleep": 0.03}, {"default": True}])
    with start(LEAVING, server, tmp_path) as process:
        output, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0
    assert accepted(json.loads(output)["given"]) <= took(server)
    assert all(each.answered for each in server.messages)
    assert len(server.messages) < 100


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_does_not_hang(serve: Serve, tmp_path: Path) -> None:
    """The messages stay with the parent: the child is told so, and ends as it likes."""
    server = serve(do=[{"sleep": 0.03}, {"default": True}])
    with start(FORKING, server, tmp_path) as process:
        output, _ = process.communicate(timeout=PATIENCE)
    report = json.loads(output)

    assert process.returncode == 7
    assert took(server) == accepted(report["given"] + report["rest"])
    assert len(server.messages) == len(took(server))


def test_the_account_can_be_handed_on() -> None:
    """By pickle, with a text that names nobody."""
    receipt = Receipt("<1@b.example>", "smtp", (), {"a@example.com": UnknownOutcomeError("lost")})
    interrupt = Interrupted([receipt], 5)
    again = pickle.loads(pickle.dumps(interrupt))  # noqa: S301 - its own

    assert (5, ["a@example.com"]) == (again.rows, list(again.receipts[0].rejected))
    assert str(interrupt) == str(again)
    assert "5 rows have a receipt, 1 of them here" in str(again)
    assert isinstance(interrupt, KeyboardInterrupt)
