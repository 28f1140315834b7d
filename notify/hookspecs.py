"""The hooks that a plugin may implement: a signature and a docstring each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import click
    import jinja2

    from notify.addresses import Address
    from notify.consent import Preferences
    from notify.definition import Definition
    from notify.errors import NotifyError
    from notify.feedback import Event
    from notify.message import Message
    from notify.receipt import Receipt
    from notify.transport import Transport

hookspec = pluggy.HookspecMarker("notify")
hookimpl = pluggy.HookimplMarker("notify")


@hookspec
def notify_transports() -> Mapping[str, type[Transport]]:  # type: ignore[empty-body]
    """Return the transport classes that the plugin offers, by name.

    Two plugins that offer one name are an error that names both.
    """


@hookspec(firstresult=True)
def notify_select_transport(message: Message, environment: str, names: Sequence[str]) -> str | None:
    """Return which of the environment's transports (`names`, the default first) carries this message, or None.

    The framework's own implementation comes last and gives the environment's default.
    """


@hookspec
def notify_templates() -> Iterable[Any]:  # type: ignore[empty-body]
    """Return template folders (str or Path) or jinja2 loaders that the plugin brings; the application's come first."""


@hookspec
def notify_jinja_environment(environment: jinja2.Environment) -> None:
    """Add filters, tests or globals to the environment that all templates are compiled in."""


@hookspec
def notify_context(
    definition: Definition, params: Mapping[str, Any], recipient: Address, locale: str
) -> Mapping[str, Any] | None:
    """Return extra names for the templates. Params and the application's globals win over them."""


@hookspec
def notify_message(message: Message, definition: Definition | None) -> Message | None:
    """Return a changed message, or None to leave it; called before delivery and in previews alike.

    Implementations are called one after another, each with what the one before returned.
    `definition` is None for a message that was built by hand.
    """


@hookspec(firstresult=True)
def notify_deliver(message: Message, transport: Transport) -> Receipt | None:
    """Deliver a message. A wrapper implementation is middleware, a plain one replaces the delivery.

    The framework's own implementation comes last and calls `transport.send(message)`. Of many messages, each is
    delivered in one of several threads; where no plugin implements this, the transport has them as a stream.
    """


@hookspec
def notify_delivered(receipt: Receipt, message: Message, transport: Transport, seconds: float, attempt: int) -> None:
    """Observe what was accepted. What an implementation raises is logged, and changes nothing.

    `message` is as it left, `seconds` for how long the transport had it, `attempt` which try of the outbox it was,
    from 1. `notify.outcomes` has a word for each outcome.
    """


@hookspec
def notify_failed(
    message: Message, error: NotifyError, transport: Transport | None, seconds: float | None, attempt: int
) -> None:
    """Observe a delivery that failed. What an implementation raises is logged, and changes nothing.

    As `notify_delivered`; `transport` and `seconds` are None where no transport had the message, as when nobody of its
    recipients may be written to.
    """


@hookspec
def notify_event(event: Event) -> None:
    """Observe what a provider said became of a message, once, after it was recorded; `event.kind` says what.

    What an implementation raises is logged, and changes nothing; the event does not come again.
    """


@hookspec(firstresult=True)
def notify_preferences() -> Preferences | None:
    """Return where the application keeps who wants which mails, or None to leave that to others.

    The plugin registered last is asked first.
    """


@hookspec
def notify_checks() -> Iterable[Any]:  # type: ignore[empty-body]
    """Return check rules."""


@hookspec
def notify_commands(group: click.Group) -> None:
    """Add click commands to the `notify` command; `notify --help-all` lists them."""
