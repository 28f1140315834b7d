"""A failover whose transports take a message for some of its recipients: who moves on, and what the receipt says."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.feeds import stream
from servers.scripted import KEY, a_message

from notify import (
    Attachment,
    ConfigError,
    DeliveryError,
    Receipt,
    RefusedError,
    TemporaryError,
    ThrottledError,
    Transport,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_failover import Failover, RoundRobin
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from servers.scripted import Serve

    from notify import Message
    from notify.testing import Certificates, ScriptedServer

A, B, C, D = (f"{letter}@example.org" for letter in "abcd")
ALL = f"To: {A}, {B}\r\nCc: {C}\r\n".encode()


class Group(Protocol):
    """Makes a group of transports to servers, called `first` and so on, for the time of the test."""

    def __call__(self, *servers: ScriptedServer, kind: type[Failover | RoundRobin] = Failover) -> Transport:
        """Make it."""
        ...


@pytest.fixture
def group(certificates: Certificates) -> Iterator[Group]:
    """The group is called `both`."""
    with ExitStack() as stack:

        def make(*servers: ScriptedServer, kind: type[Failover | RoundRobin] = Failover) -> Transport:
            members = [
                SmtpTransport(
                    name=name, host="127.0.0.1", port=server.port, username="apikey", password=KEY,
                    ca_file=certificates.ca_file, timeout=2.0,
                )
                for name, server in zip(("first", "second", "third"), servers, strict=False)
            ]  # fmt: skip
            return stack.enter_context(kind(name="both", transports=members))

        yield make


def rcpt(person: str, reply: str) -> dict[str, Any]:
    """A rule: what a server says of somebody."""
    return {"at": "rcpt", "match": person, "do": [{"reply": reply}]}


def to_four(**parts: Any) -> Message:
    """A message to four people, who all see but the last."""
    return a_message(A, B, cc=C, bcc=D, **parts)


def carried(transport: Transport, message: Message, *, streamed: bool) -> Receipt:
    """Its receipt, by the one way or the other."""
    if not streamed:
        return transport.send(message)
    before, receipt, after = stream(transport, [a_message("x@example.org"), message, a_message("y@example.org")])
    for each, person in ((before, "x@example.org"), (after, "y@example.org")):
        assert isinstance(each, Receipt)
        assert (person,) == each.accepted
    assert isinstance(receipt, Receipt)
    return receipt


def said(receipt: Receipt) -> dict[str, tuple[str, str, int | None]]:
    """Of each who did not get it: the class of the error, who said so, and the code."""
    return {person: (type(error).__name__, error.transport, error.code) for person, error in receipt.rejected.items()}


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("kind", [Failover, RoundRobin])
def test_who_is_put_off_moves_on(
    serve: Serve, group: Group, kind: type[Failover | RoundRobin], *, streamed: bool
) -> None:
    """Those alone, with the same octets; who is refused for good stays; one receipt says it all."""
    servers = [serve(rules=[rcpt(B, "450 4.2.0 later"), rcpt(D, "451 4.7.1 greylisted"), rcpt(C, "550 5.1.1 nobody")])]
    servers.append(serve())
    message = to_four()

    receipt = carried(group(*servers, kind=kind), message, streamed=streamed)

    first, second = (next(each for each in server.messages if A.encode() in each.data) for server in servers)
    assert ((A,), (B, D)) == (first.recipients, second.recipients)
    assert ALL in first.data
    assert first.data == second.data
    assert (message.message_id, "both", (A, B, D)) == (receipt.message_id, receipt.transport, receipt.accepted)
    assert {C: ("RefusedError", "first", 550)} == said(receipt)
    assert receipt.response.startswith("first: 250 ")
    assert "; second: 250 " in receipt.response
    assert receipt.provider_id is None


def test_the_last_who_was_asked_has_the_word(serve: Serve, group: Group) -> None:
    """Whether it puts off or refuses; who has the message is not offered again."""
    servers = [
        serve(rules=[rcpt(person, "450 4.2.0 later") for person in (B, C, D)]),
        serve(rules=[rcpt(B, "452 4.2.2 full"), rcpt(C, "550 5.1.1 nobody")]),
        serve(rules=[rcpt(B, "451 4.3.0 busy")]),
    ]

    receipt = group(*servers).send(to_four())

    assert [[(A,)], [(D,)], []] == [[each.recipients for each in server.messages] for server in servers]
    assert (A, D) == receipt.accepted
    assert {B: ("TemporaryError", "third", 451), C: ("RefusedError", "second", 550)} == said(receipt)


@pytest.mark.parametrize(
    ("rules", "fate"),
    [
        ([{"at": "eod", "do": [{"reply": "554 5.7.1 content refused"}]}], ("RefusedError", "second", 554)),
        ([{"at": "eod", "do": [{"accept": True}, {"close": True}]}], ("UnknownOutcomeError", "second", None)),
        ([{"at": "mail", "do": [{"reply": "451 4.3.0 busy"}]}], ("TemporaryError", "second", 451)),
        ([{"at": "auth", "do": [{"reply": "535 5.7.8 no"}]}], ("TemporaryError", "both", 535)),
    ],
)
def test_an_error_of_the_whole_is_that_of_those_who_moved_on(
    serve: Serve, group: Group, rules: list[dict[str, Any]], fate: tuple[str, str, int | None]
) -> None:
    """A receipt stays one; a key that somebody must mend is no word on who was put off before."""
    receipt = group(serve(rules=[rcpt(B, "450 4.2.0 later")]), serve(rules=rules)).send(a_message(A, B))

    assert ("first", (A,), {B: fate}) == (receipt.transport, receipt.accepted, said(receipt))
    if fate[1] == "both":
        assert "450 4.2.0 later; second: " in str(receipt.rejected[B])


def test_who_is_refused_for_good_does_not_move_on_with_the_others(serve: Serve, group: Group) -> None:
    """Also where nobody got the message from the first."""
    servers = [serve(rules=[rcpt(A, "550 5.1.1 nobody"), rcpt(B, "450 4.2.0 later")]), serve()]

    receipt = group(*servers).send(a_message(A, B))

    assert [(B,)] == [each.recipients for each in servers[1].messages]
    assert ("second", (B,), {A: ("RefusedError", "first", 550)}) == (receipt.transport, receipt.accepted, said(receipt))
    assert receipt.response.startswith("250 ")


def test_one_error_says_of_each_what_it_is(serve: Serve, group: Group) -> None:
    """When nobody got it at all: here for the same reason, in the words of two."""
    servers = [serve(rules=[rcpt(A, "550 5.1.1 nobody"), rcpt(B, "450 4.2.0 later")])]
    servers.append(serve(rules=[rcpt(B, "550 5.1.1 unknown here")]))
    with pytest.raises(RefusedError) as caught:
        group(*servers).send(a_message(A, B))

    assert ("both", 550, None) == (caught.value.transport, caught.value.code, caught.value.retry_after)
    assert {A: "first", B: "second"} == {person: error.transport for person, error in caught.value.rejected.items()}


def test_a_message_for_some_moves_on_for_some_of_those(serve: Serve, group: Group) -> None:
    """Whom it was not for has nothing to do with it."""
    servers = [serve(rules=[rcpt(C, "450 4.2.0 later")]), serve()]

    receipt = group(*servers).send(to_four(only=(B, C)))

    assert [[(B,)], [(C,)]] == [[each.recipients for each in server.messages] for server in servers]
    assert ((B, C), {}) == (receipt.accepted, dict(receipt.rejected))


class Choosy(Transport):
    """Says of each person what it is told to say, or of the message; notes whom it was asked for."""

    def __init__(self, name: str, fates: Mapping[str, DeliveryError] | None = None, whole: Any = None) -> None:
        super().__init__(name=name)
        self.fates = fates or {}
        self.whole = whole
        self.asked: list[tuple[str, ...]] = []

    def send(self, message: Message) -> Receipt:
        """Raise what is wrong with the whole, else reject whom it is told to."""
        people = message.envelope.recipients
        self.asked.append(people)
        if self.whole is not None:
            raise self.whole
        rejected = {person: error for person, error in self.fates.items() if person in people}
        return self.receipt(message, rejected=rejected, response="ok", provider_id=f"{self.name}-1")


def test_if_nobody_else_can_the_receipt_stays_what_it_is() -> None:
    """With the name, the words and the id of the one; nobody was asked for those who were put off."""
    busy = TemporaryError("later", transport="first")
    second = Choosy("second", whole=TransportConfigError("key revoked", phase="auth"))
    transport = Failover(name="both", transports=[Choosy("first", {B: busy}), second])
    with pytest.raises(TransportConfigError):
        Failover(name="both", transports=[second]).send(a_message(A))
    transport.members[1].settle(second.whole, "")
    receipt = transport.send(a_message(A, B))

    assert Receipt(receipt.message_id, "first", (A,), {B: busy}, "ok", "first-1") == receipt
    assert [(A,)] == second.asked


def test_a_person_of_whom_a_key_is_said_may_be_tried_again_by_who_is_left_out() -> None:
    """As mild as the mildest, as of the whole; the wait is that of the breaker."""
    transport = Failover(
        name="both",
        transports=[Choosy("first"), Choosy("second", {B: TransportConfigError("not yours", transport="second")})],
        cool_down=60,
    )
    transport.members[0].settle(TransportConfigError("key revoked", phase="auth"), "")
    error = transport.send(a_message(A, B)).rejected[B]

    assert "both: second: not yours; first: left out for 60 s more: key revoked" == str(error)
    assert isinstance(error, TemporaryError)
    assert 59 < (error.retry_after or 0) <= 60


def test_what_is_unknown_of_somebody_moves_on_only_if_a_second_copy_is_welcome() -> None:
    """Then what the next one says of that person is no word on what the first one did."""
    lost = UnknownOutcomeError("lost after the final dot", transport="first")
    nobody = RefusedError("no such user", transport="second")
    members = [Choosy("first", {B: lost, C: lost}), Choosy("second", {C: nobody})]
    transport = Failover(name="both", transports=members)
    once, twice = (transport.send(a_message(A, B, C, delivery=each)) for each in ("at_most_once", "at_least_once"))

    assert [(B, C)] == members[1].asked
    assert ((A,), {B: lost, C: lost}) == (once.accepted, dict(once.rejected))
    assert ((A, B), "both", "first: ok; second: ok") == (twice.accepted, twice.transport, twice.response)
    assert {C: ("UnknownOutcomeError", "both", None)} == said(twice)


def test_a_message_that_cannot_be_made_elsewhere_was_taken_all_the_same(tmp_path: Path) -> None:
    """A file that is gone is no reason to send twice."""
    path = tmp_path / "terms.txt"
    path.write_text("Be kind.")

    class Reading(Choosy):
        """Reads the message; the first deletes its file."""

        def send(self, message: Message) -> Receipt:
            message.as_bytes()
            path.unlink()
            return super().send(message)

    busy = TemporaryError("later", transport="first")
    members = [Reading("first", {B: busy}), Reading("second"), Choosy("third")]
    message = a_message(A, B, attachments=Attachment("terms.txt", path=path))
    receipt = Failover(name="both", transports=members).send(message)
    with pytest.raises(ConfigError, match=r"terms\.txt"):
        Failover(name="both", transports=members).send(message)

    assert ((A,), {B: ("TemporaryError", "both", None)}) == (receipt.accepted, said(receipt))
    assert "terms.txt" in str(receipt.rejected[B])
    assert [] == members[2].asked


def test_a_group_within_a_group_passes_on_what_is_left() -> None:
    """Whom neither of its own could take it for."""
    busy = TemporaryError("later")
    members = [Choosy("first", {B: busy, C: busy}), Choosy("second", {C: busy}), Choosy("third")]
    inner = RoundRobin(name="inner", transports=members[:2])
    receipt = Failover(name="outer", transports=[inner, members[2]]).send(a_message(A, B, C))

    assert [[(A, B, C)], [(B, C)], [(C,)]] == [member.asked for member in members]
    assert ((A, B, C), "outer") == (receipt.accepted, receipt.transport)
    assert "inner: first: ok; second: ok; third: ok" == receipt.response


def test_a_receipt_that_has_nobody_moves_on_as_a_whole() -> None:
    """And who is called otherwise in it than in the message stays in it."""
    busy = TemporaryError("later")
    members = [Choosy("first", {A: busy, B: busy}), Choosy("second")]
    receipt = Failover(transports=members).send(a_message(A, B))
    assert ([(A, B)], "second", {}) == (members[1].asked, receipt.transport, dict(receipt.rejected))

    class Shouting(Choosy):
        """Knows people by capital letters."""

        def send(self, message: Message) -> Receipt:
            return Receipt(message.message_id, self.name, (A,), {B.upper(): busy})

    members = [Shouting("first"), Choosy("second")]

    assert {B.upper(): busy} == Failover(transports=members).send(a_message(A, B)).rejected
    assert [] == members[1].asked


def test_the_log_says_that_some_move_on_and_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """With the reason of one of them."""
    fates = {A: RefusedError("no such user"), B: TemporaryError("full"), C: TemporaryError("busy")}
    message = a_message(A, B, C, D)
    Failover(name="both", transports=[Choosy("first", fates), Choosy("second")]).send(message)

    assert [f"both: first took {message.message_id}, but not for 2 of its recipients: full"] == caplog.messages


ERRORS = st.sampled_from([TemporaryError, ThrottledError, TransportConfigError, RefusedError, UnknownOutcomeError])
PEOPLE = (A, B, C)


@given(
    said=st.lists(
        st.tuples(st.dictionaries(st.sampled_from(PEOPLE), ERRORS), st.none() | ERRORS), min_size=1, max_size=4
    ),
    delivery=st.sampled_from(["at_most_once", "at_least_once"]),
)
def test_whatever_they_say_each_person_has_one_fate(
    said: list[tuple[dict[str, type[DeliveryError]], type[DeliveryError] | None]], delivery: str
) -> None:
    """Nobody is asked for again who has it, is refused for good, or may have it; an error is as mild as the mildest."""
    members = []
    for number, (fates, whole) in enumerate(said):
        errors = {person: kind("no", transport=str(number)) for person, kind in fates.items()}
        members.append(Choosy(str(number), errors, whole and whole("no", transport=str(number), rejected=errors)))
    may_move = {TemporaryError, ThrottledError, TransportConfigError}
    may_move |= {UnknownOutcomeError} if delivery == "at_least_once" else set()
    heard: dict[str, list[type[DeliveryError]]] = {person: [] for person in PEOPLE}
    asked: list[list[tuple[str, ...]]] = [[] for _ in members]
    taken: set[str] = set()
    left = list(PEOPLE)
    for number, (fates, whole) in enumerate(said):
        if not left:
            break
        asked[number] = [tuple(left)]
        for person in left:
            kind = fates.get(person, whole)
            if kind is None:
                taken.add(person)
            else:
                heard[person].append(kind)
        over = whole is not None and whole not in may_move
        left = [each for each in left if not over and each not in taken and heard[each][-1] in may_move]

    try:
        receipt = Failover(name="both", transports=members).send(a_message(*PEOPLE, delivery=delivery))
    except DeliveryError as error:
        receipt = Receipt("", error.transport, (), {each: error.rejected.get(each, error) for each in PEOPLE})

    assert asked == [member.asked for member in members]
    assert tuple(each for each in PEOPLE if each in taken) == receipt.accepted
    assert set(PEOPLE) - taken == set(receipt.rejected)
    for person, fate in receipt.rejected.items():
        kinds = heard[person]
        ends = [kind for kind in (UnknownOutcomeError, RefusedError) if kind in kinds]
        mildest = [TemporaryError, ThrottledError, TransportConfigError]
        assert (*ends, *(kind for kind in mildest if kind in kinds))[0] is type(fate)
