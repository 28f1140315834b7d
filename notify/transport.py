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
from typing import TYPE_CHECKING, Any, ClassVar, Self

from notify.errors import ConfigError
from notify.receipt import Receipt
from notify.settings import Setting, declared, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.dsn import Dsn
    from notify.errors import DeliveryError
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


class Transport(ABC):
    """Carries messages. A subclass declares its settings as annotated attributes and defines `send`.

    `send` may be called from several threads at once.

    Args:
        name: what the configuration calls this transport; used in receipts and errors.
        base: the folder that relative paths are taken from; the working directory if left out.
        settings: the declared settings.

    Raises:
        ConfigError: a setting is unknown, missing or wrong.
    """

    capabilities: Capabilities = Capabilities()
    schemes: ClassVar[tuple[str, ...]] = ()
    """Further DSN schemes that mean this transport, besides the name it is registered under."""

    def __init__(self, *, name: str = "", base: Path | None = None, **settings: object) -> None:
        self.name = name or type(self).__name__.lower()
        for key, value in read_settings(type(self), settings, base or Path.cwd(), self.name).items():
            setattr(self, key, value)

    @classmethod
    def declared_settings(cls) -> dict[str, Setting]:
        """The declared settings by name."""
        return declared(cls)

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

    def verify(self) -> None:  # noqa: B027 - nothing to check is a fine default
        """Check the settings against the real thing, without sending anything.

        Raises:
            DeliveryError: a message could not be sent now.
        """

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
