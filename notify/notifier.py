"""The one façade: what an application calls."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self, Unpack

from notify.addresses import Address, addresses
from notify.call import Call
from notify.composer import Composer
from notify.configuration import Configuration, Environment, Transports
from notify.errors import (
    ConfigError,
    DeliveryError,
    NotifyError,
    RefusedError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.plugins import Plugins
from notify.receipt import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notify.addresses import AddressLike
    from notify.call import CommonKeywords, Keywords
    from notify.catalog import Catalog
    from notify.definition import Definition
    from notify.message import Message
    from notify.transport import Transport


class Notifier:
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
        self.configuration = configuration or Configuration.default()
        self.plugins = plugins or Plugins(self.configuration.plugins)
        self._environment: Environment = self.configuration.environment(environment or os.environ.get("NOTIFY_ENV"))
        self.catalog = catalog if catalog is not None else self.configuration.catalog()
        chosen = transport if transport is not None else os.environ.get("NOTIFY_TRANSPORT") or None
        self.transports = Transports(
            self._environment.transports(chosen if isinstance(chosen, str) else None),
            types=self.plugins.transports(),
            base=self.configuration.base,
            environ=os.environ,
        )
        if chosen is not None and not isinstance(chosen, str):
            self.transports.put(chosen)
        self._composer = Composer(
            self.configuration,
            self._environment,
            self.plugins,
            Address.of(sender) if sender is not None else None,
        )

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
            headers: further headers; one of the definition's that has the same name gives way.
            attachments: further attachments.
            tags: further tags.
            metadata: words for the provider to keep with the message.

        Raises:
            UnknownNotificationError: there is no such notification.
            ParamsError: the params are not what the definition declares.
            MessageError: an address, a header or an attachment cannot be used; AddressError for the first two.
            RenderError: a template failed.
            ConfigError: nobody is the sender.
        """
        return self._composer.compose(self.catalog[name], Call.read(name, **call))

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
        return await asyncio.to_thread(self.send, name, via=via, **call)

    def send_many(
        self,
        name: str,
        rows: Iterable[tuple[AddressLike | Iterable[AddressLike], Mapping[str, Any]]],
        *,
        via: str | None = None,
        **common: Unpack[CommonKeywords],
    ) -> Iterator[Receipt]:
        """Send one message for each row of (to, params), in order, one at a time as the receipts are taken.

        A row that fails stops nothing: its receipt has accepted nobody, and says why under `rejected`.
        The other keywords are those of `render`, the same for all.

        Raises:
            UnknownNotificationError: there is no such notification.
        """
        return self._send_rows(self.catalog[name], rows, via, Call.common(name, **common))

    def _send_rows(
        self,
        definition: Definition,
        rows: Iterable[tuple[AddressLike | Iterable[AddressLike], Mapping[str, Any]]],
        via: str | None,
        common: Call,
    ) -> Iterator[Receipt]:
        for to, params in rows:
            try:
                call = common.addressed(definition.id, to, params)
                receipt = self.deliver(self._composer.compose(definition, call), via=via)
            except NotifyError as error:
                receipt = _failed(to, definition, common, error)
            yield receipt

    def deliver(self, message: Message, *, via: str | None = None) -> Receipt:
        """Deliver a message that was rendered before, or built by hand.

        The environment's `redirect_to`, `allow` and `subject_prefix` hold here too.

        Raises:
            DeliveryError: it was not taken, or nobody knows; the class says which.
            ConfigError: the transport is not configured right.
        """
        try:
            if message.notification is None:
                message = self.plugins.message(message, None)
            message = self.outgoing(message)
            transport = self.select(message, via=via)
            receipt = self._carry(message, transport)
        except NotifyError as error:
            self.plugins.failed(message, error)
            raise
        self.plugins.delivered(receipt)
        return receipt

    def outgoing(self, message: Message) -> Message:
        """The message as it leaves: redirected, and its subject marked, where the environment says so.

        Raises:
            RefusedError: the environment does not allow a recipient.
        """
        return self._environment.policy.apply(message)

    def select(self, message: Message, *, via: str | None = None) -> Transport:
        """The transport that carries this message.

        Raises:
            ConfigError: there is no such transport, or its settings are wrong.
            PluginError: a plugin chose one that there is not.
        """
        chosen = via or self.plugins.select_transport(message, self.environment, self.transports.names)
        return self.transports[chosen]

    def enqueue(self, name: str, **call: Unpack[Keywords]) -> NoReturn:
        """Put a notification into the durable outbox.

        Raises:
            ConfigError: the outbox is not installed.
        """
        del name, call
        raise ConfigError("the durable outbox is not installed: pip install 'notify-framework[outbox]'")

    def close(self) -> None:
        """Close the transports. Sending again opens them again."""
        self.transports.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _carry(self, message: Message, transport: Transport) -> Receipt:
        advice = f"This is a fault of {type(transport).__module__}, or of a plugin that wraps delivery."
        try:
            receipt = self.plugins.deliver(message, transport)
        except NotifyError:
            raise
        except Exception as error:
            raise UnknownOutcomeError(
                f"a plugin failed during delivery: {type(error).__name__}: {error}",
                transport=transport.name,
                phase="plugin",
                advice=advice,
            ) from error
        if not isinstance(receipt, Receipt):
            raise UnknownOutcomeError(
                f"a plugin gave {type(receipt).__name__} for a receipt",
                transport=transport.name,
                phase="plugin",
                advice=advice,
            )
        return receipt


def _failed(to: object, definition: Definition, call: Call, error: NotifyError) -> Receipt:
    """A receipt that has accepted nobody: each recipient with its own error, or with the one of the whole."""
    if isinstance(error, DeliveryError):
        failure = error
    else:
        kind = TransportConfigError if isinstance(error, ConfigError) else RefusedError
        failure = kind(str(error), phase="render")
        failure.__cause__ = error
    try:
        people = addresses(to)  # type: ignore[arg-type]
    except NotifyError:
        return Receipt("", failure.transport, (), {str(to): failure})
    copies = (
        mine if given is None else given for mine, given in ((definition.cc, call.cc), (definition.bcc, call.bcc))
    )
    everybody = [*people, *(person for some in copies for person in some)]
    rejected = {person.email: failure.rejected.get(person.email, failure) for person in everybody}
    return Receipt("", failure.transport, (), rejected or {str(to): failure})
