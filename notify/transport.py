"""The base of every transport.

A whole transport, as a plugin would write it:

```python
from pathlib import Path
from notify import Message, Receipt, Transport, TransportConfigError, hookimpl, setting

class Pigeon(Transport):
    '''Puts each message into a loft.'''

    loft: Path = setting("Where the pigeons live.")

    def send(self, message: Message) -> Receipt:
        path = self.loft / f"{message.message_id.strip('<>')}.eml"
        try:
            path.write_bytes(message.as_bytes(smtputf8=message.needs_smtputf8))
        except OSError as error:
            raise TransportConfigError(f"{path}: {error.strerror}", transport=self.name) from error
        return self.receipt(message, response=f"gone to {path}")

@hookimpl
def notify_transports():
    return {"pigeon": Pigeon}
```
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from notify.diagnosis import Diagnosis
from notify.errors import ConfigError, NotifyError, PluginError, undelivered
from notify.receipt import Receipt
from notify.settings import Setting, declared, read_settings
from notify.state import MemoryState, State  # annotations of transports are read at run time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from notify.dsn import Dsn
    from notify.errors import DeliveryError
    from notify.feedback import Event
    from notify.message import Message


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a transport can do with a message; what it cannot do is found before anything is sent.

    Attributes:
        delivers: messages reach real people, so that `notify send` asks first; a development transport says False.
        tags: tags reach the provider.
        metadata: metadata reaches the provider.
        max_bytes: the largest message it takes, in octets, or None.
        max_recipients: the most recipients of one message, or None.
    """

    delivers: bool = True
    tags: bool = False
    metadata: bool = False
    max_bytes: int | None = None
    max_recipients: int | None = None

    def shared(self, other: Capabilities) -> Capabilities:
        """What holds whichever of two transports carries the message."""
        return Capabilities(
            delivers=self.delivers or other.delivers,
            tags=self.tags and other.tags,
            metadata=self.metadata and other.metadata,
            max_bytes=_smaller(self.max_bytes, other.max_bytes),
            max_recipients=_smaller(self.max_recipients, other.max_recipients),
        )


class Feed(Protocol):
    """Messages that wait to be carried, in order; for one thread."""

    def next(self) -> Message | None:
        """The next message, as soon as there is one; None when no more will come.

        Raises:
            RuntimeError: a message that was taken before is not settled; the next may come only when it is.
        """
        ...

    def ready(self) -> Message | None:
        """The next message if it is there already; never waits."""
        ...

    def lapsed(self) -> bool:
        """Whether a message that was taken has become another's to send: to be asked after a wait, before it is sent.

        It is then settled with a TemporaryError.
        """
        ...


class Transport(ABC):
    """Carries messages. A subclass declares its settings as annotated attributes and defines `send`.

    `send` may be called from several threads at once.

    Args:
        name: what the configuration calls this transport; used in receipts and errors.
        base: the folder that relative paths are taken from; the working directory if left out.
        settings: the declared settings.

    Raises:
        ConfigError: a setting is unknown, missing or wrong.
        PluginError: the class declares one that cannot be.
    """

    capabilities: Capabilities = Capabilities()
    senders: int = 1
    """How many threads `Notifier.send_many` gives it; 0 if it waits for nothing, and may send in the caller's."""
    dkim_selectors: ClassVar[tuple[str, ...]] = ()
    """Under which names the DNS has the keys that the service signs with (RFC 6376), for `notify doctor`."""
    state: State = MemoryState()
    """What outlives a message; the configuration gives its own, which processes may share."""
    schemes: ClassVar[tuple[str, ...]] = ()
    """Further DSN schemes that mean this transport, besides the name it is registered under."""

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        self.declared_settings()  # are sound
        self.name = name or type(self).__name__.lower()
        for key, value in read_settings(type(self), settings, base or Path.cwd(), self.name).items():
            setattr(self, key, value)

    @classmethod
    def declared_settings(cls) -> dict[str, Setting]:
        """The declared settings by name.

        Raises:
            PluginError: one has a type that a setting cannot have, or the name of something that every transport has.
        """
        settings = declared(cls)
        if taken := settings.keys() & {"name", "base", *vars(Transport)}:
            raise PluginError(
                f"the setting {min(taken)!r} of {cls.__module__}.{cls.__qualname__} has the name of something that "
                "every transport has; give it another"
            )
        return settings

    @classmethod
    def settings_of_dsn(cls, dsn: Dsn) -> dict[str, object]:
        """The settings that a DSN stands for.

        A transport that is reached over a network overrides this; all others take their settings from the query.

        Raises:
            ConfigError: the DSN has a part that the transport has no use for.
        """
        if dsn.option or dsn.user or dsn.password or dsn.host or dsn.port or dsn.path.strip("/"):
            raise ConfigError(f"{dsn.scheme}: takes its settings from the query only: {dsn.scheme}:?setting=value")
        return dict(dsn.query)

    @abstractmethod
    def send(self, message: Message) -> Receipt:
        """Carry one message, in one attempt.

        Raises:
            DeliveryError: the message was not taken, or nobody knows; the class says which (see `notify.errors`).
        """

    def stream(self, feed: Feed, settle: Callable[[Receipt | DeliveryError], None]) -> None:
        """Carry all messages of a feed, one attempt each, and tell what became of each one.

        What can do better with the next message in hand overrides this.

        Args:
            feed: the messages; another thread fills it.
            settle: called once for each message that was taken from the feed, in the same order.
        """
        while (message := feed.next()) is not None:
            try:
                outcome: Receipt | DeliveryError = self.send(message)
            except NotifyError as error:
                outcome = undelivered(error, transport=self.name, phase="check")
            settle(outcome)

    def verify(self) -> None:  # noqa: B027 - nothing to check is a fine default
        """Check the settings against the real thing, without sending anything.

        Raises:
            DeliveryError: a message could not be sent now.
        """

    def diagnose(self) -> Iterable[Diagnosis]:
        """What there is to find out about this transport without sending, one question at a time, as it is found out.

        By default whether `verify` works. It raises nothing: what goes wrong is a diagnosis.
        """
        try:
            self.verify()
        except NotifyError as error:
            found, data = str(error).partition("\n")[0], {"error": type(error).__name__}
            yield Diagnosis("verify", "failed", found, getattr(error, "advice", ""), data)
        else:
            yield Diagnosis("verify", "ok", f"{self.name} could send")

    def suppressions(self, *, temporary: bool = False) -> Iterable[Event]:
        """Whom the provider does not write to any more, as the events that led to it, for `notify suppress import`.

        Args:
            temporary: also those to whom it will write again, as soft bounces.

        Raises:
            ConfigError: it keeps no list that can be asked for.
            DeliveryError: the provider does not answer, or not to this key.
        """
        del temporary
        raise ConfigError(f"the transport {self.name!r} knows no list of people who are not written to")

    def objection(self, message: Message) -> str | None:
        """Why it would refuse a message, in a sentence, as far as that is known without connecting."""
        del message
        return None

    def status(self) -> str:
        """What there is to say about it at the moment, in a line: what it waits for, say. Usually nothing.

        Raises:
            ConfigError: the state cannot be read.
        """
        return ""

    def hurry(self) -> None:  # noqa: B027 - nothing that waits is a fine default
        """Have no message wait any more for a time to come: what must wait is refused for now; until `close`."""

    def close(self) -> None:  # noqa: B027 - nothing to let go of is a fine default
        """Let go of connections and files. Sending again opens them again."""

    def receipt(
        self,
        message: Message,
        *,
        rejected: Mapping[str, DeliveryError] | None = None,
        response: str = "",
        provider_id: str | None = None,
    ) -> Receipt:
        """A receipt for all of the envelope's recipients but the `rejected`."""
        rejected = dict(rejected or {})
        accepted = tuple(address for address in message.envelope.recipients if address not in rejected)
        return Receipt(message.message_id, self.name, accepted, rejected, response, provider_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        values: dict[str, Any] = {name: getattr(self, name) for name in self.declared_settings()}
        shown = ", ".join(f"{name}={value!r}" for name, value in values.items() if value is not None)
        return f"<{type(self).__name__} {self.name!r} {shown}>"


def _smaller(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)
