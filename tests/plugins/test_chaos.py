"""The `chaos` transport, around real ones."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import notify_chaos
from notify import (
    Address,
    Capabilities,
    ConfigError,
    DeliveryError,
    Message,
    Notifier,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.dsn import Dsn
from notify_chaos import Chaos
from notify_file import File
from notify_memory import Memory
from notify_smtp import SmtpTransport

if TYPE_CHECKING:
    from pathlib import Path

SENDER = Address("a@example.com")
MESSAGE = Message(sender=SENDER, to=(Address("b@example.com"),), subject="Hi", text="Hello\n")
ONE_OF_EACH = {"temporary": 0.1, "throttled": 0.1, "refused": 0.1, "config": 0.1, "unknown": 0.1}


def outcomes(transport: Chaos, number: int = 200) -> list[str]:
    """What becomes of so many messages."""
    found = []
    for _ in range(number):
        try:
            transport.send(MESSAGE)
            found.append("sent")
        except DeliveryError as error:
            found.append(type(error).__name__)
    return found


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one notification."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "hello.yaml").write_text("subject: Hello\ntext: Hi\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configured(project: Path, transports: str) -> Notifier:
    """The notifier of a notify.yaml."""
    (project / "notify.yaml").write_text(
        f"sender: a@example.com\ntransports:\n{transports}\nenvironments: {{development: {{transport: broken}}}}\n"
    )
    return Notifier.load(project)


def test_it_is_offered() -> None:
    """The plugin offers one transport."""
    assert {"chaos": Chaos} == notify_chaos.notify_transports()


def test_without_settings_it_only_carries() -> None:
    """Every message reaches the other transport, whose receipt is given."""
    memory = Memory(name="kept")
    receipt = Chaos(transports=[memory]).send(MESSAGE)

    assert (MESSAGE,) == memory.messages
    assert ("kept", ("b@example.com",)) == (receipt.transport, receipt.accepted)


@pytest.mark.parametrize(
    ("fault", "kind", "delivered", "code"),
    [
        ("temporary", TemporaryError, 0, 451),
        ("throttled", ThrottledError, 0, 450),
        ("refused", RefusedError, 0, 554),
        ("config", TransportConfigError, 0, 535),
        ("unknown", UnknownOutcomeError, 1, None),
    ],
)
def test_each_fault(fault: str, kind: type[DeliveryError], delivered: int, code: int | None) -> None:
    """The error of its class says that it is injected and by what; only at an unknown outcome was there a delivery."""
    memory = Memory()
    with pytest.raises(DeliveryError) as caught:
        Chaos(name="broken", transports=[memory], **{fault: 1}).send(MESSAGE)

    error = caught.value
    assert kind is type(error)
    assert str(error).startswith("broken: ")
    assert "(an injected fault, not a real one)" in error.reason
    assert f"It is raised on purpose, as the setting '{fault}' of the transport 'broken' says." == error.advice
    assert ("broken", "chaos", code) == (error.transport, error.phase, error.code)
    assert (1.0 if fault == "throttled" else None) == error.retry_after
    assert delivered == len(memory.messages)


def test_an_error_of_the_other_transport_is_its_own(tmp_path: Path) -> None:
    """What really fails on the way to an unknown outcome is told as it is."""
    (tmp_path / "file").touch()
    with pytest.raises(TransportConfigError) as caught:
        Chaos(transports=[File(name="real", folder=tmp_path / "file")], unknown=1).send(MESSAGE)

    assert "real" == caught.value.transport
    assert "injected" not in str(caught.value)


def test_some_recipients_are_rejected() -> None:
    """They are in the receipt with their errors; the others, at least one, get the same message."""
    memory = Memory()
    transport = Chaos(name="broken", transports=[memory], partial=1, seed=1)
    people = tuple(Address(f"{letter}@example.com") for letter in "bcdef")
    sent = Message(sender=SENDER, to=people[:2], cc=people[2:4], bcc=people[4:], subject="Hi", text="Hello\n")
    numbers = set()
    for _ in range(50):
        receipt = transport.send(sent)
        numbers.add(len(receipt.accepted))

        assert memory.messages[-1].envelope.recipients == receipt.accepted
        assert {*sent.envelope.recipients} == {*receipt.accepted, *receipt.rejected}
        assert not {*receipt.accepted} & {*receipt.rejected}
        assert memory.messages[-1].as_bytes() == sent.as_bytes()
        for address, error in receipt.rejected.items():
            assert (RefusedError, address, 550) == (type(error), error.recipient, error.code)
            assert "injected" in error.reason

    assert {1, 2, 3, 4} == numbers


def test_a_message_for_some_is_rejected_among_those() -> None:
    """Nobody else is in the receipt, or gets it."""
    memory = Memory()
    people = [f"{letter}@example.com" for letter in "bcdef"]
    sent = Message(sender=SENDER, to=people, only=people[1:4], subject="Hi", text="Hello\n")
    receipt = Chaos(transports=[memory], partial=1, seed=1).send(sent)

    assert memory.messages[-1].envelope.recipients == receipt.accepted
    assert {*people[1:4]} == {*receipt.accepted, *receipt.rejected}


def test_one_recipient_alone_is_not_rejected_in_part() -> None:
    """The message is sent: there is nobody else who could get it."""
    memory = Memory()
    receipt = Chaos(transports=[memory], partial=1).send(MESSAGE)

    assert (("b@example.com",), {}) == (receipt.accepted, dict(receipt.rejected))
    assert (MESSAGE,) == memory.messages


def test_as_often_as_it_is_told() -> None:
    """Each fault comes about as often as its setting says, and what is left is sent."""
    memory = Memory(limit=5000)
    found = Counter(outcomes(Chaos(transports=[memory], seed=7, **ONE_OF_EACH), 4000))
    errors = (TemporaryError, ThrottledError, RefusedError, TransportConfigError, UnknownOutcomeError)

    assert {"sent", *(error.__name__ for error in errors)} == found.keys()
    assert all(300 < found[error.__name__] < 500 for error in errors)
    assert found["sent"] + found["UnknownOutcomeError"] == len(memory.messages)


def test_a_seed_makes_the_same_faults() -> None:
    """Two runs with one seed are alike, with another one they differ, and without one they do too."""
    first, again, other, *chance = (
        outcomes(Chaos(transports=[Memory()], seed=seed, **ONE_OF_EACH)) for seed in (1, 1, 2, None, None)
    )

    assert first == again
    assert first != other
    assert chance[0] != chance[1]


def test_threads() -> None:
    """Several threads draw as many faults as one alone, whatever their order."""
    with ThreadPoolExecutor(8) as pool:
        shared = Chaos(transports=[Memory()], seed=3, **ONE_OF_EACH)
        found = [kind for kinds in pool.map(lambda _: outcomes(shared, 25), range(8)) for kind in kinds]

    assert Counter(outcomes(Chaos(transports=[Memory()], seed=3, **ONE_OF_EACH))) == Counter(found)


@pytest.mark.parametrize("fault", ["temporary", "partial"])
def test_it_waits(fault: str) -> None:
    """Every message takes as long as `delay` says, be it sent or not."""
    transport = Chaos(transports=[Memory()], delay=0.2, **{fault: 1})
    begun = time.monotonic()
    outcomes(transport, 1)

    assert 0.2 <= time.monotonic() - begun < 2


def test_what_the_other_transport_can_do() -> None:
    """Its capabilities hold, and it is verified and closed with the whole."""
    calls = []

    class Watched(Memory):
        capabilities = Capabilities(delivers=True, max_bytes=10, max_recipients=3)

        def verify(self) -> None:
            calls.append("verify")

        def close(self) -> None:
            calls.append("close")

    with Chaos(transports=[Watched()], temporary=1) as transport:
        transport.verify()

    assert Watched.capabilities == transport.capabilities
    assert ["verify", "close"] == calls


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"transports": [Memory(), Memory()]}, "setting 'transports': expected exactly one transport, got 2"),
        ({"transports": []}, "setting 'transports': expected a list of transports"),
        ({}, "setting 'transports' is missing"),
        ({"temporary": 1.5}, "setting 'temporary': expected a number from 0 to 1, got 1.5"),
        ({"partial": -0.1}, "setting 'partial': expected a number from 0 to 1, got -0.1"),
        ({"delay": -1}, "setting 'delay': expected 0 or more seconds, got -1"),
        ({"seed": "x"}, "setting 'seed': expected a whole number, got 'x'"),
        ({"temporary": "often"}, "setting 'temporary': expected a number"),
        ({"temporray": 1}, r"unknown setting 'temporray' \(did you mean 'temporary'\?\)"),
        (
            {"transports": [Memory()], "temporary": 0.6, "unknown": 0.5},
            r"broken: temporary \+ .* \+ unknown \+ partial is at most 1 together, got 1\.1",
        ),
    ],
)
def test_wrong_settings(settings: dict[str, Any], words: str) -> None:
    """Each is told by its name."""
    with pytest.raises(ConfigError, match=words):
        Chaos(name="broken", **settings)


def test_numbers_that_are_not_exact() -> None:
    """What makes 1 in decimal numbers is not more than 1."""
    settings = dict.fromkeys(("temporary", "throttled", "refused"), 0.1) | {"config": 0.7}

    assert "sent" not in outcomes(Chaos(transports=[Memory()], seed=1, **settings), 50)


def test_in_notify_yaml(project: Path) -> None:
    """A mapping names the other transport, here one of the file's own, and how often it fails."""
    with configured(
        project,
        "  kept: {type: file, folder: kept}\n  broken: {type: chaos, transports: [kept], unknown: 1, seed: 4}",
    ) as notifier:
        with pytest.raises(UnknownOutcomeError, match=r"broken: the connection was lost .* .an injected fault"):
            notifier.send("hello", to="b@example.com")
        assert repr(notifier.transports["broken"]).startswith("<Chaos 'broken' transports=(<File 'kept' folder=")

    assert 1 == len(list((project / "kept").glob("*.eml")))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "{type: chaos, transports: [memory, 'null']}",
            "notify.yaml:3:25: broken: setting 'transports': expected exactly",
        ),
        ("{type: chaos, transports: [memory], refused: 2}", "notify.yaml:3:47: broken: setting 'refused': expected"),
        ("{type: chaos, transports: [memory], refused: 1, config: 1}", "notify.yaml:3:11: broken: temporary + "),
    ],
)
def test_faults_of_notify_yaml(project: Path, line: str, words: str) -> None:
    """What is wrong there is told with its place."""
    with configured(project, f"  broken: {line}") as notifier, pytest.raises(ConfigError) as caught:
        _ = notifier.transports["broken"]

    assert words in str(caught.value)


@pytest.mark.usefixtures("project")
def test_as_a_group() -> None:
    """`chaos(memory)` is taken, like other groups, and so is one inside of another."""
    notifier = Notifier(transport="failover(chaos+memory:?temporary=1 file:kept)", sender="a@example.com")

    assert "file" == notifier.send("hello", to="b@example.com").transport
    with Notifier(transport="chaos(memory)", sender="a@example.com") as plain:
        assert "memory" == plain.send("hello", to="b@example.com").transport


def test_as_a_dsn(project: Path) -> None:
    """`chaos+file:` holds the other transport's DSN, and settings of both."""
    dsn = "chaos+file:kept%20mail?temporary=0.5&format=maildir&seed=1&delay=0"
    with Notifier(transport=dsn, sender="a@example.com") as notifier:
        transport = notifier.transports["chaos"]
        found = Counter(outcomes(transport, 20))  # type: ignore[arg-type]

    assert {"sent", "TemporaryError"} == found.keys()
    assert found["sent"] == len(list((project / "kept mail" / "new").iterdir()))


@pytest.mark.parametrize(
    ("dsn", "inner"),
    [
        ("chaos+memory:?unknown=1", "memory:"),
        ("chaos+memory:?unknown=1&limit=5", "memory:?limit=5"),
        ("chaos+file:///a%20b/c%3Fd?format=eml", "file:///a%20b/c%3Fd?format=eml"),
        ("chaos+file:a/b", "file:a/b"),
        ("chaos+smtp://h", "smtp://h"),
        ("chaos+smtp://u%40x:p%2F%24%7BX%7D@h:25/?timeout=2", "smtp://u%40x:p%2F%24%7BX%7D@h:25/?timeout=2"),
        ("chaos+smtp://:pw@[::1]:25", "smtp://:pw@[::1]:25"),
        ("chaos+sendgrid://key@", "sendgrid://key@"),
        ("chaos+x:?a=%26%3D+%2B&b=", "x:?a=%26%3D%20%2B&b="),
    ],
)
def test_the_dsn_of_the_other_transport(dsn: str, inner: str) -> None:
    """All that is not a setting of chaos is the other's, character by character."""
    settings = Chaos.settings_of_dsn(Dsn.parse(dsn))

    assert [inner] == settings["transports"]
    assert Dsn.parse(dsn.removeprefix("chaos+").replace("unknown=1&", "").replace("unknown=1", "")) == Dsn.parse(
        inner.replace("memory:", "memory:?") if inner == "memory:" else inner
    )


@pytest.mark.usefixtures("project")
def test_around_smtp() -> None:
    """The other transport is made as its own DSN would make it, and no password is shown."""
    with Notifier(
        transport="chaos+smtp://ada:s%24cret@localhost:2525?refused=1&timeout=2", sender="a@b.example"
    ) as some:
        transport = some.transports["chaos"]
        assert isinstance(transport, Chaos)
        (inner,) = transport.transports
        with pytest.raises(RefusedError, match="injected"):
            some.send("hello", to="b@example.com")

    assert isinstance(inner, SmtpTransport)
    assert ("localhost", 2525, 2.0) == (inner.host, inner.port, inner.timeout)
    assert inner.password is not None
    assert "s$cret" == inner.password.reveal()
    assert "cret" not in repr(transport)


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("chaos:?temporary=1", r"takes another transport: chaos\+file:///folder\?temporary=0\.2"),
        ("chaos+nothing:", "there is no transport type 'nothing'|there is no transport 'nothing'"),
        ("chaos+memory:?temporray=1", "unknown setting 'temporray'"),
        ("chaos+memory:?temporary=often", "setting 'temporary': expected a number, got 'often'"),
        ("chaos(memory null)", "expected exactly one transport, got 2"),
    ],
)
@pytest.mark.usefixtures("project")
def test_wrong_dsns(dsn: str, words: str) -> None:
    """What is wrong with a DSN is told when the transport is made."""
    with Notifier(transport=dsn, sender="a@example.com") as notifier, pytest.raises(ConfigError, match=words):
        _ = notifier.transports["chaos"]


@pytest.mark.parametrize(
    ("inner", "settings", "expected"),
    [(3, {}, 3), (3, {"seed": 1}, 1), (0, {}, 0), (0, {"seed": 1}, 0), (0, {"delay": 0.1}, 1), (3, {"delay": 0.1}, 3)],
)
def test_senders(inner: int, settings: dict[str, Any], expected: int) -> None:
    """Those of the other transport; one alone where a seed is to make the same faults, or it only waits."""
    memory = Memory()
    memory.senders = inner

    assert expected == Chaos(transports=[memory], **settings).senders
