"""The web application that takes a provider's calls: ASGI 3.0, on any server, below any path of any application."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from notify.asgi import Gone, TooLargeError, check_length, read_body, serve
from notify.errors import NotifyError
from notify.feedback.receiving import Recorded, WebhookError
from notify.people import People

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, MutableMapping

    from notify.asgi import Receive, Send
    from notify.feedback.events import Event
    from notify.feedback.receiving import Parsed, Sink, Webhook

_log = logging.getLogger("notify.webhook")

LIMIT = 2 * 1024 * 1024
"""Octets of a body; SendGrid calls with 768 KB, SNS with 256 KiB."""


class WebhookApp:
    """Takes the calls of one provider, at whatever path it is served.

    A call is answered 204 once the sink has committed its events. 4xx means that the call is wrong, 5xx that it is to
    come again; both have changed nothing. Reading, recording and observing happen in a thread.

    Args:
        webhook: reads the calls.
        sink: keeps the events.
        observe: is told of each event that was not there before, after the commit, such as `notifier.plugins.event`;
            what it raises is logged, and it is not told again.
        limit: the most octets of a body.
        timeout: seconds within which a body is to be whole.
        deadline: seconds after which a call that is still being worked on is answered 503; it may yet be recorded, and
            is then a duplicate when it comes again.
        clear_addresses: whether the log names people by their addresses; else by a hash.
        people: makes the hashes; by default without a key.
    """

    def __init__(
        self,
        webhook: Webhook,
        sink: Sink,
        *,
        observe: Callable[[Event], object] | None = None,
        limit: int = LIMIT,
        timeout: float = 30.0,
        deadline: float = 30.0,
        clear_addresses: bool = False,
        people: People | None = None,
    ) -> None:
        self._webhook = webhook
        self._sink = sink
        self._observe = observe
        self._limit = limit
        self._timeout = timeout
        self._deadline = deadline
        self._people = people or People(clear_logs=clear_addresses)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One connection, as ASGI has it."""
        await serve(scope, receive, send, self._respond)

    async def _respond(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            await self._take(scope, receive)
        except Gone:
            _log.warning("%s: a call ended before it was whole", self._provider)
        except WebhookError as error:
            fields = {"provider": self._provider, "status": error.status, "reason": error.reason}
            _log.warning("%s: a call was not taken: %s", self._provider, error, extra={"webhook": fields})
            await _answer(send, error.status, error.reason)
        else:
            await _answer(send, HTTPStatus.NO_CONTENT)

    async def _take(self, scope: MutableMapping[str, Any], receive: Receive) -> None:
        import asyncio

        headers = _headers(scope["headers"])
        self._admit(scope["method"], headers)
        try:
            check_length(headers.get("content-length", ""), self._limit)
            body = await asyncio.wait_for(read_body(receive, self._limit), self._timeout)
        except TooLargeError:
            raise WebhookError(413, f"the body has more than {self._limit} octets") from None
        except TimeoutError:
            raise WebhookError(408, f"the body was not whole within {self._timeout:g} s") from None
        try:
            await asyncio.wait_for(asyncio.to_thread(self._work, headers, body), self._deadline)
        except TimeoutError:
            raise WebhookError(503, f"the events were not recorded within {self._deadline:g} s") from None

    @property
    def _provider(self) -> str:
        return self._webhook.provider

    def _admit(self, method: str, headers: Mapping[str, str]) -> None:
        """Look at a call before its body is read."""
        if method != "POST":
            raise WebhookError(405, "calls are POST")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in self._webhook.content_types:
            raise WebhookError(415, f"the content type is not {' or '.join(sorted(self._webhook.content_types))}")
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise WebhookError(415, "the body is compressed, and must not be")

    def _work(self, headers: Mapping[str, str], body: bytes) -> None:
        """All of a call, in a thread."""
        try:
            parsed = self._webhook.read(headers, body)
            if parsed.then is not None:
                parsed.then()
        except WebhookError:
            raise
        except Exception as error:  # noqa: BLE001 - plugins raise anything, and the caller is to call again
            self._log_failure("the call cannot be read", error)
            raise WebhookError(500, "the call cannot be read") from None
        try:
            recorded = self._sink.record(parsed.events) if parsed.events else Recorded()
        except Exception as error:  # noqa: BLE001 - so do databases
            self._log_failure("the events were not recorded", error)
            raise WebhookError(503, "the events were not recorded") from None
        self._tell(parsed, recorded)

    def _log_failure(self, what: str, error: Exception) -> None:
        """Log an error without its own words, which may hold what was to be recorded."""
        words = str(error) if isinstance(error, NotifyError) else f"{type(error).__module__}.{type(error).__qualname__}"
        frames = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s: %s: %s\n%s", self._provider, what, words, frames)

    def _tell(self, parsed: Parsed, recorded: Recorded) -> None:
        """Log what a call had, and tell the observer of what is new."""
        for fault in parsed.faults:
            _log.warning("%s: event %d of a call cannot be read: %s", self._provider, fault.position, fault.reason)
        counts = {
            "new": len(recorded.new), "duplicates": recorded.duplicates, "unknown": len(recorded.unknown),
            "ignored": parsed.ignored, "faults": len(parsed.faults),
        }  # fmt: skip
        words = ", ".join(f"{count} {name}" for name, count in counts.items() if count or name == "new")
        _log.info("%s: %s", self._provider, words, extra={"webhook": {"provider": self._provider, **counts}})
        for event in (*recorded.new, *recorded.unknown):
            self._tell_of(event)

    def _tell_of(self, event: Event) -> None:
        if _log.isEnabledFor(logging.DEBUG):
            who = "somebody" if event.recipient is None else self._people.shown(event.recipient)
            fields = {"kind": str(event.kind), "message_id": event.message_id, "recipient": who, "id": event.event_id}
            _log.debug("%s: %s: %s", self._provider, who, event.kind, extra={"webhook": fields})
        if self._observe is None:
            return
        try:
            self._observe(event)
        except Exception as error:  # noqa: BLE001 - the event is recorded, whatever an observer makes of it
            self._log_failure("an observer failed; the event is recorded", error)


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


async def _answer(send: Send, status: int, reason: str = "") -> None:
    body = f"{reason}\n".encode() if reason else b""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if status == HTTPStatus.NO_CONTENT:
        headers = []
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})
