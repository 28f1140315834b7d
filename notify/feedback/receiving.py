"""What a plugin implements to take a provider's calls, and what keeps the events in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from notify.feedback.events import Event


class WebhookError(NotifyError):
    """A call is not taken, and changes nothing.

    Attributes:
        status: the HTTP status of the answer: 4xx if the call is wrong, 5xx if it is to come again.
        reason: why; it is answered and logged, so it names no address and no key.
    """

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(status, reason)

    def __str__(self) -> str:
        return f"{self.status} {self.reason}"


@dataclass(frozen=True, slots=True)
class EventFault:
    """One event of a call that cannot be read: its position from 0, and why, without addresses."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a call says.

    Attributes:
        events: those that can be read, in the order of the call.
        faults: those that cannot.
        ignored: how many are about no message.
        then: what else the call asks for, such as confirming a subscription; it may raise a WebhookError.
    """

    events: tuple[Event, ...] = ()
    faults: tuple[EventFault, ...] = ()
    ignored: int = 0
    then: Callable[[], None] | None = None


class Webhook(ABC):
    """Reads the calls of one provider. Safe to share between threads.

    ```python
    class PigeonWebhook(Webhook):
        provider = "pigeon"

        def verify(self, headers, body):
            if not hmac.compare_digest(headers.get("x-pigeon", ""), hmac.new(KEY, body, "sha256").hexdigest()):
                raise WebhookError(403, "the call is not signed with the key of this loft")

        def parse(self, body):
            flown = read_json(body)
            return Parsed((Event(kind=Kind.DELIVERED, event_id=flown["ring"], at=..., provider=self.provider),))
    ```
    """

    provider: ClassVar[str]
    """What its events have as `provider`."""
    content_types: ClassVar[frozenset[str]] = frozenset({"application/json"})
    """What its calls may be, without parameters."""

    @abstractmethod
    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Find out whether the call is the provider's, and fresh.

        Args:
            headers: by their names in small letters; of several with one name, joined by `, `.
            body: the octets as they came.

        Raises:
            WebhookError: it is not (4xx), or that cannot be found out now (503).
        """

    @abstractmethod
    def parse(self, body: bytes) -> Parsed:
        """The events of a body that was verified. An event that cannot be read is a fault, and the others stay.

        Raises:
            WebhookError: the body as a whole is not what the provider sends (400).
        """

    def read(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """Verify a call, then parse it.

        Raises:
            WebhookError: see `verify` and `parse`.
        """
        self.verify(headers, body)
        return self.parse(body)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of events.

    Attributes:
        new: those that were not there before.
        duplicates: how many were, and changed nothing.
        unknown: those that were not there before and whose message nobody knows; kept apart.
    """

    new: tuple[Event, ...] = ()
    duplicates: int = 0
    unknown: tuple[Event, ...] = ()


class Sink(Protocol):
    """Keeps events. Safe to share between threads."""

    def record(self, events: Sequence[Event]) -> Recorded:
        """Keep events and what follows from them, in one transaction that is committed on return.

        An event is known by `provider` and `event_id`, within the call and for ever. What is raised means that nothing
        was kept, and the provider is asked to call again.
        """
        ...
