"""The web application: what it answers, what it changes, what it logs, and whom it tells."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE
from webhooks.calls import JSON, acall, call
from webhooks.kept import Kept
from webhooks.sendgrid_calls import MESSAGE_ID, NOW, an_event, body_of, new_key, shown, signed

from notify.errors import OutboxError
from notify.feedback import Event, Parsed, Recorded, Webhook, WebhookApp, WebhookError
from notify.plugins import Plugins
from notify_sendgrid.webhook import SendGridWebhook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KEY = new_key()
WEBHOOK = SendGridWebhook(shown(KEY), clock=lambda: NOW)
BODY = body_of(an_event())


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A sink that knows one message."""
    return Kept(tmp_path / "events.db", MESSAGE_ID)


def unchanged(kept: Kept) -> bool:
    """Whether nothing was recorded."""
    return kept.events() == [] and kept.messages() == {MESSAGE_ID: ("sent", 0)}


def test_signed_events_are_recorded_and_answered_204(kept: Kept) -> None:
    """An event finds its message by the Message-ID that travelled with it."""
    answer = call(WebhookApp(WEBHOOK, kept), signed(KEY, BODY), BODY)

    assert (204, "", ()) == (answer.status, answer.text, answer.headers)
    assert {MESSAGE_ID: ("delivered", 1)} == kept.messages()


def test_a_body_in_pieces_is_one_body(kept: Kept) -> None:
    """However the server hands it on."""
    pieces = [BODY[:1], b"", BODY[1:40], BODY[40:]]

    assert 204 == call(WebhookApp(WEBHOOK, kept), signed(KEY, BODY), pieces).status
    assert ["event-1"] == kept.events()


def test_a_thousand_duplicates_change_the_state_once(kept: Kept) -> None:
    """In one call, over several calls, and when a call is replayed while it is fresh."""
    app = WebhookApp(WEBHOOK, kept)
    body = body_of(*[an_event()] * 100)
    headers = signed(KEY, body)

    async def replay() -> list[int]:
        return [answer.status for answer in await asyncio.gather(*(acall(app, headers, body) for _ in range(10)))]

    assert [204] * 10 == asyncio.run(replay())
    assert {MESSAGE_ID: ("delivered", 1)} == kept.messages()


def test_events_of_unknown_messages_are_kept_apart(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """They are answered 204, counted, and change no message."""
    body = body_of(an_event(1, notify_id="<2@acme.example>"), an_event(2, notify_id=None))
    with caplog.at_level(logging.INFO, "notify.webhook"):
        answer = call(WebhookApp(WEBHOOK, kept), signed(KEY, body), body)

    assert 204 == answer.status
    assert ["event-1", "event-2"] == kept.events()
    assert {MESSAGE_ID: ("sent", 0)} == kept.messages()
    assert "sendgrid: 0 new, 2 unknown" in caplog.text


def test_one_bad_event_does_not_sink_the_batch(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its position, and not answered as a fault: it would come again for ever."""
    body = body_of(an_event(1, "processed"), {"event": "?"}, an_event(2))
    with caplog.at_level(logging.INFO, "notify.webhook"):
        answer = call(WebhookApp(WEBHOOK, kept), signed(KEY, body), body)

    assert 204 == answer.status
    assert {MESSAGE_ID: ("delivered", 2)} == kept.messages()
    assert "event 1 of a call cannot be read: the event '?' is unknown" in caplog.text
    assert "sendgrid: 2 new, 1 faults" in caplog.text


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, signed(new_key(), BODY), BODY),
        (403, JSON, BODY),
        (403, signed(KEY, BODY), BODY[:-5]),
        (403, signed(KEY, BODY, NOW - 3600), BODY),
        (403, signed(KEY, BODY, NOW + 3600), BODY),
        (403, signed(KEY, BODY) | {"content-type": "application/json; charset=utf-8"}, b"[]"),
        (400, signed(KEY, BODY[:-5]), BODY[:-5]),
        (400, signed(KEY, b"{}"), b"{}"),
        (400, signed(KEY, b""), b""),
        (415, signed(KEY, BODY) | {"content-type": "text/plain"}, BODY),
        (415, signed(KEY, BODY) | {"content-type": ""}, BODY),
        (415, signed(KEY, BODY) | {"content-encoding": "gzip"}, BODY),
    ],
)
def test_wrong_calls_get_4xx_and_change_nothing(
    status: int, headers: dict[str, str], body: bytes, kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    """Forged, unsigned, cut, stale, of the future, malformed, of another kind; the log says which."""
    answer = call(WebhookApp(WEBHOOK, kept), headers, body)

    assert status == answer.status
    assert answer.text
    assert f"a call was not taken: {status} {answer.text}" in caplog.text
    assert unchanged(kept)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_post_is_taken(method: str, kept: Kept) -> None:
    """The answer says so."""
    answer = call(WebhookApp(WEBHOOK, kept), signed(KEY, BODY), BODY, method=method)

    assert 405 == answer.status
    assert (b"allow", b"POST") in answer.headers
    assert unchanged(kept)


@pytest.mark.parametrize("length", ["101", "9" * 5000])
def test_a_call_that_says_it_is_too_large_is_not_read(length: str, kept: Kept) -> None:
    """Not an octet of it."""
    headers = signed(KEY, BODY) | {"content-length": length}
    answer = call(WebhookApp(WEBHOOK, kept, limit=100), headers, [], end="silence")

    assert (413, "the body has more than 100 octets") == (answer.status, answer.text)
    assert unchanged(kept)


@pytest.mark.parametrize("length", [{}, {"content-length": "5"}, {"content-length": "?"}])
def test_a_call_that_becomes_too_large_is_not_read_to_its_end(length: Mapping[str, str], kept: Kept) -> None:
    """Whatever it said before."""
    headers = signed(KEY, BODY) | dict(length)
    answer = call(WebhookApp(WEBHOOK, kept, limit=100), headers, [b"x" * 60, b"x" * 60], end="silence")

    assert 413 == answer.status
    assert unchanged(kept)


def test_a_body_of_just_the_limit_is_taken(kept: Kept) -> None:
    """The limit itself is allowed."""
    headers = signed(KEY, BODY) | {"content-length": str(len(BODY))}

    assert 204 == call(WebhookApp(WEBHOOK, kept, limit=len(BODY)), headers, BODY).status


def test_a_slow_body_is_given_up(kept: Kept) -> None:
    """The time is for the whole of it, not for each piece."""
    answer = call(WebhookApp(WEBHOOK, kept, timeout=0.05), signed(KEY, BODY), [BODY[:10]], end="silence")

    assert (408, "the body was not whole within 0.05 s") == (answer.status, answer.text)
    assert unchanged(kept)


def test_a_caller_that_hangs_up_is_not_answered(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """What came of the body is not looked at, even if it could be read."""
    answer = call(WebhookApp(WEBHOOK, kept), signed(KEY, BODY), [BODY], end="gone")

    assert 0 == answer.status
    assert "ended before it was whole" in caplog.text
    assert unchanged(kept)


class Failing:
    """A sink whose database is gone."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def record(self, events: Sequence[Event]) -> Recorded:  # noqa: ARG002 - a sink has it
        """Fail, with an address in the words as databases have them."""
        raise self.error


def test_what_could_not_be_recorded_is_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    """The answer is 503; the log names the error and the place, not its words, which may hold addresses."""
    app = WebhookApp(WEBHOOK, Failing(KeyError("ada@example.com")))
    answer = call(app, signed(KEY, BODY), BODY)

    assert (503, "the events were not recorded") == (answer.status, answer.text)
    assert "the events were not recorded: builtins.KeyError" in caplog.text
    assert "in record" in caplog.text
    assert "ada@" not in caplog.text


def test_an_error_of_ours_is_logged_with_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """They hold no secret, and say what to do."""
    call(WebhookApp(WEBHOOK, Failing(OutboxError("the disk is full"))), signed(KEY, BODY), BODY)

    assert "the events were not recorded: the disk is full" in caplog.text


def test_nobody_is_told_before_the_commit() -> None:
    """What failed to be recorded is not observed."""
    seen: list[Event] = []
    call(WebhookApp(WEBHOOK, Failing(OSError()), observe=seen.append), signed(KEY, BODY), BODY)

    assert [] == seen


def test_a_stuck_sink_is_answered_503(kept: Kept) -> None:
    """What it records later is a duplicate when the call comes again."""
    go_on, done = threading.Event(), threading.Event()

    class Slow:
        def record(self, events: Sequence[Event]) -> Recorded:
            go_on.wait(PATIENCE)
            recorded = kept.record(events)
            done.set()
            return recorded

    async def steps() -> int:
        answer = await acall(WebhookApp(WEBHOOK, Slow(), deadline=0.05), signed(KEY, BODY), BODY)
        go_on.set()
        await asyncio.to_thread(done.wait, 10)
        return answer.status

    status = asyncio.run(steps())
    again = call(WebhookApp(WEBHOOK, kept), signed(KEY, BODY), BODY).status

    assert (503, 204) == (status, again)
    assert {MESSAGE_ID: ("delivered", 1)} == kept.messages()


class Broken(Webhook):
    """A plugin with a bug."""

    provider = "broken"

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Trust everybody."""

    def parse(self, body: bytes) -> Parsed:
        """Fail."""
        raise ZeroDivisionError(body)


def test_a_plugin_with_a_bug_is_answered_500(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """The log has the place; the caller only that it failed."""
    answer = call(WebhookApp(Broken(), kept), JSON, b"[]")

    assert (500, "the call cannot be read") == (answer.status, answer.text)
    assert "broken: the call cannot be read: builtins.ZeroDivisionError" in caplog.text
    assert unchanged(kept)


class Asking(Broken):
    """A plugin whose calls ask for something."""

    def __init__(self, error: WebhookError | None = None) -> None:
        self.error = error
        self.asked = 0

    def parse(self, body: bytes) -> Parsed:  # noqa: ARG002 - a webhook has it
        """Ask."""
        return Parsed(then=self.answer)

    def answer(self) -> None:
        """Count, and fail if that is wanted."""
        self.asked += 1
        if self.error:
            raise self.error


def test_what_a_call_asks_for_is_done_before_the_answer(kept: Kept) -> None:
    """Once, and where it fails the answer says so."""
    good, bad = Asking(), Asking(WebhookError(503, "nobody is there"))
    answers = [call(WebhookApp(each, kept), JSON, b"[]") for each in (good, bad)]

    assert [(204, ""), (503, "nobody is there")] == [(each.status, each.text) for each in answers]
    assert [1, 1] == [good.asked, bad.asked]


def test_observers_are_told_of_each_new_event_once(kept: Kept) -> None:
    """Of those of unknown messages too; duplicates they never see."""
    seen: list[Event] = []
    app = WebhookApp(WEBHOOK, kept, observe=seen.append)
    body = body_of(an_event(1), an_event(1), an_event(2, notify_id=None))
    for _ in range(2):
        call(app, signed(KEY, body), body)

    assert ["event-1", "event-2"] == [event.event_id for event in seen]


def test_an_observer_that_fails_changes_nothing(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    """The event is recorded, the answer is 204, the next event is told."""
    seen: list[Event] = []

    def observe(event: Event) -> None:
        seen.append(event)
        raise ValueError(event.recipient)

    body = body_of(an_event(1), an_event(2))
    answer = call(WebhookApp(WEBHOOK, kept, observe=observe), signed(KEY, body), body)

    assert 204 == answer.status
    assert 2 == len(seen)
    assert "an observer failed; the event is recorded: builtins.ValueError" in caplog.text
    assert "ada@" not in caplog.text


def test_the_hook_hears_of_events(kept: Kept) -> None:
    """`Plugins.event` is what an application gives as observer."""
    from notify import hookimpl

    seen: list[str] = []

    class Ears:
        @hookimpl
        def notify_event(self, event: Event) -> None:
            seen.append(event.event_id)

    call(WebhookApp(WEBHOOK, kept, observe=Plugins(others=[Ears()]).event), signed(KEY, BODY), BODY)

    assert ["event-1"] == seen


@pytest.mark.parametrize("clear", [False, True])
def test_the_log_names_nobody_unless_asked(clear: bool, kept: Kept, caplog: pytest.LogCaptureFixture) -> None:  # noqa: FBT001 - a parameter of the test
    """A hash tells who is the same person."""
    with caplog.at_level(logging.DEBUG, "notify.webhook"):
        call(WebhookApp(WEBHOOK, kept, clear_addresses=clear), signed(KEY, BODY), BODY)
    [fields] = [fields for each in caplog.records if "kind" in (fields := vars(each).get("webhook", {}))]

    assert clear == ("ada@example.com" in caplog.text)
    assert ("ada@example.com" if clear else "b5fc85e55755") == fields["recipient"]
    assert ("delivered", MESSAGE_ID) == (fields["kind"], fields["message_id"])


def test_a_server_of_nothing_else_is_told_that_it_may_start(kept: Kept) -> None:
    """The lifespan of ASGI has nothing to do here."""
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    asyncio.run(WebhookApp(WEBHOOK, kept)({"type": "lifespan"}, receive, send))
    asyncio.run(WebhookApp(WEBHOOK, kept)({"type": "websocket"}, receive, send))

    assert ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"] == sent
