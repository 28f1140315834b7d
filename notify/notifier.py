"""The one façade: what an application calls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from notify.addresses import Address
from notify.call import Call, Common
from notify.composer import Composer
from notify.configuration import STATE_IN_OUTBOX, Configuration, Environment, Transports
from notify.delivery import Delivery, Receipts
from notify.enqueueing import Enqueueing
from notify.knowing import Knowing
from notify.plugins import Plugins
from notify.records import Records
from notify.rows import composed, given
from notify.state import FileState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    import jinja2

    from notify.addresses import AddressLike
    from notify.call import CommonKeywords, Keywords
    from notify.catalog import Catalog
    from notify.delivery import Progress
    from notify.delivery.gate import Judgement
    from notify.message import Message
    from notify.outbox.outbox import Outbox
    from notify.receipt import Receipt
    from notify.rendering import Recorded, Sources
    from notify.state import State
    from notify.transport import Transport


class Notifier(Enqueueing, Knowing):
    """Renders notifications and sends them. Safe to share between threads; a context manager that closes transports.

    Without a configuration file:

    ```python
    Notifier(catalog=Catalog.load([folder]), transport=transport, sender="Acme <hello@acme.example>")
    ```

    Args:
        catalog: the definitions; by default those of the configuration.
        transport: a transport, the name of one, or a DSN; by default what the configuration says.
        sender: who messages come from, where neither the definition nor the call says so.
        configuration: what notify.yaml says; by default the working directory's conventional folders.
        environment: the name of the environment; by default `NOTIFY_ENV`, else what the configuration says.
        plugins: the plugins; by default the installed ones and those of the configuration's folders.

    Raises:
        ConfigError: the configuration is wrong, or has no such environment.
        DefinitionError: a definition is wrong.
        PluginError: a plugin is wrong.
    """

    def __init__(
        self,
        *,
        catalog: Catalog | None = None,
        transport: Transport | str | None = None,
        sender: AddressLike | None = None,
        configuration: Configuration | None = None,
        environment: str | None = None,
        plugins: Plugins | None = None,
    ) -> None:
        super().__init__()
        self.configuration = configuration or Configuration.default()
        self.plugins = plugins or Plugins(self.configuration.plugins)
        self._environment: Environment = self.configuration.environment(environment or os.environ.get("NOTIFY_ENV"))
        self.catalog = catalog if catalog is not None else self.configuration.catalog()
        self.records = Records(self.configuration, self._environment, self.plugins)
        chosen = transport if transport is not None else os.environ.get("NOTIFY_TRANSPORT") or None
        self.transports = Transports(
            self._environment.transports(chosen if isinstance(chosen, str) else None),
            types=self.plugins.transports(),
            base=self.configuration.base,
            environ=os.environ,
            state=_state(self._environment, self.configuration.base, self.records),
        )
        if chosen is not None and not isinstance(chosen, str):
            self.transports.put(chosen)
        self._delivery = Delivery(self._environment, self.plugins, self.transports, self.records)
        self._sender = Address.of(sender) if sender is not None else None
        self._composer = Composer(self.configuration, self._environment, self.plugins, self._sender)
        self._sampling: Composer | None = None

    @classmethod
    def load(
        cls, path: str | os.PathLike[str] | None = None, environment: str | None = None, transport: str | None = None
    ) -> Self:
        """A notifier as notify.yaml, `NOTIFY_ENV` and `NOTIFY_TRANSPORT` describe it.

        Args:
            path: notify.yaml or its folder; by default `NOTIFY_CONFIG`, else the nearest from the working directory up.
            environment: the name of the environment, instead of what `NOTIFY_ENV` or the file says.
            transport: a transport's name or a DSN, instead of what `NOTIFY_TRANSPORT` or the file says.

        Raises:
            ConfigError: there is no file, or it is wrong.
            DefinitionError: a definition is wrong; all faults of all files.
            PluginError: a plugin is wrong.
        """
        configuration = Configuration.load(Path(path) if path is not None else None)
        return cls(configuration=configuration, environment=environment, transport=transport)

    @property
    def environment(self) -> str:
        """The name of the environment."""
        return self._environment.name

    @property
    def globals(self) -> Mapping[str, Any]:
        """What all templates see, where no theme is asked for."""
        return self._environment.globals

    @property
    def themes(self) -> Sequence[str]:
        """The names of the configuration's themes."""
        return self._environment.themes

    def render(self, name: str, **call: Unpack[Keywords]) -> Message:
        """The message that `send` would send; no transport is touched.

        Args:
            name: the notification's id.
            call: these keywords, of which `to` is required.
            to: an address, or several; an address is a string, a (name, address) pair or an `Address`.
            cc: likewise; replaces the definition's.
            bcc: likewise; only in the envelope, never in the message.
            sender: replaces the definition's and the configuration's.
            reply_to: replaces the definition's.
            params: what the definition declares.
            locale: such as `fr` or `pt-BR`; by default the configuration's.
            theme: one of the `themes` of the configuration, whose globals are laid over the others.
            headers: further headers; one of the definition's that has the same name gives way.
            attachments: further attachments.
            tags: further tags.
            metadata: words for the provider to keep with the message.
            options: what one provider only understands, by its name; each value replaces the definition's.

        Raises:
            UnknownNotificationError: there is no such notification.
            ParamsError: the params are not what the definition declares.
            MessageError: an address, a header or an attachment cannot be used; AddressError for the first two.
            RenderError: a template failed.
            ConfigError: nobody is the sender, or there is no such theme.
        """
        return self._composer.compose(self.catalog[name], Call.read(name, **call))

    def recording(self) -> AbstractContextManager[Recorded]:
        """What renderings of this thread ask for in the block: templates and attachments, found or not."""
        return self._composer.recorder.collecting()

    def sources(self) -> Sources:
        """Which templates the bodies of definitions come from, and in which locales, as the files are now."""
        return self._composer.sources()

    def composer(self, configure: Callable[[jinja2.Environment], None]) -> Composer:
        """What renders the parts of messages with templates that are compiled in an environment of its own.

        Args:
            configure: changes that environment before anything is compiled. The CSS is not inlined there.
        """
        return Composer(self.configuration, self._environment, self.plugins, self._sender, configure, samples=True)

    def rendering_few(self) -> Self:
        """The same notifier for who renders only a few samples of each notification: nothing is prepared for more."""
        other = self._copied()
        composer = Composer(
            self.configuration, self._environment, self.plugins, self._sender, direct=False, samples=True
        )
        other._composer = composer  # noqa: SLF001 - it is one of us
        return other

    def for_samples(self) -> Self:
        """The same notifier for samples: their links to unsubscribe lead nowhere, never change, and need no key."""
        if not self._environment.unsubscribes:
            return self
        if self._sampling is None:
            self._sampling = Composer(self.configuration, self._environment, self.plugins, self._sender, samples=True)
        other = self._copied()
        other._composer = self._sampling  # noqa: SLF001 - it is one of us
        return other

    def with_catalog(self, catalog: Catalog) -> Self:
        """The same notifier over other definitions; transports, plugins and compiled templates are shared."""
        other = self._copied()
        other.catalog = catalog
        return other

    def send(self, name: str, *, via: str | None = None, **call: Unpack[Keywords]) -> Receipt:
        """Render a notification and deliver it.

        Args:
            name: the notification's id.
            via: the name of one of the environment's transports, instead of the one that is selected.
            call: the keywords of `render`.

        Raises:
            NotifyError: as `render` and `deliver`.
        """
        return self.deliver(self.render(name, **call), via=via)

    async def asend(self, name: str, *, via: str | None = None, **call: Unpack[Keywords]) -> Receipt:
        """`send`, in a thread of its own, so that the event loop goes on."""
        import asyncio

        return await asyncio.to_thread(self.send, name, via=via, **call)

    def send_many(
        self,
        name: str,
        rows: Iterable[tuple[AddressLike | Iterable[AddressLike], Mapping[str, Any]]],
        *,
        via: str | None = None,
        progress: Callable[[Progress], object] | None = None,
        **common: Unpack[CommonKeywords],
    ) -> Receipts:
        """Send one message for each row of (to, params); the receipts come in the order of the rows.

        Messages are rendered in this thread, as receipts are asked for, and sent in others while the next are rendered.
        Rows may be any number: only some are in memory at a time. A row that fails stops nothing: its receipt has
        accepted nobody, and says why under `rejected`.

        Args:
            name: the notification's id.
            rows: whom to send to, and what the definition declares, for each message.
            via: the name of one of the environment's transports, instead of the one that is selected for each message.
            progress: called in this thread, with the count, after each message whose fate is known.
            common: the other keywords of `render`, the same for all.

        Raises:
            UnknownNotificationError: there is no such notification.
            MessageError, ParamsError: one of the other keywords is wrong.
        """
        definition, keywords = self.catalog[name], Common.read(name, **common)
        messages = composed(rows, definition, keywords, self._composer)
        return Receipts(messages, self._delivery, via=via, progress=progress)

    def deliver_many(
        self,
        messages: Iterable[Message],
        *,
        via: str | None = None,
        progress: Callable[[Progress], object] | None = None,
    ) -> Receipts:
        """Deliver messages that were rendered before, or built by hand; else as `send_many`."""
        return Receipts(given(messages), self._delivery, via=via, progress=progress)

    def deliver(self, message: Message, *, via: str | None = None) -> Receipt:
        """Deliver a message that was rendered before, or built by hand.

        The environment's `redirect_to`, `allow` and `subject_prefix` hold here too.

        Raises:
            DeliveryError: it was not taken, or nobody knows; the class says which.
            ConfigError: the transport is not configured right.
        """
        return self._delivery.deliver(message, via)

    def outgoing(self, message: Message) -> Message:
        """The message as it leaves: redirected, and its subject marked, where the environment says so.

        Raises:
            RefusedError: the environment does not allow a recipient.
        """
        return self._delivery.outgoing(message)

    def judge(self, message: Message) -> Judgement:
        """Who of a message's recipients may not be written to, where the environment asks.

        Raises:
            TemporaryError: that cannot be found out now.
            ConfigError: or not before a person has mended something.
        """
        return self._delivery.judged(message)

    def select(self, message: Message, *, via: str | None = None) -> Transport:
        """The transport that carries this message.

        Raises:
            ConfigError: there is no such transport, or its settings are wrong.
            PluginError: a plugin chose one that there is not.
        """
        return self._delivery.select(message, via)

    def close(self) -> None:
        """Close the transports, the outbox and the records. Using them again opens them again."""
        self.transports.close()
        self._close_outbox()
        self.records.close()

    def _opened(self) -> Outbox:
        database = self.records.database
        from notify.outbox.outbox import Outbox

        return Outbox(
            database,
            configuration=self.configuration,
            environment=self._environment,
            catalog=self.catalog,
            composer=self._composer,
            transports=self.transports,
            delivery=self._delivery,
            clear=self.records.clear,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _state(environment: Environment, base: Path, records: Records) -> State | None:
    """What outlives the process; None if nothing is to."""
    kept = environment.state
    if kept is None:
        return None
    if kept != STATE_IN_OUTBOX:
        return FileState(base / kept)
    database = records.database
    from notify.outbox.state import DatabaseState

    return DatabaseState(database)
