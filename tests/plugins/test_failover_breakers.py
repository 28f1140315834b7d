"""The breakers of a failover: who failed is left alone, tried again with one message, and known to other processes."""

from __future__ import annotations

import logging
import multiprocessing
import re
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from servers.feeds import Feed, stream
from servers.scripted import a_message

from notify import (
    Catalog,
    ConfigError,
    DeliveryError,
    Notifier,
    Receipt,
    RefusedError,
    TemporaryError,
    ThrottledError,
    Transport,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.configuration import Configuration
from notify.state import FileState, MemoryState
from notify_failover import Failover
from notify_failover.breaker import Patience
from notify_failover.member import Member, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from notify import Message
    from notify.state import Document
    from notify.transport import Feed as AnyFeed

T = TypeVar("T")
BUSY = TemporaryError("busy", code=421)
REVOKED = TransportConfigError("key revoked", transport="first", phase="auth", code=535, advice="Make a new key.")
SOON = 0.15


class Moody(Transport):
    """Says of each message what it is told to say, in this order; then yes."""

    def __init__(self, name: str, *outcomes: DeliveryError | str) -> None:
        super().__init__(name=name)
        self.outcomes = list(outcomes)
        self.taken: list[str] = []
        self.tried = 0

    def send(self, message: Message) -> Receipt:
        """Fail, reject the recipient of that name, or take it."""
        self.tried += 1
        outcome = self.outcomes.pop(0) if self.outcomes else "yes"
        if isinstance(outcome, DeliveryError):
            raise outcome
        self.taken.append(message.subject)
        rejected = {person: RefusedError("no such user") for person in message.envelope.recipients if person == outcome}
        return self.receipt(message, rejected=rejected)


def failover(*members: Transport, **settings: Any) -> Failover:
    """A failover whose breakers close soon."""
    return Failover(**{"name": "both", "transports": list(members), "cool_down": SOON, **settings})


def sent(transport: Transport, number: int = 1, **parts: Any) -> list[str]:
    """What becomes of so many messages: the name of a transport, or of an error."""
    found = []
    for _ in range(number):
        try:
            found.append(transport.send(a_message(**parts)).transport)
        except DeliveryError as error:
            found.append(type(error).__name__)
    return found


def said(outcomes: Sequence[Receipt | DeliveryError]) -> list[str]:
    """The same of a stream."""
    return [each.transport if isinstance(each, Receipt) else type(each).__name__ for each in outcomes]


def test_a_transport_that_fails_is_left_alone_and_then_probed() -> None:
    """After three failures in a row, for the cool-down; one success is enough."""
    first, second = Moody("first", *[BUSY] * 3), Moody("second")
    transport = failover(first, second)

    assert ["second"] * 6 == sent(transport, 6)
    assert 3 == first.tried
    time.sleep(SOON)
    assert ["first"] * 2 == sent(transport, 2)


def test_each_probe_that_fails_doubles_the_time() -> None:
    """One message only is tried each time."""
    first, second = Moody("first", REVOKED, BUSY), Moody("second")
    transport = failover(first, second)
    sent(transport, 2)
    time.sleep(SOON)
    sent(transport, 2)
    assert 2 == first.tried
    time.sleep(SOON)
    sent(transport)
    assert 2 == first.tried
    time.sleep(SOON)

    assert ["first"] == sent(transport)


def test_one_success_in_between_begins_anew() -> None:
    """Only failures in a row count, as many as the setting says."""
    first, second = Moody("first", BUSY, "yes", BUSY, BUSY, "yes"), Moody("second")

    assert ["second", "first", "second", "second", "second"] == sent(failover(first, second, failures=2), 5)
    assert 4 == first.tried


@pytest.mark.parametrize(
    "error",
    [
        REVOKED,
        ThrottledError("quota", retry_after=3600),
    ],
)
def test_a_key_or_a_quota_opens_at_once(error: DeliveryError) -> None:
    """For the next message would fail too."""
    first, second = Moody("first", error), Moody("second")

    assert ["second"] * 3 == sent(failover(first, second, cool_down=30), 3)
    assert 1 == first.tried


@pytest.mark.parametrize(
    "error", [RefusedError("no such user"), TemporaryError("mailbox busy", phase="rcpt", code=450, recipient="r1@x")]
)
def test_what_is_wrong_with_a_message_never_opens(error: DeliveryError) -> None:
    """Neither a refusal, which stays here, nor a full mailbox, which moves on."""
    first, second = Moody("first", *[error] * 9), Moody("second")
    sent(failover(first, second), 10)

    assert 10 == first.tried


def test_a_refused_probe_says_nothing() -> None:
    """The next message is the probe."""
    first, second = Moody("first", REVOKED, RefusedError("no such user")), Moody("second")
    transport = failover(first, second)
    sent(transport)
    time.sleep(SOON)

    assert ["RefusedError", "first", "first"] == sent(transport, 3)


def test_a_probe_that_breaks_lets_another_one_go() -> None:
    """What a plugin raises is the caller's; the breaker is as it was before."""

    class Broken(Moody):
        def send(self, message: Message) -> Receipt:
            if self.tried == 1:
                self.tried += 1
                raise ZeroDivisionError
            return super().send(message)

    transport = failover(Broken("first", REVOKED), Moody("second"))
    sent(transport)
    time.sleep(SOON)
    with pytest.raises(ZeroDivisionError):
        sent(transport)

    assert ["first"] == sent(transport)


def test_when_all_are_open_the_one_is_reported_that_is_tried_first() -> None:
    """Without trying any: when, and why."""
    first, second = Moody("first", REVOKED), Moody("second", ThrottledError("quota", code=451, retry_after=3600))
    transport = failover(first, second, cool_down=30)
    with pytest.raises(TemporaryError):
        transport.send(a_message())
    with pytest.raises(TemporaryError) as caught:
        transport.send(a_message())

    assert (1, 1) == (first.tried, second.tried)
    assert "both: first: left out for 30 s more: key revoked; second: left out for 60 min more: quota" in str(
        caught.value
    )
    assert (535, "Make a new key.", "failover") == (caught.value.code, caught.value.advice, caught.value.phase)
    assert 29 < (caught.value.retry_after or 0) <= 30


def test_when_all_are_over_their_quota_so_is_the_whole() -> None:
    """With the time at which the first one has some again."""
    members = [Moody(str(hours), ThrottledError("quota", retry_after=3600 * hours)) for hours in (2, 1)]
    transport = failover(*members)
    sent(transport)
    with pytest.raises(ThrottledError) as caught:
        transport.send(a_message())

    assert 3599 < (caught.value.retry_after or 0) <= 3600


def test_who_was_tried_is_worth_another_try_before_who_is_left_out() -> None:
    """The error does not say that it takes an hour."""
    transport = failover(Moody("first", ThrottledError("quota", retry_after=3600)), Moody("second", "yes", BUSY))
    sent(transport)
    with pytest.raises(TemporaryError) as caught:
        transport.send(a_message())

    assert caught.value.retry_after is None
    assert 421 == caught.value.code


def test_half_open_exactly_one_thread_probes() -> None:
    """The others use the next transport meanwhile."""
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Moody):
        def send(self, message: Message) -> Receipt:
            if self.tried:
                begun.set()
                go_on.wait(5)
            return super().send(message)

    first, second = Slow("first", REVOKED), Moody("second")
    transport = failover(first, second)
    sent(transport)
    time.sleep(SOON)
    probe = threading.Thread(target=sent, args=(transport,))
    probe.start()
    begun.wait(5)
    assert ["second"] * 5 == sent(transport, 5)
    assert "first: half-open" in transport.status()
    go_on.set()
    probe.join()

    assert ["first"] == sent(transport)
    assert 3 == first.tried


def test_who_comes_second_does_not_probe() -> None:
    """Although the breaker was half-open when it looked."""

    class Interfering(MemoryState):
        """Lets somebody else in before a change."""

        before: Callable[[], object] | None = None

        def change(self, key: str, change: Callable[[Document], T]) -> T:
            before, self.before = self.before, None
            if before is not None:
                before()
            return super().change(key, change)

    state = Interfering()
    one, other = (Member(Moody("first"), "both", state, Patience(cool_down=SOON)) for _ in range(2))
    one.settle(REVOKED, "")
    time.sleep(SOON)
    state.before = one.admit
    refused = other.admit()

    assert isinstance(refused, TemporaryError)
    assert "left out for 1 s more: key revoked" in str(refused)


def _admitted(path: Path, start: float) -> bool:
    member = Member(Moody("first"), "both", FileState(path), Patience())
    time.sleep(max(0.0, start - time.time()))
    return not isinstance(member.admit(), DeliveryError)


def test_half_open_exactly_one_process_probes(tmp_path: Path) -> None:
    """They share the breaker by the file of their state."""
    path = tmp_path / "state.sqlite3"
    member = Member(Moody("first"), "both", FileState(path), Patience(cool_down=SOON))
    member.settle(REVOKED, "")
    with multiprocessing.get_context("spawn").Pool(3) as processes:
        found = processes.starmap(_admitted, [(path, time.time() + 1.0)] * 12, chunksize=1)

    assert Counter({False: 11, True: 1}) == Counter(found)


def test_an_unknown_outcome_moves_on_only_if_a_second_copy_is_welcome(caplog: pytest.LogCaptureFixture) -> None:
    """It counts as a failure either way, and the log says that there may be two."""
    lost = UnknownOutcomeError("lost after the final dot", phase="final")
    first, second = Moody("first", *[lost] * 3), Moody("second")
    transport = failover(first, second, cool_down=30)

    assert ["UnknownOutcomeError"] * 2 == sent(transport, 2)
    assert "a second copy" not in caplog.text
    assert ["second"] == sent(transport, delivery="at_least_once")
    assert "both: first may have taken <" in caplog.text
    assert "there may be a second copy: lost after the final dot" in caplog.text
    assert ["second"] == sent(transport)
    assert 3 == first.tried


def test_what_may_have_been_taken_is_not_refused_afterwards() -> None:
    """Whatever the next transport says of the message or a recipient, nobody knows; but for whom it was refused."""
    refused = RefusedError("no such user")
    lost = UnknownOutcomeError("lost after the final dot", rejected={"c@example.org": refused})
    people = "a@example.org", "b@example.org", "c@example.org"
    second = Moody("second", RefusedError("spam"), BUSY, "a@example.org")
    transport = failover(Moody("first", lost, lost, lost), second, failures=9)
    for _ in range(2):
        with pytest.raises(UnknownOutcomeError, match=r"both: lost after the final dot; (spam|busy)") as caught:
            transport.send(a_message(*people, delivery="at_least_once"))
        assert {"c@example.org": refused} == caught.value.rejected
    receipt = transport.send(a_message(*people, delivery="at_least_once"))

    assert ("b@example.org",) == receipt.accepted
    assert isinstance(receipt.rejected["a@example.org"], UnknownOutcomeError)
    assert refused == receipt.rejected["c@example.org"]


def test_a_message_that_cannot_be_made_elsewhere_may_still_have_been_taken() -> None:
    """And without such a doubt the error is the one that it is."""

    class Unmade(Moody):
        def send(self, _: Message) -> Receipt:
            raise ConfigError("logo.png: no such file")

    lost = UnknownOutcomeError("lost after the final dot")
    transport = failover(Moody("first", lost, BUSY), Unmade("second"))
    with pytest.raises(UnknownOutcomeError, match=r"logo\.png"):
        transport.send(a_message(delivery="at_least_once"))
    with pytest.raises(ConfigError, match=r"logo\.png"):
        transport.send(a_message())


def test_a_receipt_for_some_is_a_success() -> None:
    """It closes the breaker; who was refused for good is in the receipt, and nobody else is asked."""
    first, second = Moody("first", BUSY, BUSY, "r1@example.org", BUSY), Moody("second")
    transport = failover(first, second)
    sent(transport, 2)
    receipt = transport.send(a_message("r1@example.org", "r2@example.org"))

    assert (("r2@example.org",), ["r1@example.org"]) == (receipt.accepted, list(receipt.rejected))
    assert ["second", "first"] == sent(transport, 2)


def test_a_stream_goes_on_elsewhere_as_soon_as_its_transport_is_open() -> None:
    """Nothing is asked of that one any more, and nothing is lost or out of order."""
    first, second = Moody("first", "yes", "yes", *[BUSY] * 9), Moody("second")
    outcomes = stream(failover(first, second, cool_down=30), [a_message(subject=str(number)) for number in range(20)])

    assert ["first"] * 2 + ["second"] * 18 == said(outcomes)
    assert 5 == first.tried
    assert [str(number) for number in range(20)] == first.taken + second.taken


@pytest.mark.parametrize("ready", [True, False])
def test_a_stream_comes_back_when_its_first_transport_is_well(*, ready: bool) -> None:
    """With one message first, behind which nothing goes."""

    class Ahead(Moody):
        """Takes two at once from a feed, where there are two."""

        together: list[int]

        def stream(self, feed: AnyFeed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
            while (message := feed.next()) is not None:
                messages = [message, *filter(None, [feed.ready()])]
                self.together.append(len(messages))
                for each in messages:
                    try:
                        settle(self.send(each))
                    except DeliveryError as error:
                        settle(error)

    first, second = Ahead("first", REVOKED), Moody("second")
    first.together = []
    messages = [a_message(subject=str(number)) for number in range(12)]
    outcomes: list[Receipt | DeliveryError] = []
    feed = Feed(messages, ready=ready, before=lambda number: time.sleep(2 * SOON if number == 6 else 0))
    failover(first, second).stream(feed, outcomes.append)

    ahead = int(ready)
    assert ["second"] + ["first"] * ahead + ["second"] * (5 - ahead) + ["first"] * 6 == said(outcomes)
    assert ([2, 1, 2, 2, 1] if ready else [1] * 7) == first.together
    assert [str(number) for number in range(12)] == sorted(first.taken + second.taken, key=int)


def test_a_stream_of_which_all_are_open_ends_soon() -> None:
    """Each message is put off at once."""
    transport = failover(Moody("first", REVOKED), Moody("second", REVOKED), cool_down=30)
    outcomes = stream(transport, [a_message() for _ in range(5)])

    assert ["TransportConfigError"] + ["TemporaryError"] * 4 == said(outcomes)
    assert all(0 < (each.retry_after or 0) <= 30 for each in outcomes[1:] if isinstance(each, DeliveryError))


def test_a_member_that_ends_or_breaks_in_a_stream_hangs_nothing() -> None:
    """What it did with its messages is unknown; its probe is given back."""

    class Idle(Moody):
        def stream(self, feed: AnyFeed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
            self.tried += 1
            if self.tried == 1:
                feed.next()
                settle(REVOKED)
            elif self.tried == 2:
                feed.next()
                raise ZeroDivisionError
            elif self.tried > 3:
                super().stream(feed, settle)

    first, second = Idle("first"), Moody("second")
    with Notifier(catalog=Catalog(()), transport=failover(first, second)) as notifier:
        receipts = []
        for number in range(4):
            receipts += list(notifier.deliver_many([a_message(subject=str(number))]))
            time.sleep(SOON)

    assert ["second", "both", "both", "first"] == [each.transport for each in receipts]
    assert [True, False, False, True] == [bool(each.accepted) for each in receipts]


CONFIGURATION = """
sender: Acme <hello@acme.example>
default_environment: production
state: state.sqlite3
environments:
  production: {transport: group}
  apart: {transport: group, state: ""}
transports:
  group: {type: failover, transports: [flaky, spare], failures: 2, cool_down: 60}
  flaky: {type: chaos, transports: ["null:"], temporary: 1}
  spare: {type: memory}
"""


def notifier(folder: Path, environment: str = "production", transport: str | None = None) -> Notifier:
    """A notifier of this configuration."""
    (folder / "notify.yaml").write_text(CONFIGURATION, encoding="utf-8")
    configuration = Configuration.load(folder / "notify.yaml")
    return Notifier(catalog=Catalog(()), configuration=configuration, environment=environment, transport=transport)


def group_of(notifier: Notifier) -> Failover:
    """Its group."""
    found = notifier.transports[notifier.transports.names[0]]
    assert isinstance(found, Failover)
    return found


def test_a_state_is_shared_with_others_that_use_the_same_file(tmp_path: Path) -> None:
    """Also after a restart; without one, a breaker lasts as long as the process."""
    for _ in range(2):
        with notifier(tmp_path) as ours:
            assert "spare" == ours.deliver(a_message()).transport
    with notifier(tmp_path) as ours, notifier(tmp_path, "apart") as others:
        assert re.match(r"flaky: open for \d\d s more \(451 the server is busy \(an inj", group_of(ours).status())
        assert "flaky: closed; spare: closed" == group_of(others).status()


def test_members_of_one_name_have_breakers_of_their_own(tmp_path: Path) -> None:
    """As DSNs of one scheme have, also in a group within the group."""
    dsn = "failover(roundrobin(chaos+null:?temporary=1) chaos+null:?unknown=0)"
    with notifier(tmp_path, transport=dsn) as ours:
        found = [ours.deliver(a_message()).transport for _ in range(8)]
        status = group_of(ours).status()

    assert ["null"] * 8 == found
    assert status.startswith("roundrobin: open for 30 s more (451 chaos: the server is busy")
    assert " [chaos: open for 30 s more (451 the server is busy" in status
    assert status.endswith("]; chaos: closed")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("failures: 0", "setting 'failures': expected more than 0, got 0"),
        ("cool_down: -1", "setting 'cool_down': expected more than 0, got -1"),
        ("cooldown: 1", "unknown setting 'cooldown' (did you mean 'cool_down'?"),
    ],
)
def test_wrong_settings_are_found_when_they_are_read(given: str, message: str) -> None:
    """With what was expected."""
    name, value = given.split(": ")
    with pytest.raises(ConfigError) as caught:
        failover(Moody("first"), **{name: float(value)} if name != "failures" else {name: int(value)})

    assert message in str(caught.value)


def test_a_state_that_cannot_be_used_stops_no_mail(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A breaker is a help; the log says that there is none."""
    (tmp_path / "state.sqlite3").write_bytes(b"no database at all, but long enough to be one" * 40)
    first, second = Moody("first", *[REVOKED] * 9), Moody("second")
    transport = failover(first, second)
    transport.state = FileState(tmp_path / "state.sqlite3")

    assert ["second"] * 4 == sent(transport, 4)
    assert 4 == first.tried
    assert "both: the breaker of first is not in use: state: " in caplog.text
    with pytest.raises(ConfigError, match="cannot be used"):
        transport.status()


def test_the_log_says_who_is_left_out_and_who_is_back(caplog: pytest.LogCaptureFixture) -> None:
    """Once each time."""
    caplog.set_level(logging.INFO)
    transport = failover(Moody("first", BUSY, REVOKED), Moody("second"))
    assert "first: closed; second: closed" == transport.status()
    sent(transport)
    assert "first: closed, 1 failed in a row; second: closed" == transport.status()
    sent(transport)
    assert re.match(r"first: open for 0\.\d s more \(535 key revoked\)", transport.status())
    time.sleep(SOON)
    sent(transport, 2)

    assert [
        "both: first is left out for 0.x s: key revoked",
        "both: first is tried with one message",
        "both: first takes mail again",
    ] == [re.sub(r"0\.\d s", "0.x s", each) for each in caplog.messages if "could not take" not in each]


def test_lengths_of_time_are_short_words() -> None:
    """In the unit in which there are at least two."""
    assert ["0.1 s", "12 s", "90 s", "15 min", "20 h"] == [duration(each) for each in (0.1, 12, 90, 900, 72_000)]
