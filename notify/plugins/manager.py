"""The plugin manager: registers plugins, and calls their hooks with types.

pluggy's calls return `Any`, and let through whatever an implementation raises; both stop here. Hooks are called one
implementation at a time, so that an error can name its plugin; only `notify_deliver` goes through pluggy, which knows
wrappers.
"""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pluggy

from notify import hookspecs
from notify.errors import NotifyError, PluginError
from notify.hookspecs import hookimpl
from notify.message import Message
from notify.plugins.loading import files, installed, load, load_file
from notify.suggest import did_you_mean
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import click
    import jinja2

    from notify.addresses import Address
    from notify.definition import Definition
    from notify.feedback import Event
    from notify.receipt import Receipt

_log = logging.getLogger("notify.plugins")

WRAPPABLE = "notify_deliver"
"""The one hook that may be wrapped."""
FRAMEWORK = "framework"
"""What the framework's own implementations are registered as."""


class _Framework:
    """What the framework itself does where no plugin says otherwise."""

    @hookimpl(trylast=True)
    def notify_select_transport(self, names: Sequence[str]) -> str | None:
        return names[0] if names else None

    @hookimpl(trylast=True)
    def notify_deliver(self, message: Message, transport: Transport) -> Receipt:
        return transport.send(message)


class Plugins:
    """The plugins that are loaded, and their hooks as typed methods.

    A method raises PluginError, naming plugin and hook, where an implementation raises anything but a NotifyError, or
    returns something of another kind than its specification says.

    Args:
        folders: folders of the project, each `*.py` file or package in which is a plugin.
        disabled: names of plugins to leave out; by default those in `NOTIFY_DISABLE_PLUGINS`, set apart by commas.
        others: further plugin objects, registered last.

    Raises:
        PluginError: a plugin cannot be imported, implements a hook that there is not, or clashes with another.
    """

    def __init__(
        self, folders: Iterable[Path] = (), *, disabled: Iterable[str] | None = None, others: Iterable[object] = ()
    ) -> None:
        self._manager = pluggy.PluginManager("notify")
        self._manager.add_hookspecs(hookspecs)
        self._manager.register(_Framework(), FRAMEWORK)
        if disabled is None:
            disabled = os.environ.get("NOTIFY_DISABLE_PLUGINS", "").replace(",", " ").split()
        left_out = set(disabled)
        found = installed()
        paths = [path for folder in folders for path in files(folder)]
        for name in left_out - found.keys() - {path.stem for path in paths}:
            _log.warning("there is no plugin %r to leave out (%s)", name, did_you_mean(name, found))
        for name, entry in found.items():
            if name not in left_out:
                self._register(load(entry), name)
        for path in paths:
            if path.stem not in left_out:
                self._register(load_file(path), path.stem)
        for other in others:
            self._register(other, getattr(other, "__name__", type(other).__name__))

    @property
    def names(self) -> list[str]:
        """The names of the loaded plugins, in order of registration."""
        return [name for name, _ in self._manager.list_name_plugin() if name != FRAMEWORK]

    def transports(self) -> dict[str, type[Transport]]:
        """The transport classes that plugins offer, by name.

        Raises:
            PluginError: two plugins offer one name, or one DSN scheme.
        """
        found: dict[str, type[Transport]] = {}
        owners: dict[str, tuple[str, type[Transport]]] = {}
        for plugin, offered in self._results("notify_transports", Mapping):
            for name, transport in offered.items():
                if not (isinstance(transport, type) and issubclass(transport, Transport)):
                    raise PluginError(f"the plugin {plugin!r} offers {transport!r} as {name!r}, which is no Transport")
                if inspect.isabstract(transport):
                    raise PluginError(f"the transport {name!r} of the plugin {plugin!r} has no `send`")
                for word in (name, *transport.schemes):
                    owner, other = owners.setdefault(word, (plugin, transport))
                    if owner != plugin:
                        raise PluginError(
                            f"the transport {word!r} is offered by two plugins: {owner} ({_where(other)}) and {plugin} "
                            f"({_where(transport)}); leave one out with NOTIFY_DISABLE_PLUGINS"
                        )
                found[name] = transport
        return found

    def offering(self, transport: type[Transport]) -> str | None:
        """The name of the plugin that offers a transport class; None where none does."""
        offers = self._results("notify_transports", Mapping)
        return next((plugin for plugin, offered in offers if transport in offered.values()), None)

    def templates(self) -> list[Any]:
        """Template folders and loaders, first registered first."""
        return [item for _, items in self._results("notify_templates", Iterable) for item in items]

    def checks(self) -> list[Any]:
        """Check rules, first registered first."""
        return [rule for _, rules in self._results("notify_checks", Iterable) for rule in rules]

    def jinja_environment(self, environment: jinja2.Environment) -> None:
        """Let each plugin add filters, tests and globals."""
        self._all("notify_jinja_environment", environment=environment)

    def commands(self, group: click.Group) -> None:
        """Let each plugin add commands."""
        self._all("notify_commands", group=group)

    def context(
        self, definition: Definition, params: dict[str, Any], recipient: Address, locale: str
    ) -> dict[str, Any]:
        """The extra names for templates; of two plugins that give one name, the last registered wins."""
        context: dict[str, Any] = {}
        if not self._manager.hook.notify_context.get_hookimpls():
            return context
        for _, extra in self.contexts(definition, params, recipient, locale):
            context.update(extra)
        return context

    def contexts(
        self, definition: Definition, params: dict[str, Any], recipient: Address, locale: str
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The extra names for templates of each plugin that gives some, with its name, first registered first."""
        yield from self._results(
            "notify_context",
            Mapping,
            definition=definition,
            params=MappingProxyType(params),
            recipient=recipient,
            locale=locale,
        )

    def message(self, message: Message, definition: Definition | None) -> Message:
        """The message after every plugin had it, first registered first."""
        for _, changed in self.messages(message, definition):
            message = changed
        return message

    def messages(self, message: Message, definition: Definition | None) -> Iterator[tuple[str, Message]]:
        """The message after each plugin had it, with the plugin's name; the last one is what `message` gives."""
        for implementation in self._implementations("notify_message"):
            message = _call(implementation, Message, {"message": message, "definition": definition}) or message
            yield implementation.plugin_name, message

    def select_transport(self, message: Message, environment: str, names: Sequence[str]) -> str:
        """The name of the transport that carries this message; the plugin registered last is asked first.

        Raises:
            PluginError: a plugin chose one that the environment does not have.
        """
        return self.selected_transport(message, environment, names)[1]

    def selected_transport(self, message: Message, environment: str, names: Sequence[str]) -> tuple[str, str]:
        """As `select_transport`, behind the name of the plugin that chose it: `FRAMEWORK` for the default."""
        arguments = {"message": message, "environment": environment, "names": names}
        for implementation in reversed(self._implementations("notify_select_transport")):
            chosen: str | None = _call(implementation, str, arguments)
            if chosen is None:
                continue
            if chosen not in names:
                raise PluginError(
                    f"the plugin {implementation.plugin_name!r} chose the transport {chosen!r}, which the environment "
                    f"{environment!r} does not have ({did_you_mean(chosen, names)})"
                )
            return implementation.plugin_name, chosen
        raise PluginError(f"the environment {environment!r} has no transport")

    @property
    def hook_delivery(self) -> bool:
        """Whether any of them wraps or replaces delivery."""
        return len(self._implementations(WRAPPABLE)) > 1

    def deliver(self, message: Message, transport: Transport) -> Any:
        """Deliver through the hook, so that plugins can wrap or replace it. What comes back should be a Receipt."""
        return self._manager.hook.notify_deliver(message=message, transport=transport)

    def delivered(
        self,
        message: Message,
        receipt: Receipt,
        transport: Transport | None = None,
        seconds: float | None = None,
        attempt: int = 1,
    ) -> None:
        """Tell the observers of a receipt."""
        given = {"receipt": receipt, "message": message, "transport": transport, "seconds": seconds, "attempt": attempt}
        self._observe("notify_delivered", given)

    def failed(
        self,
        message: Message,
        error: NotifyError,
        transport: Transport | None = None,
        seconds: float | None = None,
        attempt: int = 1,
    ) -> None:
        """Tell the observers of a failure."""
        given = {"message": message, "error": error, "transport": transport, "seconds": seconds, "attempt": attempt}
        self._observe("notify_failed", given)

    def event(self, event: Event) -> None:
        """Tell the observers of what a provider said became of a message."""
        self._observe("notify_event", {"event": event})

    def preferences(self) -> tuple[str, object] | None:
        """The store of what people chose, behind the name of the plugin that brings it; the last registered wins."""
        for implementation in reversed(self._implementations("notify_preferences")):
            store = _call(implementation, object, {})
            if store is not None:
                return implementation.plugin_name, store
        return None

    def _register(self, plugin: object, name: str) -> None:
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
        except ValueError as error:
            raise PluginError(f"two plugins are called {name!r}: {error}") from error
        except pluggy.PluginValidationError as error:
            raise PluginError(f"the plugin {name!r} ({_where(plugin)}) is wrong: {_reason(error)}") from error
        for caller in self._manager.get_hookcallers(plugin) or ():
            own = (each for each in caller.get_hookimpls() if each.plugin is plugin)
            if caller.name != WRAPPABLE and any(each.wrapper or each.hookwrapper for each in own):
                raise PluginError(f"the plugin {name!r} wraps {caller.name}; only {WRAPPABLE} can be wrapped")

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        """First registered first; pluggy calls the last registered first."""
        return list(getattr(self._manager.hook, hook).get_hookimpls())

    def _results(self, hook: str, kind: type[Any], **arguments: object) -> Iterator[tuple[str, Any]]:
        for implementation in self._implementations(hook):
            result = _call(implementation, kind, arguments)
            if result is not None:
                yield implementation.plugin_name, result

    def _all(self, hook: str, **arguments: object) -> None:
        for implementation in self._implementations(hook):
            _call(implementation, object, arguments)

    def _observe(self, hook: str, arguments: Mapping[str, object]) -> None:
        for implementation in self._implementations(hook):
            try:
                _call(implementation, object, arguments)
            except NotifyError:
                _log.exception("the plugin %r failed in %s; what it observes stands", implementation.plugin_name, hook)


def _call(implementation: pluggy.HookImpl, kind: type[Any], arguments: Mapping[str, object]) -> Any:
    hook = implementation.function.__name__
    try:
        result = implementation.function(*(arguments[name] for name in implementation.argnames))
    except NotifyError:
        raise
    except Exception as error:
        raise PluginError(
            f"the plugin {implementation.plugin_name!r} failed in {hook}: {type(error).__name__}: {error}"
        ) from error
    # Text is iterable too, and never meant.
    if result is not None and (not isinstance(result, kind) or (kind is Iterable and isinstance(result, str))):
        raise PluginError(
            f"the plugin {implementation.plugin_name!r} gave {type(result).__name__} in {hook}, not {kind.__name__}"
        )
    return result


def _where(thing: object) -> str:
    if isinstance(thing, type):
        return f"{thing.__module__}.{thing.__qualname__}"
    return str(getattr(thing, "__file__", None) or type(thing).__qualname__)


def _reason(error: pluggy.PluginValidationError) -> str:
    """What pluggy says, and the hook that was probably meant."""
    text = " ".join(str(error).split())
    if "unknown hook" in text:
        unknown = text.split("unknown hook ")[1].split()[0].strip("'\"")
        return f"{text} ({did_you_mean(unknown, [name for name in vars(hookspecs) if name.startswith('notify_')])})"
    return text
