"""The circuit breaker: when messages may go, by what became of those before."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_failover.blame import failure
from notify_failover.breaker import CLAIM, LONGEST_COOL_DOWN, LONGEST_WAIT, SLACK, Circuit, Failure, Patience

NOW = 1_700_000_000.0
PATIENCE = Patience(failures=3, cool_down=30.0)
BUSY = Failure("busy", code=421)
REVOKED = Failure("key revoked", code=535, certain=True)


def opened(*failures: Failure, now: float = NOW) -> Circuit:
    """A circuit after these failures."""
    circuit = Circuit()
    for each in failures:
        circuit.failed(each, now, PATIENCE)
    return circuit


def test_it_opens_after_some_failures_in_a_row() -> None:
    """For the cool-down; a success in between begins anew."""
    circuit = opened(BUSY, BUSY)
    assert circuit.closed
    assert not circuit.succeeded()
    assert [False, False, True] == [circuit.failed(BUSY, NOW, PATIENCE) for _ in range(3)]

    assert (30.0, "busy", 421) == (circuit.wait(NOW), circuit.reason, circuit.code)
    assert circuit.is_open(NOW + 29.9)
    assert not circuit.claim(NOW + 29.9, "a")
    assert circuit.claim(NOW + 30, "a")


def test_one_failure_is_enough_if_it_is_certain() -> None:
    """For as long as the transport says, if that is longer than the cool-down, but for a day at most."""
    assert 30.0 == opened(REVOKED).wait(NOW)
    for asked, expected in ((20.0, 30.0), (3600.0, 3600.0), (1e9, LONGEST_WAIT)):
        assert expected == opened(Failure("later", certain=True, wait=asked)).wait(NOW)


def test_a_rate_that_was_exceeded_for_a_moment_opens_it_for_that_moment() -> None:
    """And no longer, however often."""
    brief = Failure("slow down", throttled=True, certain=True, wait=0.5)
    circuit = opened(brief)
    for number in range(1, 20):
        assert pytest.approx(0.5) == circuit.wait(NOW + number - 1)
        assert circuit.claim(NOW + number, "a")
        assert circuit.failed(brief, NOW + number, PATIENCE, "a")


def test_half_open_one_message_goes() -> None:
    """The others wait a moment; its success closes the circuit, its failure opens it for twice as long."""
    circuit, now = opened(REVOKED), NOW + 30
    for cool_down in (60.0, 120.0, 240.0, 480.0, 900.0, LONGEST_COOL_DOWN):
        assert circuit.claim(now, "a")
        assert not circuit.claim(now, "b")
        assert 1.0 == circuit.wait(now)
        assert circuit.failed(BUSY, now, PATIENCE, "a")
        assert cool_down == circuit.wait(now)
        now += cool_down
    assert circuit.claim(now, "a")
    assert circuit.succeeded("a")

    assert {} == circuit.document()
    assert circuit.claim(now, "b")
    assert opened(REVOKED).document() == opened(REVOKED, REVOKED).document() | {"failures": 1}


def test_a_probe_that_is_not_heard_of_again_is_given_up() -> None:
    """Its process may have died; what it says after another one went does not count."""
    circuit, now = opened(REVOKED), NOW + 30
    assert circuit.claim(now, "a")
    assert not circuit.claim(now + CLAIM - 1, "b")
    assert circuit.claim(now + CLAIM, "b")

    assert not circuit.succeeded("a")
    assert not circuit.failed(BUSY, now + CLAIM, PATIENCE, "a")
    circuit.released("a")
    assert not circuit.claim(now + CLAIM, "c")
    circuit.released("b")
    assert circuit.claim(now + CLAIM, "c")


def test_what_was_on_its_way_when_it_opened_says_nothing() -> None:
    """But for a quota: then it is open until there is one again."""
    circuit = opened(REVOKED)
    assert not circuit.succeeded()
    assert not circuit.failed(BUSY, NOW + 10, PATIENCE)
    assert 20.0 == circuit.wait(NOW + 10)
    assert not circuit.failed(Failure("quota", throttled=True, certain=True, wait=3600), NOW + 10, PATIENCE)
    assert 3600.0 == circuit.wait(NOW + 10)


def test_a_clock_that_is_set_back_does_not_keep_it_open() -> None:
    """A message may go rather than wait for hours."""
    circuit = opened(REVOKED)
    assert circuit.claim(NOW - 3600, "a")
    assert not circuit.claim(NOW - 3600, "b")
    assert circuit.claim(NOW - 7200, "b")


def test_who_looked_at_the_clock_before_another_is_no_second_probe() -> None:
    """Two read the time, and the later one of them is the first to ask."""
    circuit = opened(REVOKED)
    assert not circuit.claim(NOW - 0.001, "a")
    assert circuit.claim(NOW + 30.001, "a")
    assert not circuit.claim(NOW + 30, "b")


def test_it_is_kept_as_a_document() -> None:
    """From which it is read again, whatever else stands there."""
    circuit = opened(Failure("quota", 451, "Buy more.", throttled=True, certain=True, wait=90))
    assert circuit == Circuit.of({**circuit.document(), "of_a_later_version": 1})
    assert Circuit() == Circuit.of({})
    assert {"failures"} == {name for name, value in opened(BUSY).document().items() if value}


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("no such user", code=550),
        TransportConfigError("an attachment cannot be read", phase="check"),
        TemporaryError("mailbox busy", phase="rcpt", code=450, recipient="a@example.org"),
        TemporaryError("every recipient was refused", rejected={"a@example.org": RefusedError("no such user")}),
    ],
)
def test_what_is_wrong_with_a_message_says_nothing_of_the_transport(error: DeliveryError) -> None:
    """Or with a recipient."""
    assert failure(error) is None


@pytest.mark.parametrize(
    ("error", "certain"),
    [
        (TemporaryError("connection refused", phase="connect"), False),
        (TemporaryError("going down", phase="rcpt", code=421, recipient="a@example.org"), False),
        (UnknownOutcomeError("lost after the final dot", phase="final"), False),
        (ThrottledError("slow down", code=451), False),
        (ThrottledError("quota", code=451, retry_after=3600), True),
        (TransportConfigError("key revoked", phase="auth", code=535), True),
        (TransportConfigError("the sender is not verified", phase="final", code=550), False),
        (TransportConfigError("the sender is not verified", phase="answer", code=403), False),
        (TransportConfigError("key revoked", phase="answer", code=401), True),
    ],
)
def test_what_is_wrong_with_a_transport_counts(error: DeliveryError, *, certain: bool) -> None:
    """A key or a quota at once; a server's word on one message's sender only if others fail too."""
    found = failure(error)

    assert found is not None
    assert (certain, error.reason, error.code) == (found.certain, found.reason, found.code)


def test_what_is_kept_of_a_failure_names_nobody() -> None:
    """It is shown with other messages, and kept in a file."""
    error = ThrottledError("the server put off the recipient <ada@example.org>: 'b@example.org' waits", retry_after=90)
    found = failure(error)

    assert found is not None
    assert "the server put off the recipient <...>: '...' waits" == found.reason


class Machine(RuleBasedStateMachine):
    """Messages of several processes go through one circuit, succeed, fail, or are never heard of again."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Circuit().document()
        self.now = NOW
        self.names = 0
        self.going: list[tuple[str, bool]] = []
        self.probes: dict[str, float] = {}

    def circuit(self) -> Circuit:
        """As another process finds it."""
        return Circuit.of(self.document)

    @rule()
    def begin(self) -> None:
        """A message asks for leave; while the circuit is not closed, one at a time has it."""
        circuit, self.names = self.circuit(), self.names + 1
        name, wait, probing = str(self.names), circuit.wait(self.now), not circuit.closed
        admitted = circuit.claim(self.now, name)
        assert admitted == (wait == 0)
        if admitted and probing:
            assert not [begun for begun in self.probes.values() if self.now - begun < CLAIM]
            self.probes[name] = self.now
        if admitted:
            self.going.append((name if probing else "", probing))
        self.document = circuit.document()

    @precondition(lambda self: self.going)
    @rule(data=st.data(), outcome=st.sampled_from(["success", "failure", "certain", "quota", "brief", "nothing"]))
    def end(self, data: st.DataObject, outcome: str) -> None:
        """What became of one of them."""
        name, probing = self.going.pop(data.draw(st.integers(0, len(self.going) - 1)))
        current = name in self.probes and self.probes.get(name) == max(self.probes.values())
        self.probes.pop(name, None)
        circuit = self.circuit()
        was_closed, failures = circuit.closed, circuit.failures
        if outcome == "success":
            closed = circuit.succeeded(name)
            assert closed == (not was_closed and probing and circuit.closed)
            assert not was_closed or circuit == Circuit()
        elif outcome == "nothing":
            circuit.released(name)
            assert (was_closed, failures) == (circuit.closed, circuit.failures)
        else:
            fault = {
                "failure": BUSY,
                "certain": REVOKED,
                "quota": Failure("quota", throttled=True, certain=True, wait=7200.0),
                "brief": Failure("rate", throttled=True, certain=True, wait=0.5),
            }[outcome]
            circuit.failed(fault, self.now, PATIENCE, name)
            if was_closed:
                assert circuit.closed == (not fault.certain and failures + 1 < PATIENCE.failures)
            elif current and probing:
                assert circuit.wait(self.now) >= 0.5
        self.document = circuit.document()

    @rule(seconds=st.sampled_from([0.1, 1.0, 29.0, 30.0, 119.0, 1000.0, 90_000.0]))
    def pass_time(self, seconds: float) -> None:
        """Seconds go by."""
        self.now += seconds

    @rule(seconds=st.sampled_from([1.0, 3600.0]))
    def set_back(self, seconds: float) -> None:
        """The clock is set back; who was given up by then may begin again."""
        self.now -= seconds
        self.probes.clear()
        circuit = self.circuit()
        circuit.probe = ""
        self.document = circuit.document()

    @invariant()
    def no_wait_is_for_ever(self) -> None:
        """A message may go within a day and a minute, whatever happened."""
        assert 0.0 <= self.circuit().wait(self.now) <= LONGEST_WAIT + SLACK

    @invariant()
    def closed_is_clean(self) -> None:
        """A circuit that is closed has fewer failures than it bears, and no probe."""
        circuit = self.circuit()
        if circuit.closed:
            assert circuit.failures < PATIENCE.failures
            assert not circuit.probe


Machine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestMachine = Machine.TestCase
