"""One message to a server that offers PIPELINING: what is written at once, and what never follows from it."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import a_message
from servers.tunnel import Tunnel

from notify.errors import DeliveryError, RefusedError, TemporaryError, TransportConfigError
from notify_smtp.connection import Connection
from notify_smtp.deadline import Deadline
from notify_smtp.faults import LostError

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

    from notify.testing import ScriptedServer

PLAIN: dict[str, Any] = {"tls": "none", "username": None, "password": None}
TO = ("k1@example.com", "k2@example.com", "k3@example.com")


def said(server: ScriptedServer, verb: str) -> list[str]:
    """The commands of one kind that came."""
    return [line for _, line in server.commands if line.startswith(verb)]


def test_sender_recipients_and_data_leave_in_one_write(serve: Serve, connect: Connect) -> None:
    """A message costs two round trips: its commands, and its text with the final dot."""
    server = serve(tls="none")
    with Tunnel(server.port) as tunnel:
        transport = connect(server, port=tunnel.port, **PLAIN)

        transport.send(a_message(*TO))
        transport.close()

    message = server.messages[0]
    envelope = b"MAIL FROM:<hello@acme.example>\r\n" + b"".join(b"RCPT TO:<%s>\r\n" % to.encode() for to in TO)
    assert [envelope + b"DATA\r\n", message.wire + b".\r\n", b"QUIT\r\n"] == tunnel.written[1:]
    assert message.recipients == TO


def test_nothing_is_written_ahead_where_it_is_not_offered(serve: Serve, connect: Connect) -> None:
    """A server without PIPELINING gets each command after the answer to the one in front of it."""
    server = serve(pipelining=False)

    connect(server).send(a_message(*TO))

    assert server.ahead == 0
    assert server.messages[0].recipients == TO


@pytest.mark.parametrize("reply", ["550 5.7.1 not you", "451 4.3.0 later", "421 4.3.2 bye", "250-yes\r\n550 no"])
@pytest.mark.parametrize("others", ["250 2.1.5 Ok", "503 5.5.1 MAIL first"])
@pytest.mark.parametrize("data", ["354 go on", "503 5.5.1 RCPT first", "250 2.0.0 Ok"])
def test_a_refused_sender_gets_no_text_through(
    serve: Serve, connect: Connect, reply: str, others: str, data: str
) -> None:
    """Whatever the server answers to RCPT and DATA, the text is not written, and the sender's refusal is the error."""
    server = serve(
        rules=[
            {"at": "mail", "times": 1, "do": [{"raw": f"{reply}\r\n"}]},
            {"at": "rcpt", "times": 1, "do": [{"reply": others}]},
            {"at": "data", "times": 1, "do": [{"reply": data}]},
        ]
    )
    transport = connect(server)

    with pytest.raises(DeliveryError) as caught:
        transport.send(a_message())
    assert server.data_bytes == 0
    transport.send(a_message("next@example.org"))

    assert caught.value.phase == "mail"
    assert [("next@example.org",)] == [message.recipients for message in server.messages]


@pytest.mark.parametrize(
    ("data", "connections"), [("354 go on", 2), ("554 5.5.1 no valid recipients", 1), ("421 4.3.2 bye", 2)]
)
def test_a_text_for_nobody_is_not_even_ended(serve: Serve, connect: Connect, data: str, connections: int) -> None:
    """When all recipients were refused and DATA was not, the connection is given up: not even a dot is written."""
    server = serve(
        rules=[
            {"at": "rcpt", "match": "gone@", "do": [{"reply": "550 5.1.1 gone"}]},
            {"at": "data", "times": 1, "do": [{"reply": data}]},
        ]
    )
    transport = connect(server)

    with pytest.raises(RefusedError) as caught:
        transport.send(a_message("gone@example.org", "gone@example.net"))
    transport.send(a_message("next@example.org"))

    assert list(caught.value.rejected) == ["gone@example.org", "gone@example.net"]
    assert [("next@example.org",)] == [message.recipients for message in server.messages]
    assert server.data_bytes == len(server.messages[0].wire) + len(b".\r\n")
    assert server.connections == connections


@pytest.mark.parametrize("actions", [[{"close": True}], [{"reset": True}], [{"raw": "good morning\r\n"}]])
def test_a_refusal_stands_though_the_connection_ends_behind_it(
    serve: Serve, connect: Connect, actions: list[dict[str, Any]]
) -> None:
    """What is known is said: the sender was refused, whatever becomes of the answers that are still owed."""
    server = serve(rules=[{"at": "mail", "do": [{"reply": "550 5.7.1 no"}]}, {"at": "rcpt", "do": actions}])

    with pytest.raises(RefusedError) as caught:
        connect(server).send(a_message())

    assert caught.value.code == 550


@pytest.mark.parametrize(
    ("reply", "expected"),
    [("554 5.7.1 no", RefusedError), ("451 4.3.0 later", TemporaryError), ("530 5.7.0 who?", TransportConfigError)],
)
def test_after_a_refused_data_the_connection_is_reset(
    serve: Serve, connect: Connect, reply: str, expected: type[DeliveryError]
) -> None:
    """Recipients that were accepted for a text that was not are forgotten before the next message."""
    server = serve(rules=[{"at": "data", "times": 1, "do": [{"reply": reply}]}])
    transport = connect(server)

    with pytest.raises(expected):
        transport.send(a_message("first@example.org"))
    transport.send(a_message("second@example.org"))

    assert (1, "RSET") in server.commands
    assert [("second@example.org",)] == [message.recipients for message in server.messages]


def test_a_login_that_is_asked_for_late_ends_it_for_all(serve: Serve, connect: Connect) -> None:
    """530 at one recipient is about the whole, though the others and DATA were answered well."""
    server = serve(
        rules=[
            {"at": "rcpt", "match": "k2@", "do": [{"reply": "530 5.7.0 who?"}]},
            {"at": "data", "do": [{"reply": "354 go on"}]},
        ]
    )

    with pytest.raises(TransportConfigError):
        connect(server).send(a_message(*TO))

    assert server.data_bytes == 0


@pytest.mark.parametrize(("count", "groups"), [(99, 1), (100, 1), (101, 2), (201, 2), (202, 3), (450, 5)])
def test_many_recipients_go_in_groups(serve: Serve, connect: Connect, count: int, groups: int) -> None:
    """Of any number of recipients each is named once, and never too many before the answers are read."""
    server = serve(tls="none", rules=[{"at": "rcpt", "match": "k7@", "do": [{"reply": "550 5.1.1 gone"}]}])
    to = [f"k{number}@example.com" for number in range(count)]
    with Tunnel(server.port) as tunnel:
        receipt = connect(server, port=tunnel.port, **PLAIN).send(a_message(*to))

    expected = tuple(address for address in to if address != "k7@example.com")
    assert expected == receipt.accepted == server.messages[0].recipients
    assert max(block.count(b"RCPT TO:") for block in tunnel.written) <= 101
    assert len(tunnel.written) == len(["EHLO", "text"]) + groups


def test_no_room_in_a_group_is_no_reason_to_ask_for_the_next(serve: Serve, connect: Connect) -> None:
    """A server that is full after some recipients is not asked about hundreds more; they go in further transactions."""
    full = [{"reply": "452 4.5.3 too many recipients"}]
    server = serve(rules=[{"at": "rcpt", "nth": nth, "do": full} for nth in range(91, 101)])
    to = [f"k{number}@example.com" for number in range(150)]

    receipt = connect(server).send(a_message(*to))

    assert [90, 60] == [len(message.recipients) for message in server.messages]
    assert tuple(to) == receipt.accepted
    assert len(said(server, "RCPT")) == 160


def test_long_answers_keep_nobody_waiting(serve: Serve, connect: Connect) -> None:
    """A server that reads no further before its answers are read is not waited for (RFC 2920, section 3.2)."""
    lines = [f"250-{'x' * 500}"] * 20 + ["250 fine"]
    server = serve(rules=[{"at": "rcpt", "do": [{"reply": lines}]}])

    receipt = connect(server).send(a_message(*[f"k{number}@example.com" for number in range(300)]))

    assert len(receipt.accepted) == 300


def test_a_side_that_writes_first_is_read(  # a socket of the system, without SMTP
) -> None:
    """While the other side takes nothing, what it has to say is kept."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, 5.0, Deadline(10.0))
    said_first = b"250-x\r\n" * 100_000
    heard = bytearray()

    def talk() -> None:
        theirs.sendall(said_first)
        while len(heard) < 2_000_000 and (block := theirs.recv(65536)):
            heard.extend(block)

    other = threading.Thread(target=talk)
    other.start()
    sent = connection.send(b"y" * 2_000_000)
    other.join()

    assert sent == 2_000_000 == len(heard)
    assert connection.unread > 0
    while connection.unread < len(said_first):  # what came last was not in the way of anything
        assert connection._receive()
    connection.close()
    theirs.close()


def test_a_side_that_only_talks_is_given_up() -> None:
    """What is kept has a limit."""
    ours, theirs = socket.socketpair()
    connection = Connection(ours, 5.0, Deadline(10.0))

    def talk() -> None:
        try:
            while True:
                theirs.sendall(b"250-x\r\n" * 10_000)
        except OSError:
            pass

    other = threading.Thread(target=talk)
    other.start()
    with pytest.raises(LostError, match="talks without end") as caught:
        connection.send(b"y" * 20_000_000)
    connection.close()
    other.join()
    theirs.close()

    assert 0 < caught.value.written < 20_000_000
