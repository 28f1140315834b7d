"""Connections kept for the next message: how many, for how long, and what happens when one has died meanwhile."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import a_message

from notify.errors import DeliveryError, RefusedError, TemporaryError, ThrottledError, UnknownOutcomeError
from notify_smtp import pool as pool_module
from notify_smtp import session as session_module
from notify_smtp.deadline import Deadline

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve


def test_messages_share_a_connection(serve: Serve, connect: Connect) -> None:
    """One after another they need one connection, one handshake, one login."""
    server = serve()
    transport = connect(server)

    for _ in range(5):
        transport.send(a_message())

    assert server.connections == 1
    assert len(server.messages) == 5


def test_a_connection_carries_so_many_messages(serve: Serve, connect: Connect) -> None:
    """After messages_per_connection the client says goodbye and connects anew."""
    server = serve()
    transport = connect(server, messages_per_connection=2)

    for _ in range(5):
        transport.send(a_message())

    assert [1, 1, 2, 2, 3] == [message.session for message in server.messages]
    assert (1, "QUIT") in server.commands


def test_threads_share_at_most_so_many_connections(serve: Serve, connect: Connect) -> None:
    """Twenty messages of eight threads go over two connections, each message once."""
    server = serve(rules=[{"at": "mail", "do": [{"sleep": 0.02}, {"default": True}]}])
    transport = connect(server, pool=2)

    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda n: transport.send(a_message(f"r{n}@example.org")), range(20)))

    assert server.connections == 2
    assert {f"r{n}@example.org" for n in range(20)} == {message.recipients[0] for message in server.messages}
    assert len(server.messages) == len(receipts) == 20


def test_waiting_for_a_connection_has_an_end(serve: Serve, connect: Connect) -> None:
    """When all connections stay busy until the deadline the error says so."""
    server = serve(rules=[{"at": "eod", "do": [{"sleep": 1.2}, {"default": True}]}])
    transport = connect(server, pool=1)
    busy = threading.Thread(target=transport.send, args=(a_message(),))
    busy.start()
    while not server.data_bytes:
        time.sleep(0.01)

    pool = transport._connected()._pool
    with (
        pytest.raises(TemporaryError, match=r"all 1 connections were busy for 0\.2 seconds"),
        pool.session(Deadline(0.2)),
    ):
        pass

    busy.join()
    assert len(server.messages) == 1


def test_who_came_first_is_served_first(serve: Serve, connect: Connect) -> None:
    """One who comes back at once does not overtake those who wait."""
    pool = connect(serve(), pool=1)._connected()._pool
    served: list[int] = []
    ready = threading.Barrier(2)

    def wait(number: int) -> None:
        ready.wait()
        with pool.session(Deadline(5.0)):
            served.append(number)

    with pool.session(Deadline(5.0)):
        wanted = [pool.wanted]
        others = [threading.Thread(target=wait, args=(number,)) for number in range(3)]
        for number, other in enumerate(others, 1):
            other.start()
            ready.wait()
            while len(pool._queue) < number:
                time.sleep(0.001)
        wanted.append(pool.wanted)
    with pool.session(Deadline(5.0)):
        served.append(3)
    for other in others:
        other.join()

    assert [0, 1, 2, 3] == served
    assert [False, True, False] == [*wanted, pool.wanted]


def test_one_who_gives_up_waiting_keeps_nobody(serve: Serve, connect: Connect) -> None:
    """Who waited in vain leaves the queue, and the next is served."""
    pool = connect(serve(), pool=1)._connected()._pool

    with pool.session(Deadline(5.0)):
        with pytest.raises(TemporaryError), pool.session(Deadline(0.05)):
            pass
        assert not pool.wanted
    with pool.session(Deadline(5.0)) as session:
        assert session.usable


@pytest.mark.parametrize("settings", [{"tls": "starttls"}, {"tls": "none", "username": None, "password": None}])
def test_a_connection_that_died_between_messages_is_replaced(
    serve: Serve, connect: Connect, settings: dict[str, Any]
) -> None:
    """A server that hangs up after a message costs nobody anything."""
    server = serve(tls=settings["tls"], rules=[{"at": "eod", "do": [{"default": True}, {"reset": True}]}])
    transport = connect(server, **settings)

    for _ in range(3):
        transport.send(a_message())
        time.sleep(0.05)

    assert server.connections == 3
    assert len(server.messages) == 3


def test_a_connection_that_dies_at_mail_is_replaced_once(serve: Serve, connect: Connect) -> None:
    """An end at the first command of a later message is the old connection's; on a new one it is an error."""
    once = serve(rules=[{"at": "mail", "nth": 2, "do": [{"close": True}]}])
    twice = serve(
        rules=[{"at": "mail", "nth": 2, "do": [{"close": True}]}, {"at": "mail", "nth": 3, "do": [{"close": True}]}]
    )
    mended, broken = connect(once), connect(twice)

    for transport in (mended, broken):
        transport.send(a_message())
    mended.send(a_message())
    with pytest.raises(TemporaryError):
        broken.send(a_message())

    assert len(once.messages) == 2
    assert once.connections == twice.connections == 2


def test_a_goodbye_at_mail_is_a_reason_to_connect_again(serve: Serve, connect: Connect) -> None:
    """421 at MAIL on a connection that was used before: the server wants it closed, not the message refused."""
    server = serve(rules=[{"at": "mail", "nth": 2, "do": [{"reply": "421 4.4.2 idle too long"}, {"close": True}]}])
    transport = connect(server)

    transport.send(a_message())
    transport.send(a_message())

    assert [1, 2] == [message.session for message in server.messages]


def test_what_was_refused_does_not_spoil_the_next(serve: Serve, connect: Connect) -> None:
    """After a refusal the transaction is reset, and the same connection carries the next message."""
    server = serve(rules=[{"at": "rcpt", "times": 1, "do": [{"reply": "550 5.1.1 gone"}]}])
    transport = connect(server)

    with pytest.raises(RefusedError):
        transport.send(a_message())
    transport.send(a_message())

    assert server.connections == 1
    assert (1, "RSET") in server.commands
    assert len(server.messages) == 1


@pytest.mark.parametrize("actions", [[{"reply": "500 what?"}], [{"close": True}]])
def test_a_reset_that_fails_costs_only_the_connection(
    serve: Serve, connect: Connect, actions: list[dict[str, object]]
) -> None:
    """Whatever comes of RSET, the next message gets through."""
    server = serve(
        rules=[{"at": "rcpt", "times": 1, "do": [{"reply": "550 5.1.1 gone"}]}, {"at": "rset", "do": actions}]
    )
    transport = connect(server)

    with pytest.raises(RefusedError):
        transport.send(a_message())
    transport.send(a_message())

    assert server.connections == 2
    assert len(server.messages) == 1


def test_an_idle_connection_is_asked_first(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a pause NOOP finds out whether the connection is alive."""
    monkeypatch.setattr(session_module, "_IDLE", 0.0)
    server = serve()
    transport = connect(server)

    transport.send(a_message())
    transport.send(a_message())

    assert (1, "NOOP") in server.commands
    assert server.connections == 1


def test_a_connection_idle_for_long_is_not_trusted(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long pause a new connection is made."""
    monkeypatch.setattr(pool_module, "_STALE", 0.0)
    server = serve()
    transport = connect(server)

    transport.send(a_message())
    transport.send(a_message())

    assert server.connections == 2


def test_close_says_goodbye_and_sending_opens_again(serve: Serve, connect: Connect) -> None:
    """Closing ends idle connections at once; a transport can be used after it, and closed twice."""
    server = serve()
    transport = connect(server)

    transport.send(a_message())
    transport.close()
    transport.close()
    transport.send(a_message())

    assert (1, "QUIT") in server.commands
    assert server.connections == 2


def test_a_connection_in_use_is_closed_when_it_comes_back(serve: Serve, connect: Connect) -> None:
    """Closing while a message is on its way lets it through and ends its connection."""
    server = serve(rules=[{"at": "eod", "do": [{"sleep": 0.3}, {"default": True}]}])
    transport = connect(server)
    sending = threading.Thread(target=transport.send, args=(a_message(),))
    sending.start()
    while not server.data_bytes:
        time.sleep(0.01)

    transport.close()
    sending.join()

    assert len(server.messages) == 1
    assert (1, "QUIT") in server.commands


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(serve: Serve, connect: Connect) -> None:
    """A child neither uses nor ends the connections of its parent."""
    server = serve()
    transport = connect(server)
    transport.send(a_message("before@example.org"))

    child = os.fork()
    if child == 0:  # pragma: no cover
        status = 1
        try:
            transport.send(a_message("child@example.org"))
            transport.close()
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    transport.send(a_message("after@example.org"))

    sessions = {message.recipients[0]: message.session for message in server.messages}
    assert {"before@example.org": 1, "child@example.org": 2, "after@example.org": 1} == sessions


def test_what_a_parent_had_open_is_left_alone(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another process idle connections are dropped without a word, and so is one that comes back."""
    server = serve()
    pool, parent = connect(server)._connected()._pool, os.getpid()
    with pool.session(Deadline(5.0)) as lent:
        with pool.session(Deadline(5.0)) as idle:
            pass
        monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    with pool.session(Deadline(5.0)) as own:
        pass
    monkeypatch.setattr(os, "getpid", lambda: parent + 2)
    pool.close()

    assert [False, False, False] == [session.usable for session in (lent, idle, own)]
    assert server.connections == 3
    assert not any(line == "QUIT" for _, line in server.commands)


def test_retries_what_was_put_off(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """With retries a message that was put off is offered again, with the same Message-ID, and taken once."""
    monkeypatch.setattr("notify.retries._FIRST", 0.01)
    server = serve(rules=[{"at": "rcpt", "times": 2, "do": [{"reply": "451 4.3.0 wait"}]}])
    message = a_message()

    receipt = connect(server, retries=2).send(message)

    assert receipt.message_id == message.message_id
    assert [message.as_bytes()] == [received.data for received in server.messages]


@pytest.mark.parametrize(
    ("rules", "settings", "expected"),
    [
        ([{"at": "rcpt", "do": [{"reply": "451 4.3.0 wait"}]}], {"retries": 1}, TemporaryError),
        ([{"at": "rcpt", "do": [{"reply": "550 5.1.1 gone"}]}], {"retries": 3}, RefusedError),
        ([{"at": "eod", "do": [{"close": True}]}], {"retries": 3}, UnknownOutcomeError),
        ([{"at": "rcpt", "do": [{"reply": "451 4.3.0 wait"}]}], {"retries": 3, "deadline": 0.001}, TemporaryError),
        (
            [{"at": "mail", "do": [{"reply": "454 Throttling failure: Daily message quota exceeded"}]}],
            {"retries": 3, "preset": "ses", "region": "eu-west-1", "tls": "starttls"},
            ThrottledError,
        ),
    ],
)
def test_retries_nothing_else(
    serve: Serve,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    *,
    rules: list[dict[str, object]],
    settings: dict[str, Any],
    expected: type[DeliveryError],
) -> None:
    """Tries run out; refusals, uncertain ends and what would wait beyond the deadline are not tried again."""
    monkeypatch.setattr("notify.retries._FIRST", 0.01)
    server = serve(rules=rules)

    with pytest.raises(DeliveryError) as caught:
        connect(server, **settings).send(a_message())

    tries = sum(line.startswith("MAIL") for _, line in server.commands)
    assert expected is type(caught.value)
    assert tries == (2 if settings == {"retries": 1} else 0 if "deadline" in settings else 1)
