"""One message: policy, choice of a transport, the hooks around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import NotifyError, UnknownOutcomeError
from notify.receipt import Receipt

if TYPE_CHECKING:
    from notify.configuration import Environment, Transports
    from notify.message import Message
    from notify.plugins import Plugins
    from notify.transport import Transport


class Delivery:
    """Delivers messages as an environment and its plugins say.

    Args:
        environment: its policy holds for every message.
        plugins: whose hooks are called.
        transports: those of the environment.
    """

    def __init__(self, environment: Environment, plugins: Plugins, transports: Transports) -> None:
        self._environment = environment
        self._plugins = plugins
        self._transports = transports

    @property
    def hooked(self) -> bool:
        """Whether a plugin wraps or replaces delivery, so that each message has to go through the hook."""
        return self._plugins.hook_delivery

    def outgoing(self, message: Message) -> Message:
        """See `Notifier.outgoing`."""
        return self._environment.policy.apply(message)

    def select(self, message: Message, via: str | None) -> Transport:
        """See `Notifier.select`."""
        chosen = via or self._plugins.select_transport(message, self._environment.name, self._transports.names)
        return self._transports[chosen]

    def route(self, message: Message, via: str | None) -> tuple[Message, Transport]:
        """The message as it leaves, and what carries it. The observers are told of a failure.

        Raises:
            NotifyError: a plugin or the policy refuses it, or there is no such transport.
        """
        try:
            if message.notification is None:
                message = self._plugins.message(message, None)
            message = self.outgoing(message)
            return message, self.select(message, via)
        except NotifyError as error:
            self._plugins.failed(message, error)
            raise

    def deliver(self, message: Message, transport: Transport) -> Receipt:
        """Deliver what `route` gave. The observers are told of what became of it.

        Raises:
            NotifyError: as `Notifier.deliver`.
        """
        outcome = self.carry(message, transport)
        self.tell(message, outcome)
        if isinstance(outcome, NotifyError):
            raise outcome
        return outcome

    def carry(self, message: Message, transport: Transport) -> Receipt | NotifyError:
        """What becomes of a message that goes through the hook, where a plugin has something to do with it."""
        try:
            receipt = self._plugins.deliver(message, transport) if self.hooked else transport.send(message)
        except NotifyError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises
            return broken(transport, f"a plugin failed during delivery: {type(error).__name__}: {error}", error)
        return checked(receipt, transport)

    def tell(self, message: Message, outcome: Receipt | NotifyError) -> None:
        """Tell the observers."""
        if isinstance(outcome, NotifyError):
            self._plugins.failed(message, outcome)
        else:
            self._plugins.delivered(outcome)


def checked(outcome: object, transport: Transport) -> Receipt | NotifyError:
    """The outcome, or an error if it is none."""
    if isinstance(outcome, (Receipt, NotifyError)):
        return outcome
    return broken(transport, f"a plugin gave {type(outcome).__name__} for a receipt")


def broken(transport: Transport, reason: str, cause: BaseException | None = None) -> UnknownOutcomeError:
    """The error of a message that was in the hands of code that broke."""
    advice = f"This is a fault of {type(transport).__module__}, or of a plugin that wraps delivery."
    error = UnknownOutcomeError(reason, transport=transport.name, phase="plugin", advice=advice)
    error.__cause__ = cause
    return error
