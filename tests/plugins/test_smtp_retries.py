"""Further tries: what is tried again and for whom, that it stays the same message, and what all tries come to."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import stream
from servers.scripted import a_message

from notify import Receipt
from notify.errors import (
    DeliveryError,
    MessageError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_smtp.client import Client
from notify_smtp.endpoint import Endpoint
from notify_smtp.parcel import Parcel
from notify_smtp.submission import Submission

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

    from notify import Message, Transport
    from notify.testing import ScriptedServer

PEOPLE = ("k1@example.org", "k2@example.org", "k3@example.org")
WAYS = ("classic", "pipelined", "streamed")
LATER = [{"reply": "451 4.3.0 later"}]
GONE = [{"reply": "550 5.1.1 gone"}]
TAKEN_AND_LOST = [{"accept": True}, {"close": True}]
LOST = [{"close": True}]
FAULTS: dict[str, list[list[dict[str, Any]]]] = {
    "auth": [LOST, LATER],
    "mail": [LOST, LATER, GONE],
    "rcpt": [LOST, LATER, GONE, [{"reply": "452 4.5.3 too many recipients"}], [{"reply": "421 4.3.2 later"}, *LOST]],
    "data": [LOST, LATER, GONE],
    "eod": [LOST, LATER, GONE, TAKEN_AND_LOST, [{"default": True}, *LOST]],
}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is put off for long here."""
    monkeypatch.setattr("notify.retries._FIRST", 0.01)


def outcome_of(transport: Transport, message: Message, way: str) -> Receipt | DeliveryError:
    """What becomes of a message, alone or in a stream."""
    if way == "streamed":
        (outcome,) = stream(transport, [message])
        return outcome
    try:
        return transport.send(message)
    except DeliveryError as error:
        return error


def offered(server: ScriptedServer) -> list[list[str]]:
    """Whom each transaction was for."""
    transactions: list[list[str]] = []
    for _, line in server.commands:
        if line.startswith("MAIL"):
            transactions.append([])
        elif line.startswith("RCPT"):
            transactions[-1].append(line.removeprefix("RCPT TO:<").removesuffix(">"))
    return transactions


def rejected(receipt: Receipt) -> dict[str, type[DeliveryError]]:
    """The class of each rejected recipient's error."""
    return {recipient: type(error) for recipient, error in receipt.rejected.items()}


@pytest.mark.parametrize("way", WAYS)
def test_only_who_was_put_off_is_tried_again(serve: Serve, connect: Connect, way: str) -> None:
    """Who has it does not get it twice, who was refused stays so, and the receipt has the end of each."""
    server = serve(
        pipelining=way != "classic",
        rules=[{"at": "rcpt", "match": "k1@", "times": 2, "do": LATER}, {"at": "rcpt", "match": "k3@", "do": GONE}],
    )
    message = a_message(*PEOPLE)

    outcome = outcome_of(connect(server, retries=3), message, way)

    assert isinstance(outcome, Receipt)
    assert ("k1@example.org", "k2@example.org") == outcome.accepted
    assert {"k3@example.org": RefusedError} == rejected(outcome)
    assert [[*PEOPLE], ["k1@example.org"], ["k1@example.org"]] == offered(server)
    assert [("k2@example.org",), ("k1@example.org",)] == [received.recipients for received in server.messages]
    assert {message.as_bytes()} == {received.data for received in server.messages}


@pytest.mark.parametrize("way", WAYS)
def test_who_is_put_off_to_the_end_is_named(serve: Serve, connect: Connect, way: str) -> None:
    """When tries run out the others have it all the same, once."""
    server = serve(pipelining=way != "classic", rules=[{"at": "rcpt", "match": "k2@", "do": LATER}])

    outcome = outcome_of(connect(server, retries=2), a_message(*PEOPLE), way)

    assert isinstance(outcome, Receipt)
    assert {"k2@example.org": TemporaryError} == rejected(outcome)
    assert outcome.rejected["k2@example.org"].code == 451
    assert len(server.messages) == 1
    assert len(offered(server)) == 3


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ({"at": "rcpt", "do": GONE}, RefusedError),
        ({"at": "mail", "do": [{"reply": "530 5.7.0 log in"}]}, TransportConfigError),
        ({"at": "eod", "do": [{"reply": "554 5.7.1 spam"}]}, RefusedError),
        ({"at": "eod", "do": TAKEN_AND_LOST}, UnknownOutcomeError),
    ],
)
def test_another_end_of_the_second_try_is_that_of_those_who_had_it(
    serve: Serve, connect: Connect, rule: dict[str, Any], kind: type[DeliveryError]
) -> None:
    """What goes wrong with the second try is no failure of those who got it in the first."""
    server = serve(
        rules=[
            {"at": "rcpt", "match": "k1@", "times": 1, "do": LATER},
            {**rule, "nth": {"rcpt": 4, "mail": 2, "eod": 2}[rule["at"]]},
        ]
    )

    receipt = connect(server, retries=3).send(a_message(*PEOPLE))

    assert PEOPLE[1:] == receipt.accepted
    assert {"k1@example.org": kind} == rejected(receipt)
    assert len(offered(server)) == 2


@pytest.mark.parametrize("way", WAYS)
def test_who_was_refused_is_not_asked_for_again(serve: Serve, connect: Connect, way: str) -> None:
    """Where nobody got it, only those are tried again who may; the error names all in the end."""
    server = serve(
        pipelining=way != "classic",
        rules=[
            {"at": "rcpt", "match": "k1@", "do": GONE},
            {"at": "rcpt", "match": "k2@", "times": 1, "do": LATER},
            {"at": "rcpt", "match": "k2@", "do": GONE},
        ],
    )

    outcome = outcome_of(connect(server, retries=3), a_message(*PEOPLE[:2]), way)

    assert isinstance(outcome, RefusedError)
    assert {"k1@example.org", "k2@example.org"} == set(outcome.rejected)
    assert [["k1@example.org", "k2@example.org"], ["k2@example.org"]] == offered(server)


def test_a_text_that_was_put_off_goes_to_those_who_were_accepted(serve: Serve, connect: Connect) -> None:
    """Who was refused before the text stays so when the text is put off."""
    server = serve(
        rules=[
            {"at": "rcpt", "match": "k1@", "do": GONE},
            {"at": "eod", "times": 1, "do": [{"reply": "452 4.3.1 full"}]},
        ]
    )

    receipt = connect(server, retries=1).send(a_message(*PEOPLE))

    assert PEOPLE[1:] == receipt.accepted
    assert {"k1@example.org": RefusedError} == rejected(receipt)
    assert [[*PEOPLE], [*PEOPLE[1:]]] == offered(server)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("loss", "copies"), [(TAKEN_AND_LOST, 2), (LOST, 1)])
def test_an_unknown_outcome_follows_the_message(
    serve: Serve, connect: Connect, *, loss: list[dict[str, Any]], copies: int, way: str
) -> None:
    """It is tried again, with the same octets, if the message says at_least_once; else it is not."""
    for delivery, sent in (("at_least_once", True), ("at_most_once", False)):
        server = serve(pipelining=way != "classic", rules=[{"at": "eod", "times": 1, "do": loss}])
        message = a_message(delivery=delivery)

        outcome = outcome_of(connect(server, retries=2), message, way)

        assert isinstance(outcome, Receipt) is sent
        assert isinstance(outcome, UnknownOutcomeError) is not sent
        assert len(offered(server)) == 1 + sent
        assert len(server.messages) == copies - (not sent)
        assert {message.as_bytes()} >= {received.data for received in server.messages}


@pytest.mark.parametrize(
    "rule",
    [
        {"at": "mail", "do": LATER},
        {"at": "rcpt", "do": GONE},
        {"at": "eod", "do": [{"reply": "554 5.7.1 spam"}]},
        {"at": "auth", "do": [{"reply": "535 5.7.8 no"}]},
    ],
)
def test_what_may_have_been_taken_is_never_said_to_have_failed(
    serve: Serve, connect: Connect, rule: dict[str, Any]
) -> None:
    """A try with an unknown outcome is not undone by what a later one comes to."""
    second = {**rule, "session": 2}
    server = serve(rules=[{"at": "eod", "times": 1, "do": TAKEN_AND_LOST}, second])

    with pytest.raises(UnknownOutcomeError) as caught:
        connect(server, retries=1).send(a_message(delivery="at_least_once"))

    assert isinstance(caught.value.__cause__, DeliveryError)
    assert server.connections == 2
    assert len(server.messages) == 1


def test_a_recipient_who_may_have_it_is_not_said_to_have_been_refused(serve: Serve, connect: Connect) -> None:
    """Of several who may have it, one who is refused in the second try may have it still."""
    server = serve(
        rules=[
            {"at": "eod", "times": 1, "do": TAKEN_AND_LOST},
            {"at": "rcpt", "match": "k1@", "session": 2, "do": GONE},
        ]
    )

    receipt = connect(server, retries=1).send(a_message(*PEOPLE, delivery="at_least_once"))

    assert PEOPLE[1:] == receipt.accepted
    assert {"k1@example.org": UnknownOutcomeError} == rejected(receipt)


def test_what_cannot_be_written_again_ends_as_it_had(serve: Serve) -> None:
    """If the text cannot be made for another server, what the first try came to stands."""
    server = serve(
        tls="none",
        rules=[
            {"at": "mail", "session": 1, "do": [{"reply": "421 4.3.2 later"}, {"close": True}]},
            {"at": "ehlo", "session": 2, "do": [{"reply": "250 scripted.example"}]},
        ],
    )

    def serialise(*, eight_bit: bool = False, smtputf8: bool = False) -> bytes:  # noqa: ARG001
        if not eight_bit:
            raise MessageError("no")
        return b"a: b\r\n\r\nc\r\n"

    client = Client(Endpoint("relay", "127.0.0.1", server.port, "none", retries=2))
    submission = Submission("a@example.org", ("b@example.org",), serialise)
    with closing(client), pytest.raises(TemporaryError, match="put off the sender"):
        client.submit(submission)

    assert server.connections == 2


def test_a_rate_is_waited_for(serve: Serve, connect: Connect) -> None:
    """What is throttled is tried again once the time is over that the provider's rule names."""
    words = "454 Throttling failure: Maximum sending rate exceeded"
    server = serve(rules=[{"at": "mail", "times": 1, "do": [{"reply": words}]}])
    began = time.monotonic()

    connect(server, retries=1, preset="ses", region="eu-west-1").send(a_message())

    assert 1.0 <= time.monotonic() - began < 3.0
    assert len(server.messages) == 1


def test_a_rate_that_ends_after_the_deadline_is_not_waited_for(serve: Serve, connect: Connect) -> None:
    """Nothing waits in vain."""
    words = "454 Throttling failure: Maximum sending rate exceeded"
    server = serve(rules=[{"at": "mail", "do": [{"reply": words}]}])
    transport = connect(server, retries=1, deadline=1.0, preset="ses", region="eu-west-1")
    began = time.monotonic()

    with pytest.raises(ThrottledError) as caught:
        transport.send(a_message())

    assert caught.value.retry_after == 1.0
    assert time.monotonic() - began < 0.9


def test_others_of_a_stream_are_not_touched(serve: Serve, connect: Connect) -> None:
    """Each message of a stream is tried for itself and settled in its turn."""
    server = serve(
        rules=[{"at": "rcpt", "match": "late", "times": 2, "do": LATER}, {"at": "rcpt", "match": "gone", "do": GONE}]
    )
    given = [
        a_message("r1@example.org", "late@example.org"),
        a_message("r2@example.org"),
        a_message("gone@example.org"),
        a_message("late@example.org"),
        a_message("r3@example.org", "gone@example.org"),
    ]

    outcomes = stream(connect(server, retries=3), given)

    assert [Receipt, Receipt, RefusedError, Receipt, Receipt] == [type(outcome) for outcome in outcomes]
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    assert [message.message_id for message in given if message is not given[2]] == [
        each.message_id for each in receipts
    ]
    assert [(), (), (), ("gone@example.org",)] == [tuple(each.rejected) for each in receipts]
    taken = sorted((received.recipients, received.data) for received in server.messages)
    assert taken == sorted(
        [
            (("r1@example.org",), given[0].as_bytes()),
            (("late@example.org",), given[0].as_bytes()),
            (("r2@example.org",), given[1].as_bytes()),
            (("late@example.org",), given[3].as_bytes()),
            (("r3@example.org",), given[4].as_bytes()),
        ]
    )


def test_who_did_not_fit_may_be_tried_again(serve: Serve, connect: Connect) -> None:
    """A further transaction that is put off is tried again, for those whom it was for."""
    full = [{"reply": "452 4.5.3 too many recipients"}]
    server = serve(rules=[{"at": "rcpt", "nth": 3, "do": full}, {"at": "mail", "nth": 2, "do": LATER}])

    receipt = connect(server, retries=1).send(a_message(*PEOPLE))

    assert (receipt.accepted, receipt.rejected) == (PEOPLE, {})
    assert [PEOPLE[:2], PEOPLE[2:]] == [received.recipients for received in server.messages]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("delivery", ["at_most_once", "at_least_once"])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_account_is_right(
    serve: Serve, connect: Connect, *, seed: int, delivery: str, way: str
) -> None:
    """Over a server with random faults: who is said to have it has it, once unless a second copy is allowed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    rules = [
        {"at": phase, "nth": nth, "do": chance.choice(faults)}
        for phase, faults in FAULTS.items()
        for nth in chance.sample(range(1, 250), 12)
    ]
    server = serve(pipelining=way != "classic", rules=rules)
    given = [a_message(f"a{n}@example.org", f"b{n}@example.org", delivery=delivery) for n in range(100)]

    transport = connect(server, retries=2)
    outcomes = stream(transport, given) if way == "streamed" else [outcome_of(transport, each, way) for each in given]

    copies = Counter(recipient for received in server.messages for recipient in received.recipients)
    for message, outcome in zip(given, outcomes, strict=True):
        failed = (
            outcome.rejected if isinstance(outcome, Receipt) else dict.fromkeys(message.envelope.recipients, outcome)
        )
        for recipient in message.envelope.recipients:
            if recipient not in failed:
                assert copies[recipient] == 1 or (copies[recipient] > 1 and delivery == "at_least_once")
            elif not isinstance(failed[recipient], UnknownOutcomeError):
                assert copies[recipient] == 0
            else:
                assert copies[recipient] <= 1 or delivery == "at_least_once"


def test_an_interrupt_while_some_wait_tells_of_those_who_have_it(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in a pause: who got the message is on its receipt, and who waited was surely not sent it."""

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    server = serve(rules=[{"at": "rcpt", "match": "k1@", "do": LATER}])
    transport, outcomes = connect(server, retries=1), list[Any]()
    monkeypatch.setattr(time, "sleep", interrupted)

    with pytest.raises(KeyboardInterrupt):
        transport.stream(_OneFeed(a_message(*PEOPLE)), outcomes.append)

    (receipt,) = outcomes
    assert PEOPLE[1:] == receipt.accepted
    assert {"k1@example.org": TemporaryError} == rejected(receipt)
    assert "broken off" in receipt.rejected["k1@example.org"].reason


def test_a_parcel_that_was_not_tried_has_no_outcome() -> None:
    """There is nothing to say before a try has ended."""
    parcel = Parcel(Submission("a@example.org", ("b@example.org",), lambda **_: b""), 1.0, lambda _: None)

    with pytest.raises(RuntimeError, match="no try"):
        parcel.outcome()


class _OneFeed:
    """A feed of one message."""

    def __init__(self, message: Message) -> None:
        self._messages = [message]

    def next(self) -> Message | None:
        """The message, once."""
        return self._messages.pop() if self._messages else None

    def ready(self) -> Message | None:
        """The same."""
        return self.next()

    def lapsed(self) -> bool:
        """Whether it was taken away; never."""
        return False
