"""Many messages over one connection, each behind the other's text: what is said of each is what became of it."""

from __future__ import annotations

import itertools
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import Feed, stream
from servers.scripted import KEY, a_message
from servers.tunnel import Tunnel

from notify import DeliveryError, Message, Receipt
from notify.errors import RefusedError, TemporaryError, ThrottledError, TransportConfigError, UnknownOutcomeError
from notify.message import Attachment
from notify_sendgrid import SendGridTransport
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from pathlib import Path

    from servers.scripted import Connect, Serve

    from notify.testing import Certificates, ScriptedServer

PLAIN: dict[str, Any] = {"tls": "none", "username": None, "password": None}


def messages(count: int, **parts: Any) -> list[Message]:
    """Messages to r1, r2, ..."""
    return [a_message(f"r{number}@example.org", **parts) for number in range(1, count + 1)]


def numbers(server: ScriptedServer) -> list[int]:
    """Which of them the server took, in this order."""
    return [int(message.recipients[0].partition("@")[0][1:]) for message in server.messages]


def kinds(outcomes: list[Receipt | DeliveryError]) -> list[type[object]]:
    """What the outcomes are."""
    return [type(outcome) for outcome in outcomes]


def said(server: ScriptedServer, verb: str, session: int | None = None) -> int:
    """How often a command came."""
    return sum(line.startswith(verb) and session in {None, number} for number, line in server.commands)


def test_a_text_and_the_next_commands_leave_in_one_write(serve: Serve, connect: Connect) -> None:
    """Five messages need six writes: commands, four times a text with the next commands, and the last text."""
    server, given = serve(tls="none"), messages(5)
    with Tunnel(server.port) as tunnel:
        outcomes = stream(connect(server, port=tunnel.port, **PLAIN), given)

    envelopes = [b"MAIL FROM:<hello@acme.example>\r\nRCPT TO:<r%d@example.org>\r\nDATA\r\n" % n for n in range(1, 6)]
    texts = [message.wire + b".\r\n" for message in server.messages]
    assert [envelopes[0], *map(b"".join, zip(texts, envelopes[1:], strict=False)), texts[4]] == tunnel.written[1:]
    assert [message.message_id for message in given] == [
        outcome.message_id for outcome in outcomes if isinstance(outcome, Receipt)
    ]
    assert [message.as_bytes() for message in given] == [message.data for message in server.messages]
    assert server.connections == 1


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("pipelining", [True, False])
def test_each_arrives_once_and_in_order(serve: Serve, connect: Connect, tls: str, pipelining: bool) -> None:  # noqa: FBT001
    """Under TLS as well, small and large ones, in eight bits; and where nothing may be written ahead."""
    server = serve(tls=tls, pipelining=pipelining)
    given = [
        a_message(f"r{n}@example.org", f"s{n}@example.org", text=f".\n..\nGrüße {n}\n" * (40_000 if n % 2 else 1))
        for n in range(1, 6)
    ]

    outcomes = stream(connect(server, tls=tls, timeout=20.0), given)

    assert [Receipt] * 5 == kinds(outcomes)
    assert [message.as_bytes(eight_bit=True) for message in given] == [message.data for message in server.messages]
    assert server.connections == 1
    assert (server.ahead > 0) is pipelining


def test_a_message_is_settled_before_the_feed_is_waited_for(serve: Serve, connect: Connect) -> None:
    """Where nothing is ready, all is told and the connection is free for others, before the next is waited for."""
    server = serve()
    transport = connect(server, pool=1)
    outcomes: list[Receipt | DeliveryError] = []
    between: list[Receipt] = []

    def wait(taken: int) -> None:
        assert taken == len(outcomes)
        between.append(transport.send(a_message("r9@example.org")))

    transport.stream(Feed(messages(3), ready=False, before=wait), outcomes.append)

    assert [9, 1, 9, 2, 9, 3, 9] == numbers(server)
    assert [Receipt] * 3 == kinds(outcomes)
    assert server.connections == 1


def test_an_empty_feed_connects_to_nobody(serve: Serve, connect: Connect) -> None:
    """Nothing to send is nothing to do."""
    server = serve()

    assert stream(connect(server), []) == []
    assert server.connections == 0


@pytest.mark.parametrize("place", [1, 3, 5])
def test_what_cannot_be_sent_disturbs_no_other(serve: Serve, connect: Connect, tmp_path: Path, place: int) -> None:
    """A message that is too big, that needs what the server has not, or that cannot be read has its own error."""
    server = serve(size=5000, smtputf8=False)
    gone = tmp_path / "gone.txt"
    bad = {
        a_message(text="x" * 70 + "\n" * 5000): RefusedError,
        a_message("jörg@example.org"): RefusedError,
        a_message(attachments=(Attachment(path=gone),)): TransportConfigError,
    }
    for message, kind in bad.items():
        server.messages.clear()
        given = messages(5)
        given.insert(place - 1, message)

        outcomes = stream(connect(server), given)

        expected: list[type[object]] = [Receipt] * 5
        expected.insert(place - 1, kind)
        assert expected == kinds(outcomes)
        assert [1, 2, 3, 4, 5] == numbers(server)


def test_what_a_subclass_refuses_disturbs_no_other(serve: Serve, certificates: Certificates) -> None:
    """An error of `prepare` is the message's own, even if it is a fault in the code."""

    class Picky(SmtpTransport):
        def prepare(self, message: Message) -> Message:
            if message.subject == "Bad":
                raise KeyError("bad")
            return message

    server = serve()
    given = messages(3)
    given[1:1] = [a_message(subject="Bad"), a_message(subject="Bad")]
    with Picky(name="picky", host="127.0.0.1", port=server.port, ca_file=certificates.ca_file) as transport:
        outcomes = stream(transport, given)

    assert [Receipt, RefusedError, RefusedError, Receipt, Receipt] == kinds(outcomes)
    assert isinstance(outcomes[1], DeliveryError)
    assert isinstance(outcomes[1].__cause__, KeyError)
    assert outcomes[1].transport == "picky"


def test_a_service_s_own_limits_hold(serve: Serve, certificates: Certificates) -> None:
    """SendGrid's unverified sender is refused before anything is sent, and the others go."""
    server = serve()
    given = messages(3)
    given[1] = given[1].replace(sender=given[1].sender.of("eve@evil.example"))
    with SendGridTransport(
        host="127.0.0.1", port=server.port, api_key=KEY, ca_file=certificates.ca_file, verified_senders=["acme.example"]
    ) as transport:
        outcomes = stream(transport, given)

    assert [Receipt, TransportConfigError, Receipt] == kinds(outcomes)
    assert [1, 3] == numbers(server)


def test_trust_that_cannot_be_read_is_told_of_each(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    """What keeps any message from being sent is each one's error."""
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing\n")

    outcomes = stream(connect(serve(), ca_file=empty), messages(3))

    assert [TransportConfigError] * 3 == kinds(outcomes)


def test_a_server_that_is_not_there_is_told_of_each(serve: Serve, connect: Connect) -> None:
    """Each message of the feed has the error of its own attempt."""
    outcomes = stream(connect(serve(listen=False)), messages(3))

    assert [TemporaryError] * 3 == kinds(outcomes)


@pytest.mark.parametrize("place", [1, 2, 4])
@pytest.mark.parametrize(
    ("phase", "reply", "kind"),
    [
        ("mail", "550 5.7.1 no", RefusedError),
        ("mail", "452 4.3.1 full", TemporaryError),
        ("rcpt", "550 5.1.1 gone", RefusedError),
        ("rcpt", "450 4.2.0 later", TemporaryError),
        ("data", "554 5.7.1 no", RefusedError),
        ("data", "451 4.3.0 later", TemporaryError),
        ("eod", "554 5.7.1 spam", RefusedError),
        ("eod", "451 4.3.0 later", TemporaryError),
        ("eod", "552 5.3.4 enough", RefusedError),
    ],
)
def test_a_refusal_touches_no_other(
    serve: Serve, connect: Connect, phase: str, reply: str, kind: type[DeliveryError], *, place: int
) -> None:
    """A refused message is refused alone, whatever was written behind it already."""
    server = serve(rules=[{"at": phase, "nth": place, "do": [{"reply": reply}]}])

    outcomes = stream(connect(server), messages(4))

    expected: list[type[object]] = [Receipt] * 4
    expected[place - 1] = kind
    assert expected == kinds(outcomes)
    assert [number for number in (1, 2, 3, 4) if number != place] == numbers(server)
    assert server.connections == 1


def test_a_text_for_nobody_is_not_even_ended(serve: Serve, connect: Connect) -> None:
    """In a stream too: 354 for a message whose recipients were refused costs the connection, and no message."""
    server = serve(
        rules=[
            {"at": "rcpt", "match": "r2@", "do": [{"reply": "550 5.1.1 gone"}]},
            {"at": "data", "nth": 2, "do": [{"reply": "354 go on"}]},
        ]
    )

    outcomes = stream(connect(server), messages(4))

    assert [Receipt, RefusedError, Receipt, Receipt] == kinds(outcomes)
    assert [1, 3, 4] == numbers(server)
    assert server.data_bytes == sum(len(message.wire) + len(b".\r\n") for message in server.messages)


@pytest.mark.parametrize(
    "end",
    [
        [{"default": True}, {"close": True}],
        [{"default": True}, {"reset": True}],
        [{"default": True}, {"raw": "421 4.7.0 enough for one session\r\n"}, {"close": True}],
        [{"default": True}, {"raw": "good morning\r\n"}, {"close": True}],
    ],
)
@pytest.mark.parametrize("every", [1, 2, 3])
@pytest.mark.parametrize("tls", ["none", "starttls"])
def test_a_session_that_ends_behind_a_message_costs_none(
    serve: Serve, connect: Connect, tls: str, every: int, end: list[dict[str, Any]]
) -> None:
    """A server that ends sessions after so many messages gets each message once."""
    rules = [{"at": "eod", "nth": nth, "do": end} for nth in range(every, 8, every)]
    server = serve(tls=tls, rules=rules)

    outcomes = stream(connect(server, **(PLAIN if tls == "none" else {})), messages(7))

    if {"reset": True} not in end:  # a reset may overtake the answer in front of it
        assert [Receipt] * 7 == kinds(outcomes)
    assert set(kinds(outcomes)) <= {Receipt, UnknownOutcomeError}
    assert [1, 2, 3, 4, 5, 6, 7] == numbers(server)


@pytest.mark.parametrize(
    ("actions", "taken"),
    [
        ([{"accept": True}, {"close": True}], True),
        ([{"close": True}], False),
        ([{"reset": True}], False),
        ([{"raw": "25"}, {"close": True}], False),
        ([{"reply": "999 hm"}], False),
        ([{"accept": True}, {"hang": 5}], True),
    ],
)
def test_only_what_has_its_dot_and_no_verdict_is_unknown(
    serve: Serve, connect: Connect, actions: list[dict[str, Any]], *, taken: bool
) -> None:
    """The message behind it was only announced: it goes over a new connection."""
    server = serve(rules=[{"at": "eod", "nth": 2, "do": actions}])

    outcomes = stream(connect(server, timeout=0.5), messages(4))

    assert [Receipt, UnknownOutcomeError, Receipt, Receipt] == kinds(outcomes)
    assert [number for number in (1, 2, 3, 4) if taken or number != 2] == numbers(server)
    assert server.connections == 2


def test_a_verdict_that_ends_the_session_is_a_refusal(serve: Serve, connect: Connect) -> None:
    """421 after the text: surely not taken; the next one goes over a new connection."""
    server = serve(rules=[{"at": "eod", "nth": 2, "do": [{"reply": "421 4.3.2 bye"}, {"close": True}]}])

    outcomes = stream(connect(server), messages(4))

    assert [Receipt, TemporaryError, Receipt, Receipt] == kinds(outcomes)
    assert [1, 3, 4] == numbers(server)


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data"])
def test_an_end_at_the_first_message_of_a_connection_is_its_own(serve: Serve, connect: Connect, phase: str) -> None:
    """What ends a fresh connection is not tried over and over."""
    server = serve(rules=[{"at": phase, "match": "r2@" if phase == "rcpt" else "", "do": [{"close": True}]}])

    outcomes = stream(connect(server), messages(3))

    assert kinds(outcomes)[1] is TemporaryError
    assert said(server, "RCPT TO:<r2@") <= 2
    assert server.connections <= 6


def test_a_refusal_in_the_middle_of_a_text_is_heard(serve: Serve, connect: Connect) -> None:
    """The connection is given up, the refused message has the server's words, and the others arrive."""
    server = serve(rules=[{"at": "body", "after_bytes": 1000, "times": 1, "do": [{"reply": "552 5.3.4 enough"}]}])
    given = messages(3)
    given.insert(0, a_message("r9@example.org", text="x" * 70 + "\n" + "y\n" * 900_000))

    outcomes = stream(connect(server), given)

    assert [RefusedError, Receipt, Receipt, Receipt] == kinds(outcomes)
    assert isinstance(outcomes[0], DeliveryError)
    assert (outcomes[0].phase, outcomes[0].code) == ("body", 552)
    assert [1, 2, 3] == numbers(server)


def test_a_loss_in_the_middle_of_a_text_is_no_unknown_outcome(serve: Serve, connect: Connect) -> None:
    """Before the dot is written, nothing was taken."""
    server = serve(rules=[{"at": "body", "nth": 1, "do": [{"reset": True}]}])
    given = messages(3)
    given.insert(0, a_message("r9@example.org", text=("x" * 70 + "\n") * 30_000))

    outcomes = stream(connect(server), given)

    assert [TemporaryError, Receipt, Receipt, Receipt] == kinds(outcomes)
    assert [1, 2, 3] == numbers(server)


def test_a_connection_carries_so_many_messages(serve: Serve, connect: Connect) -> None:
    """Nothing is announced behind the last text that a connection may carry."""
    server = serve()

    outcomes = stream(connect(server, messages_per_connection=2), messages(5))

    assert [Receipt] * 5 == kinds(outcomes)
    assert [1, 1, 2, 2, 3] == [message.session for message in server.messages]
    assert [2, 2, 1] == [said(server, "MAIL", session) for session in (1, 2, 3)]
    assert said(server, "QUIT") == 2


@pytest.mark.parametrize("phase", ["mail", "rcpt", "data", "eod"])
def test_retries_what_was_put_off(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, phase: str) -> None:
    """With retries a message that was put off is offered again; it is settled in its turn, and taken once."""
    monkeypatch.setattr("notify.retries._FIRST", 0.01)
    server = serve(rules=[{"at": phase, "nth": nth, "do": [{"reply": "451 4.3.0 wait"}]} for nth in (2, 3)])
    given = messages(5)

    outcomes = stream(connect(server, retries=2), given)

    assert [message.message_id for message in given] == [
        outcome.message_id for outcome in outcomes if isinstance(outcome, Receipt)
    ]
    assert [1, 2, 3, 4, 5] == sorted(numbers(server))


def test_a_quota_is_not_waited_for(serve: Serve, connect: Connect) -> None:
    """What would have to wait for longer than the deadline is settled at once, as for a single message."""
    words = "454 Throttling failure: Daily message quota exceeded"
    server = serve(rules=[{"at": "mail", "nth": 2, "do": [{"reply": words}]}])

    outcomes = stream(connect(server, retries=3, preset="ses", region="eu-west-1"), messages(3))

    assert [Receipt, ThrottledError, Receipt] == kinds(outcomes)


def test_who_does_not_fit_goes_before_the_next_message(serve: Serve, connect: Connect) -> None:
    """Further transactions of a message come before the next message is begun."""
    full = [{"reply": "452 4.5.3 too many recipients"}]
    server = serve(rules=[{"at": "rcpt", "nth": nth, "do": full} for nth in (4, 5)])
    given = [a_message("r1@example.org"), a_message(*[f"r{n}@example.org" for n in (2, 3, 4, 5)]), *messages(1)]

    outcomes = stream(connect(server), given)

    assert [("r1@",), ("r2@", "r3@"), ("r4@", "r5@"), ("r1@",)] == [
        tuple(address[:3] for address in message.recipients) for message in server.messages
    ]
    assert [Receipt] * 3 == kinds(outcomes)
    assert all(not outcome.rejected for outcome in outcomes)


def test_a_server_that_forgets_to_end_a_transaction_is_forgiven(serve: Serve, connect: Connect) -> None:
    """503 at MAIL behind a refused text is about what was in front of it."""
    server = serve(
        rules=[
            {"at": "eod", "nth": 2, "do": [{"reply": "554 5.7.1 spam"}]},
            {"at": "mail", "nth": 3, "do": [{"reply": "503 5.5.1 nested MAIL"}]},
        ]
    )

    outcomes = stream(connect(server), messages(4))

    assert [Receipt, RefusedError, Receipt, Receipt] == kinds(outcomes)
    assert [1, 3, 4] == numbers(server)


def test_a_server_that_hears_nothing_behind_a_text_is_waited_for_once(serve: Serve, connect: Connect) -> None:
    """Where what is written behind a text is lost, the next messages wait for their turn, and none is lost."""
    server = serve(rules=[{"at": "mail", "nth": 2, "do": [{"hang": 5}]}])

    outcomes = stream(connect(server, timeout=0.5), messages(5))

    assert [Receipt] * 5 == kinds(outcomes)
    assert [1, 2, 3, 4, 5] == numbers(server)
    followed = [said(server, "MAIL"), said(server, "RCPT"), 1]  # the last is the first text
    assert server.ahead == sum(followed)


def test_an_answer_too_many_is_not_taken_for_another_s(serve: Serve, connect: Connect) -> None:
    """A server that answers twice makes no sense, and no message is said to be taken that was not."""
    twice = [{"default": True}, {"raw": "250 2.0.0 Ok again\r\n"}]
    server = serve(rules=[{"at": "eod", "nth": 2, "do": twice}])

    outcomes = stream(connect(server), messages(4))

    taken = [number for number, outcome in enumerate(outcomes, 1) if isinstance(outcome, Receipt)]
    assert taken == numbers(server)
    assert {1, 2, 4} <= set(taken)


def test_one_who_waits_for_a_connection_gets_it(serve: Serve, connect: Connect) -> None:
    """A stream without end does not keep the only connection from a single message."""
    server = serve()
    transport = connect(server, pool=1, deadline=20.0)
    sent = threading.Event()

    def single() -> None:
        transport.send(a_message("r9@example.org"))
        sent.set()

    def feed() -> itertools.chain[Message]:
        endless = itertools.takewhile(lambda _: not sent.is_set(), itertools.count())
        return itertools.chain.from_iterable(messages(1) for _ in endless)

    other = threading.Thread(target=single)
    outcomes: list[Receipt | DeliveryError] = []
    transport.stream(
        Feed(feed(), before=lambda taken: other.start() if taken == 5 and not other.ident else None), outcomes.append
    )
    other.join()

    assert sent.is_set()
    assert {Receipt} == set(kinds(outcomes))
    assert len(server.messages) == len(outcomes) + 1


def test_streams_share_the_connections(serve: Serve, connect: Connect) -> None:
    """Six streams over three connections: each message arrives once, and each stream has its own outcomes in order."""
    server = serve()
    transport = connect(server, pool=3)
    given = [[a_message(f"r{lane * 100 + n}@example.org") for n in range(20)] for lane in range(6)]
    outcomes: list[list[Receipt | DeliveryError]] = [[] for _ in given]
    lanes = [
        threading.Thread(target=transport.stream, args=(Feed(some), told.append))
        for some, told in zip(given, outcomes, strict=True)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()

    for some, told in zip(given, outcomes, strict=True):
        assert [message.message_id for message in some] == [
            outcome.message_id for outcome in told if isinstance(outcome, Receipt)
        ]
    assert sorted(lane * 100 + n for lane in range(6) for n in range(20)) == sorted(numbers(server))
    assert server.connections <= 3


def test_senders_are_as_many_as_connections(certificates: Certificates) -> None:
    """`Notifier.send_many` gives a transport so many threads as it may have connections; SendGrid's are ten at most."""
    assert SmtpTransport(host="localhost", pool=4, ca_file=certificates.ca_file).senders == 4
    assert SendGridTransport(api_key=KEY).senders == 2
    assert SendGridTransport(api_key=KEY, pool=50).senders == 10


def test_closing_in_the_middle_loses_nothing(serve: Serve, connect: Connect) -> None:
    """The stream goes on over new connections, and leaves none behind that was closed."""
    server = serve()
    transport = connect(server)
    outcomes: list[Receipt | DeliveryError] = []

    transport.stream(Feed(messages(6), before=lambda taken: transport.close() if taken == 3 else None), outcomes.append)
    transport.close()

    assert [Receipt] * 6 == kinds(outcomes)
    assert [1, 2, 3, 4, 5, 6] == numbers(server)
    assert said(server, "QUIT") == server.connections


class StrangeError(Exception):
    """What nobody foresaw."""


@pytest.mark.parametrize("taken", [0, 1, 2, 3, 4])
def test_a_feed_that_fails_leaves_nothing_untold(serve: Serve, connect: Connect, taken: int) -> None:
    """Each message that was taken is settled by what is known of it, and the error goes on its way."""
    server = serve()
    transport = connect(server)
    outcomes: list[Receipt | DeliveryError] = []

    def fail(number: int) -> None:
        if number == taken:
            raise StrangeError

    with pytest.raises(StrangeError):
        transport.stream(Feed(messages(6), before=fail), outcomes.append)

    assert taken == len(outcomes)
    check_account(server, outcomes)
    assert isinstance(transport.send(a_message()), Receipt)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_who_fails_to_listen_is_told_the_rest(serve: Serve, connect: Connect, number: int) -> None:
    """A `settle` that fails once hears of the others that were taken, and nothing is sent twice."""
    server = serve()
    transport = connect(server)
    outcomes: list[Receipt | DeliveryError] = []

    def settle(outcome: Receipt | DeliveryError) -> None:
        outcomes.append(outcome)
        if len(outcomes) == number:
            raise StrangeError

    feed = Feed(messages(6))
    with pytest.raises(StrangeError):
        transport.stream(feed, settle)

    assert feed.taken == len(outcomes)
    check_account(server, outcomes)


def check_account(server: ScriptedServer, outcomes: list[Receipt | DeliveryError]) -> None:
    """What was accepted is there once; what was surely not taken is not there; nothing is there twice."""
    time.sleep(0.05)
    there = numbers(server)
    assert len(set(there)) == len(there)
    for number, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, Receipt):
            assert number in there
        elif not isinstance(outcome, UnknownOutcomeError):
            assert number not in there


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(serve: Serve, connect: Connect) -> None:
    """Parent and child stream at once, and each message arrives once."""
    server = serve()
    transport = connect(server)
    stream(transport, messages(2))

    child = os.fork()
    if child == 0:  # pragma: no cover
        status = 1
        try:
            outcomes = stream(transport, [a_message(f"r{number}@example.org") for number in range(100, 120)])
            transport.close()
            status = int(kinds(outcomes) != [Receipt] * 20)
        finally:
            os._exit(status)
    outcomes = stream(transport, [a_message(f"r{number}@example.org") for number in range(200, 220)])

    assert os.waitpid(child, 0)[1] == 0
    assert [Receipt] * 20 == kinds(outcomes)
    assert [1, 2, *range(100, 120), *range(200, 220)] == sorted(numbers(server))
    assert not {m.session for m in server.messages[2:] if m.recipients[0] < "r2"} & {
        m.session for m in server.messages[:2]
    }
