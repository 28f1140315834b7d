"""One message: policy, choice of a transport, the hooks around it."""

from __future__ import annotations

import copy
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from notify.delivery.failed import failed_message
from notify.delivery.gate import FREE
from notify.delivery.telling import NO_ATTEMPT, Attempt, Telling
from notify.errors import NotifyError, OutboxError, SuppressedError, TemporaryError, UnknownOutcomeError
from notify.receipt import Receipt

if TYPE_CHECKING:
    from notify.configuration import Environment, Transports
    from notify.delivery.gate import Journal, Judgement, Registers
    from notify.message import Message
    from notify.plugins import Plugins
    from notify.transport import Transport


class Route(NamedTuple):
    """Where a message goes.

    Attributes:
        asked: the message as it was asked for, for those who may be written to.
        message: the message as it leaves.
        transport: what carries it.
        judgement: who may not be written to.
    """

    asked: Message
    message: Message
    transport: Transport
    judgement: Judgement


class Delivery:
    """Delivers messages as an environment and its plugins say.

    Args:
        environment: its policy holds for every message.
        plugins: whose hooks are called.
        transports: those of the environment.
        registers: say who may be written to, and keep what became of messages.
    """

    def __init__(
        self,
        environment: Environment,
        plugins: Plugins,
        transports: Transports,
        registers: Registers | None = None,
    ) -> None:
        self._environment = environment
        self._plugins = plugins
        self._transports = transports
        self._registers = registers
        self._is_logged = True
        self._telling = Telling(plugins, lambda: environment.people)

    def unlogged(self) -> Delivery:
        """The same for who writes down what became of messages in another way."""
        other = copy.copy(self)
        other._is_logged = False  # noqa: SLF001 - it is one of us
        return other

    @property
    def _journal(self) -> Journal | None:
        return self._registers.journal if self._is_logged and self._registers is not None else None

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

    def judged(self, message: Message) -> Judgement:
        """Who of its recipients may be written to.

        Raises:
            TemporaryError: that cannot be found out now.
            ConfigError: or not without a person.
        """
        gate = None if self._registers is None else self._registers.gate
        if gate is None:
            return FREE
        try:
            return gate.judge(message.envelope.recipients, message.category or "", message.notification or "")
        except OutboxError as error:
            reason = f"nobody knows now who may be written to: {error}"
            raise TemporaryError(reason, phase="suppression") from error

    def route(self, message: Message, via: str | None) -> Route:
        """Where a message goes. The observers are told of a failure.

        Raises:
            SuppressedError: none of its recipients may be written to.
            NotifyError: a plugin or the policy refuses it, or there is no such transport.
        """
        judgement = FREE
        try:
            if message.notification is None:
                message = self._plugins.message(message, None)
            judgement = self.judged(message)
            asked = judgement.left(message)
            message = self.outgoing(asked)
            return Route(asked, message, self.select(message, via), judgement)
        except NotifyError as error:
            self.tell(message, error, judgement)
            raise

    def deliver(self, message: Message, via: str | None) -> Receipt:
        """Deliver a message. The observers are told of what became of it.

        Raises:
            NotifyError: as `Notifier.deliver`.
        """
        try:
            route = self.route(message, via)
            start = perf_counter()
            outcome = self.carry(route.message, route.transport)
            attempt = Attempt(route.transport, perf_counter() - start)
            self.tell(route.message, outcome, route.judgement, attempt)
        except SuppressedError as error:
            return failed_message(message, error)
        finally:
            self.flush()
        if isinstance(outcome, NotifyError):
            raise outcome
        return route.judgement.complete(outcome)

    def carry(self, message: Message, transport: Transport) -> Receipt | NotifyError:
        """What becomes of a message that goes through the hook, where a plugin has something to do with it."""
        try:
            receipt = self._plugins.deliver(message, transport) if self.hooked else transport.send(message)
        except NotifyError as error:
            return error
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises
            return broken(transport, f"a plugin failed during delivery: {type(error).__name__}: {error}", error)
        return checked(receipt, transport)

    def flush(self) -> None:
        """Wait until what was told is written down, where that is wanted."""
        if (journal := self._journal) is not None:
            journal.flush()

    def tell(
        self,
        message: Message,
        outcome: Receipt | NotifyError,
        judgement: Judgement = FREE,
        attempt: Attempt = NO_ATTEMPT,
    ) -> None:
        """Log it, tell the observers, and write it down where that is wanted."""
        if (journal := self._journal) is not None:
            journal.note(message, outcome, judgement)
        whole = judgement.complete(outcome) if isinstance(outcome, Receipt) else outcome
        self._telling.tell(message, whole, attempt)


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
