"""Many messages: receipts in order, sending beside rendering, bounded memory, hooks, progress."""

from __future__ import annotations

import contextvars
import gc
import re
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE

from notify import (
    Address,
    Attachment,
    Capabilities,
    Catalog,
    ConfigError,
    DeliveryError,
    Message,
    Notifier,
    NotifyError,
    ParamsError,
    Progress,
    Receipt,
    RefusedError,
    TemporaryError,
    Transport,
    TransportConfigError,
    UnknownNotificationError,
    UnknownOutcomeError,
    hookimpl,
)
from notify.plugins import Plugins
from notify_memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from notify.transport import Feed


class Threaded(Transport):
    """Takes messages in several threads, as long as `gate` is open, and notes what it took and where."""

    capabilities = Capabilities(delivers=False)
    senders = 3

    def __init__(self, name: str = "threaded", *, senders: int = 3) -> None:
        super().__init__(name=name)
        self.senders = senders
        self.gate = threading.Event()
        self.gate.set()
        self.taken: list[str] = []
        self.threads: set[str] = set()

    def send(self, message: Message) -> Receipt:
        self.threads.add(threading.current_thread().name)
        if "slow" in message.subject:
            self.gate.wait(PATIENCE)
        self.taken.append(message.subject)
        if "refused" in message.subject:
            raise RefusedError("no", transport=self.name)
        if "broken" in message.subject:
            raise ZeroDivisionError(message.subject)
        if "unbuilt" in message.subject:
            raise ConfigError("an attachment is gone")
        return self.receipt(message)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """One notification."""
    folder = tmp_path / "notifications"
    folder.mkdir()
    (folder / "word.yaml").write_text("params: {word: str}\nsubject: '{{ word }}'\ntext: '{{ word }}'\n")
    return Catalog.load([folder])


@pytest.fixture
def notifier_of(catalog: Catalog) -> Callable[..., Notifier]:
    """Makes a notifier over a transport, with plugins."""

    def make(transport: Transport | str, *others: object) -> Notifier:
        plugins = Plugins(others=others)
        return Notifier(catalog=catalog, transport=transport, sender="a@b.example", plugins=plugins)

    return make


def row(word: str) -> tuple[str, dict[str, str]]:
    """A row whose subject and recipient are the word."""
    return f"{word.replace(' ', '-')}@example.com", {"word": word}


def words(count: int) -> list[tuple[str, dict[str, str]]]:
    """Rows with the words w0, w1, ..."""
    return [row(f"w{number}") for number in range(count)]


def message(subject: str, *, to: str = "to@example.com", attachments: tuple[Attachment, ...] = ()) -> Message:
    """A message that was built by hand."""
    return Message(sender=Address("a@b.example"), to=(Address(to),), subject=subject, text="x", attachments=attachments)


def senders() -> list[threading.Thread]:
    """The senders' threads that there are."""
    return [thread for thread in threading.enumerate() if re.fullmatch(r"notify-.+-\d+", thread.name)]


def test_receipts_come_in_the_order_of_the_rows(notifier_of: Callable[..., Notifier]) -> None:
    """Though several threads send; each row has one, and is sent once."""
    transport = Threaded()
    receipts = list(notifier_of(transport).send_many("word", words(300)))

    assert [f"w{number}@example.com" for number in range(300)] == [receipt.accepted[0] for receipt in receipts]
    assert Counter(transport.taken) == Counter({f"w{number}": 1 for number in range(300)})
    assert senders() == []


def test_messages_are_rendered_in_the_callers_thread_and_sent_in_others(notifier_of: Callable[..., Notifier]) -> None:
    """Also the policy and the choice of the transport are the caller's; the observers are told where it was sent."""
    where: dict[str, set[str]] = {"made": set(), "told": set()}

    class Watch:
        @hookimpl
        def notify_message(self) -> None:
            where["made"].add(threading.current_thread().name)

        @hookimpl
        def notify_delivered(self) -> None:
            where["told"].add(threading.current_thread().name)

    transport = Threaded()
    list(notifier_of(transport, Watch()).send_many("word", words(20)))

    assert {"made": {threading.current_thread().name}, "told": transport.threads} == where
    assert threading.current_thread().name not in transport.threads


def test_a_transport_that_waits_for_nothing_has_no_thread(notifier_of: Callable[..., Notifier]) -> None:
    """It sends in the caller's, each row when its receipt is asked for."""
    transport = Threaded(senders=0)
    receipts = notifier_of(transport).send_many("word", words(3))
    next(receipts)

    assert ["w0"] == transport.taken
    assert {threading.current_thread().name} == transport.threads


def test_no_more_threads_than_there_is_work_for(notifier_of: Callable[..., Notifier]) -> None:
    """One row needs one."""
    transport = Threaded(senders=10)
    list(notifier_of(transport).send_many("word", words(1)))

    assert len(transport.threads) == 1


def test_a_failing_row_stops_nothing(notifier_of: Callable[..., Notifier]) -> None:
    """Whatever fails: the row, the params, the address, the transport, its code. Each says whom it did not reach."""
    rows: list[Any] = [
        row("first"), row("refused"), ("b@example.com", {"word": 7}), ("nobody", {"word": "x"}), 5, "abc",
        ([], {"word": "x"}), ("c@example.com", 3), row("broken"), row("unbuilt"), row("last"),
    ]  # fmt: skip
    receipts = list(notifier_of(Threaded()).send_many("word", rows))
    kinds = [next((type(error) for error in each.rejected.values()), None) for each in receipts]

    assert [
        None, RefusedError, RefusedError, RefusedError, RefusedError, RefusedError, RefusedError, RefusedError,
        UnknownOutcomeError, TransportConfigError, None,
    ] == kinds  # fmt: skip
    assert [
        ["refused@example.com"], ["b@example.com"], ["nobody"], ["row 5"], ["row 6"], ["[]"], ["c@example.com"],
        ["broken@example.com"], ["unbuilt@example.com"],
    ] == [list(each.rejected) for each in receipts[1:-1]]  # fmt: skip
    assert isinstance(receipts[4].rejected["row 5"].__cause__, ParamsError)
    assert "ZeroDivisionError: broken" in str(receipts[8].rejected["broken@example.com"])
    assert all(each.message_id.startswith("<") for each in (receipts[0], receipts[1], receipts[8], receipts[9]))


def test_what_the_rows_raise_comes_behind_the_receipts_before(notifier_of: Callable[..., Notifier]) -> None:
    """Nothing that was sent is lost; then it is over."""

    def rows() -> Iterator[Any]:
        yield from words(5)
        raise LookupError("the database went away")

    receipts = notifier_of(Threaded()).send_many("word", rows())
    seen = [next(receipts).accepted[0] for _ in range(5)]

    assert [f"w{number}@example.com" for number in range(5)] == seen
    with pytest.raises(LookupError, match="the database went away"):
        next(receipts)
    assert [] == list(receipts)
    assert [] == senders()


def test_wrong_keywords_are_said_at_once(notifier_of: Callable[..., Notifier]) -> None:
    """Not with the first receipt."""
    notifier = notifier_of("null")
    with pytest.raises(UnknownNotificationError):
        notifier.send_many("wrod", [])
    with pytest.raises(TypeError, match="there is no keyword 'subject'"):
        notifier.send_many("word", [], subject="x")  # type: ignore[call-arg]
    with pytest.raises(ParamsError):
        notifier.send_many("word", [], headers=5)  # type: ignore[arg-type]


@pytest.mark.parametrize(("others", "most"), [("slow", 64), ("quick", 1024)])
def test_only_so_many_are_on_their_way(notifier_of: Callable[..., Notifier], others: str, most: int) -> None:
    """64 while nothing is settled; and while only the first is slow, so many receipts wait for it."""
    taken = seen = 0

    def rows() -> Iterator[Any]:
        nonlocal taken
        yield row("slow")
        for number in range(3000):
            taken = number + 2
            yield row(f"{others} {number}")

    def open_gate() -> None:
        nonlocal seen
        while seen != taken or not taken:
            seen = taken
            time.sleep(0.5)
        transport.gate.set()

    transport = Threaded(senders=2)
    transport.gate.clear()
    receipts = notifier_of(transport).send_many("word", rows())
    threading.Thread(target=open_gate).start()

    assert ("slow@example.com",) == next(receipts).accepted
    assert seen == most
    receipts.close()


def test_heavy_messages_wait_for_one_another(notifier_of: Callable[..., Notifier]) -> None:
    """No more are taken when about 32 MB are on their way."""
    heavy = Attachment("a.bin", content=bytes(12 * 1024 * 1024), type="application/octet-stream")
    transport = Threaded(senders=1)
    transport.gate.clear()
    threading.Timer(0.5, transport.gate.set).start()
    taken = []

    def messages() -> Iterator[Message]:
        for number in range(9):
            taken.append(number)
            yield message(f"slow {number}", attachments=(heavy,))

    receipts = notifier_of(transport).deliver_many(messages())
    next(receipts)

    assert 3 <= len(taken) <= 4
    assert 8 == len([each for each in receipts if each.accepted])


def test_hand_built_messages_go_the_same_way(notifier_of: Callable[..., Notifier]) -> None:
    """Through notify_message too; what is none has a receipt that says so."""

    class Mark:
        @hookimpl
        def notify_message(self, message: Message) -> Message:
            return message.replace(subject=f"{message.subject}!")

    transport = Threaded()
    given: list[Any] = [message("one"), "two", message("refused")]
    receipts = list(notifier_of(transport, Mark()).deliver_many(given))

    assert [("to@example.com",), (), ()] == [receipt.accepted for receipt in receipts]
    assert ["one!", "refused!"] == sorted(transport.taken)
    assert "expected a Message, got str" in str(receipts[1].rejected["row 2"])
    assert given[2].message_id == receipts[2].message_id


def test_observers_are_told_of_each(notifier_of: Callable[..., Notifier]) -> None:
    """One that breaks changes nothing, not even by leaving the interpreter."""
    told: list[str] = []

    class Observer:
        @hookimpl
        def notify_delivered(self, receipt: Receipt) -> None:
            told.append(f"delivered {receipt.accepted[0]}")
            raise SystemExit

        @hookimpl
        def notify_failed(self, message: Message, error: NotifyError) -> None:
            told.append(f"failed {message.subject} {type(error).__name__}")
            raise ZeroDivisionError

    notifier = notifier_of(Threaded(senders=1), Observer())
    receipts = list(notifier.send_many("word", [row("a"), row("refused"), row("unbuilt"), row("b")]))

    assert [
        "delivered a@example.com", "failed refused RefusedError", "failed unbuilt TransportConfigError",
        "delivered b@example.com",
    ] == told  # fmt: skip
    assert [1, 0, 0, 1] == [len(receipt.accepted) for receipt in receipts]


def test_a_plugin_that_wraps_delivery_has_each_message(notifier_of: Callable[..., Notifier]) -> None:
    """Then the transport gets them one by one; without it, as a stream."""
    streams: list[str] = []

    class Streaming(Threaded):
        def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
            streams.append(self.name)
            super().stream(feed, settle)

    class Wrap:
        @hookimpl(wrapper=True)
        def notify_deliver(self, message: Message) -> Generator[None, Any, Any]:
            if "replaced" in message.subject:
                raise TemporaryError("not today")
            receipt = yield
            return "no receipt" if "odd" in message.subject else receipt

    wrapped = Streaming(senders=1)
    rows = [row("a"), row("replaced"), row("odd"), row("broken"), row("b")]
    receipts = list(notifier_of(wrapped, Wrap()).send_many("word", rows))
    errors = [next((type(error) for error in each.rejected.values()), None) for each in receipts]

    assert [None, TemporaryError, UnknownOutcomeError, UnknownOutcomeError, None] == errors
    assert ["a", "odd", "broken", "b"] == wrapped.taken
    assert [] == streams

    list(notifier_of(Streaming(senders=1)).send_many("word", rows))

    assert streams


def test_a_plugin_chooses_the_transport_of_each(tmp_path: Path, catalog: Catalog) -> None:
    """Each has its own senders; one that there is not is that row's failure, of which the observers are told."""
    (tmp_path / "notify.yaml").write_text(
        "sender: a@b.example\ndefault_environment: test\nenvironments:\n"
        "  test: {transport: memory, transports: {other: 'memory:'}}\n"
    )
    failed: list[str] = []

    class Choose:
        @hookimpl
        def notify_select_transport(self, message: Message) -> str:
            return message.subject

        @hookimpl
        def notify_failed(self, message: Message) -> None:
            failed.append(message.subject)

    notifier = Notifier(
        catalog=catalog, configuration=Notifier.load(tmp_path).configuration, plugins=Plugins(others=[Choose()])
    )
    receipts = list(notifier.send_many("word", [row("memory"), row("other"), row("nowhere"), row("memory")]))

    assert ["memory", "other", "", "memory"] == [receipt.transport for receipt in receipts]
    assert ["nowhere"] == failed
    assert isinstance(receipts[2].rejected["nowhere@example.com"], TransportConfigError)
    assert ["other"] * 2 == [receipt.transport for receipt in notifier.send_many("word", words(2), via="other")]


def test_the_policy_holds_for_each(tmp_path: Path, catalog: Catalog) -> None:
    """Who is not allowed is refused; the receipt names whom the row was for."""
    (tmp_path / "notify.yaml").write_text(
        "sender: a@b.example\ndefault_environment: test\nenvironments:\n"
        "  test: {transport: memory, allow: ['*@example.com'], subject_prefix: '[test] '}\n"
    )
    notifier = Notifier(catalog=catalog, configuration=Notifier.load(tmp_path).configuration)
    receipts = list(notifier.send_many("word", [row("a"), ("b@example.org", {"word": "b"})]))
    memory = notifier.transports["memory"]

    assert isinstance(memory, Memory)
    assert ["[test] a"] == [each.subject for each in memory.messages]
    assert ["b@example.org"] == list(receipts[1].rejected)


def test_progress_is_told_in_the_callers_thread(notifier_of: Callable[..., Notifier]) -> None:
    """After each message whose fate is known, with counts that add up."""
    seen: list[Progress] = []
    threads: set[threading.Thread] = set()

    def progress(now: Progress) -> None:
        seen.append(now)
        threads.add(threading.current_thread())

    class Partly:
        @hookimpl(wrapper=True)
        def notify_deliver(self, message: Message, transport: Transport) -> Generator[None, Any, Any]:
            receipt = yield
            if "partly" in message.subject:
                rejected = {"x@example.com": RefusedError("no")}
                return Receipt(message.message_id, transport.name, receipt.accepted, rejected)
            return receipt

    rows = [row("a"), row("refused"), row("broken"), row("partly"), ("nobody", {"word": "x"}), row("b")]
    list(notifier_of(Threaded(), Partly()).send_many("word", rows, progress=progress))

    assert [1, 2, 3, 4, 5, 6] == [each.settled for each in seen]
    assert Progress(taken=6, accepted=2, partly=1, failed=3, unknown=1) == seen[-1]
    assert all(each.taken >= each.settled for each in seen)
    assert {threading.current_thread()} == threads


def test_what_progress_raises_ends_the_sending(notifier_of: Callable[..., Notifier]) -> None:
    """And loses no receipt."""

    def progress(now: Progress) -> None:
        if now.settled == 3:
            raise LookupError("enough")

    transport = Threaded()
    receipts = notifier_of(transport).send_many("word", words(500), progress=progress)
    given: list[Receipt] = []
    with pytest.raises(LookupError, match="enough"):
        given.extend(receipts)

    assert receipts.rows == len(receipts.close()) + len(given)
    assert {f"w{number}" for number in range(receipts.rows)} >= set(transport.taken)
    assert [] == senders()


def test_progress_may_close(notifier_of: Callable[..., Notifier]) -> None:
    """As a button that says stop would."""

    def progress(now: Progress) -> None:
        if now.settled == 3:
            receipts.close()

    receipts = notifier_of(Threaded(senders=0)).send_many("word", words(500), progress=progress)

    assert 2 == len(list(receipts))
    assert ["w2@example.com"] == [each.accepted[0] for each in receipts.close()]
    assert 3 == receipts.rows


def test_closing_early_sends_no_more(notifier_of: Callable[..., Notifier]) -> None:
    """What was begun is finished, and close gives the receipts; what was not begun is not sent."""
    transport = Threaded(senders=2)
    with notifier_of(transport).send_many("word", [*words(3), *[row(f"slow{n}") for n in range(500)]]) as receipts:
        assert ("w0@example.com",) == next(receipts).accepted
        transport.gate.clear()
        threading.Timer(0.3, transport.gate.set).start()
    rest = receipts.close()

    assert receipts.rows == 1 + len(rest)
    assert {each.accepted[0].split("@")[0] for each in rest if each.accepted} | {"w0"} == set(transport.taken)
    assert len(transport.taken) < 500
    assert [] == list(receipts)
    assert [] == senders()
    assert rest == receipts.close()


def test_who_was_passed_over_is_told_apart(notifier_of: Callable[..., Notifier]) -> None:
    """A message in front of one that was begun has a receipt that says that it was not sent."""
    slow, fast = Threaded("slow", senders=1), Threaded("fast", senders=1)
    slow.gate.clear()

    class Choose:
        @hookimpl(wrapper=True)
        def notify_deliver(self, message: Message) -> Generator[None, Any, Any]:
            receipt = yield
            if message.subject == "fast":
                sent.set()
            return receipt

        @hookimpl
        def notify_select_transport(self, message: Message) -> str:
            return "fast" if "fast" in message.subject else "slow"

    sent = threading.Event()
    notifier = notifier_of(slow, Choose())
    notifier.transports.put(fast)

    def rows() -> Iterator[Any]:
        yield row("slow 1")
        yield row("slow 2")
        yield row("fast")
        assert sent.wait(PATIENCE)
        raise KeyboardInterrupt

    receipts = notifier.send_many("word", rows())
    threading.Timer(0.5, slow.gate.set).start()
    with pytest.raises(KeyboardInterrupt) as caught:
        next(receipts)
    rest = caught.value.receipts  # type: ignore[attr-defined]

    assert ["slow-1@example.com"] == list(rest[0].accepted)
    assert isinstance(rest[1].rejected["slow-2@example.com"], TemporaryError)
    assert "not sent" in str(rest[1].rejected["slow-2@example.com"])
    assert ["fast@example.com"] == list(rest[2].accepted)
    assert ["slow 1"] == slow.taken


def test_letting_go_closes(notifier_of: Callable[..., Notifier]) -> None:
    """As a loop that is left does, with a receipt iterator that nobody else holds."""
    transport = Threaded()
    for receipt in notifier_of(transport).send_many("word", words(5000)):
        assert receipt.accepted
        break
    gc.collect()

    assert [] == senders()
    assert len(transport.taken) < 1100


def test_letting_go_in_a_sender_does_not_wait_for_itself(notifier_of: Callable[..., Notifier]) -> None:
    """Garbage may be collected in any thread."""
    holder: list[Any] = []
    done = threading.Event()

    class Drop:
        @hookimpl
        def notify_delivered(self, receipt: Receipt) -> None:
            if receipt.accepted == ("w1@example.com",):
                holder.clear()
                gc.collect()
                done.set()

    holder.append(
        notifier_of(Threaded(senders=1), Drop()).deliver_many(
            message(f"w{number}", to=f"w{number}@example.com") for number in range(50)
        )
    )
    next(holder[0])

    assert done.wait(PATIENCE)
    for _ in range(100):
        if not senders():
            break
        time.sleep(0.05)
    assert [] == senders()


def test_senders_run_in_the_callers_context(notifier_of: Callable[..., Notifier]) -> None:
    """A context variable that the caller set is seen by hooks in the senders."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable")
    seen: set[str] = set()

    class Watch:
        @hookimpl
        def notify_delivered(self) -> None:
            seen.add(variable.get("nothing"))

    token = variable.set("request 7")
    list(notifier_of(Threaded(), Watch()).send_many("word", words(5)))
    variable.reset(token)

    assert {"request 7"} == seen


def test_memory_does_not_grow_with_the_rows(notifier_of: Callable[..., Notifier]) -> None:
    """Messages, rows and receipts are let go of."""
    notifier = notifier_of(Threaded())
    alive: list[int] = []
    for number, _ in enumerate(notifier.send_many("word", (row(f"w{number}") for number in range(3000)))):
        if number in {500, 2900}:
            gc.collect()
            alive.append(sum(issubclass(type(each), (Message, Receipt)) for each in gc.get_objects()))

    assert alive[1] < alive[0] + 2200


def test_fewer_threads_will_do(notifier_of: Callable[..., Notifier]) -> None:
    """If the system gives no more, those that there are carry all; if it gives none, that is said."""
    transport = Threaded(senders=8)
    transport.gate.clear()

    def rows() -> Iterator[Any]:
        yield row("slow")
        threading.stack_size(1 << 46)  # more than there is room for: no further thread can start
        yield from words(20)
        transport.gate.set()

    try:
        receipts = list(notifier_of(transport).send_many("word", rows()))
        with pytest.raises(RuntimeError, match="thread"):
            next(notifier_of(Threaded()).send_many("word", words(1)))
    finally:
        threading.stack_size(0)

    assert [1] * 21 == [len(receipt.accepted) for receipt in receipts]
    assert 1 == len(transport.threads)
