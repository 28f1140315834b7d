"""The plugin manager: finds plugins, names a broken one, and calls the hooks with types.

pluggy's calls return `Any`; that stops here.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any

import pluggy

from notify import hookspecs
from notify.errors import NotifyError, PluginError
from notify.hookspecs import hookimpl
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    import click
    import jinja2

    from notify.addresses import Address
    from notify.definition import Definition
    from notify.message import Message
    from notify.receipt import Receipt
    from notify.transport import Transport

_log = logging.getLogger("notify.plugins")

GROUP = "notify"
"""The entry point group of plugins."""


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
        self._manager.register(_Framework(), "framework")
        if disabled is None:
            disabled = os.environ.get("NOTIFY_DISABLE_PLUGINS", "").replace(",", " ").split()
        self._disabled = frozenset(disabled)
        for name, entry in _installed().items():
            if name not in self._disabled:
                self._register(_load(entry), name)
        for folder in folders:
            for path in _files(folder):
                if path.stem not in self._disabled:
                    self._register(_load_file(path), path.stem)
        for other in others:
            self._register(other, getattr(other, "__name__", type(other).__name__))

    @property
    def names(self) -> list[str]:
        """The names of the loaded plugins, in order of registration."""
        return [name for name, _ in self._manager.list_name_plugin() if name != "framework"]

    def transports(self) -> dict[str, type[Transport]]:
        """The transport classes that plugins offer, by name.

        Raises:
            PluginError: two plugins offer one name.
        """
        found: dict[str, type[Transport]] = {}
        owners: dict[str, str] = {}
        for plugin, offered in self._results("notify_transports"):
            for name, transport in offered.items():
                if name in found:
                    raise PluginError(
                        f"the transport {name!r} is offered by two plugins: {owners[name]} ({_where(found[name])}) and "
                        f"{plugin} ({_where(transport)}); leave one out with NOTIFY_DISABLE_PLUGINS"
                    )
                found[name], owners[name] = transport, plugin
        return found

    def templates(self) -> list[Any]:
        """Template folders and loaders, first registered first."""
        return [item for _, items in self._results("notify_templates") for item in items]

    def checks(self) -> list[Any]:
        """Check rules, first registered first."""
        return [rule for _, rules in self._results("notify_checks") for rule in rules]

    def jinja_environment(self, environment: jinja2.Environment) -> None:
        """Let each plugin add filters, tests and globals."""
        self._manager.hook.notify_jinja_environment(environment=environment)

    def commands(self, group: click.Group) -> None:
        """Let each plugin add commands."""
        self._manager.hook.notify_commands(group=group)

    def context(
        self, definition: Definition, params: Mapping[str, Any], recipient: Address, locale: str
    ) -> dict[str, Any]:
        """The extra names for templates; of two plugins that give one name, the last registered wins."""
        context: dict[str, Any] = {}
        for _, extra in self._results(
            "notify_context", definition=definition, params=params, recipient=recipient, locale=locale
        ):
            context.update(extra)
        return context

    def message(self, message: Message, definition: Definition | None) -> Message:
        """The message after every plugin had it, first registered first."""
        for implementation in self._implementations("notify_message"):
            changed = _call(implementation, {"message": message, "definition": definition})
            if changed is not None:
                message = changed
        return message

    def select_transport(self, message: Message, environment: str, names: Sequence[str]) -> str:
        """The name of the transport that carries this message.

        Raises:
            PluginError: a plugin chose one that the environment does not have.
        """
        chosen: str | None = self._manager.hook.notify_select_transport(
            message=message, environment=environment, names=names
        )
        if chosen is None or chosen not in names:
            raise PluginError(
                f"notify_select_transport chose {chosen!r}, which the environment {environment!r} does not have "
                f"({did_you_mean(str(chosen), names)})"
            )
        return chosen

    def deliver(self, message: Message, transport: Transport) -> Receipt:
        """Deliver through the hook, so that plugins can wrap or replace it."""
        receipt: Receipt = self._manager.hook.notify_deliver(message=message, transport=transport)
        return receipt

    def delivered(self, receipt: Receipt) -> None:
        """Tell the observers of a receipt."""
        self._observe("notify_delivered", {"receipt": receipt})

    def failed(self, message: Message, error: NotifyError) -> None:
        """Tell the observers of a failure."""
        self._observe("notify_failed", {"message": message, "error": error})

    def _register(self, plugin: object, name: str) -> None:
        try:
            if self._manager.register(plugin, name) is None:  # pragma: no cover - only a blocked name
                return
            self._manager.check_pending()
        except ValueError as error:
            raise PluginError(f"two plugins are called {name!r}: {error}") from error
        except pluggy.PluginValidationError as error:
            raise PluginError(f"the plugin {name!r} ({_where(plugin)}) is wrong: {_reason(error)}") from error
        for implementation in self._manager.get_hookcallers(plugin) or ():
            wrappers = [impl for impl in implementation.get_hookimpls() if impl.plugin is plugin and _wraps(impl)]
            if wrappers and implementation.name in _ONE_BY_ONE:
                raise PluginError(f"the plugin {name!r} wraps {implementation.name}, which cannot be wrapped")

    def _implementations(self, hook: str) -> list[pluggy.HookImpl]:
        """First registered first; pluggy calls the last registered first."""
        return list(getattr(self._manager.hook, hook).get_hookimpls())

    def _results(self, hook: str, **arguments: object) -> Iterator[tuple[str, Any]]:
        for implementation in self._implementations(hook):
            result = _call(implementation, arguments)
            if result is not None:
                yield implementation.plugin_name, result

    def _observe(self, hook: str, arguments: Mapping[str, object]) -> None:
        for implementation in self._implementations(hook):
            try:
                _call(implementation, arguments)
            except Exception:  # noqa: BLE001 - an observer may raise anything
                _log.exception("the plugin %r failed in %s; the delivery stands", implementation.plugin_name, hook)


_ONE_BY_ONE = frozenset({
    "notify_transports", "notify_templates", "notify_checks", "notify_context", "notify_message", "notify_delivered",
    "notify_failed",
})  # fmt: skip


def _wraps(implementation: pluggy.HookImpl) -> bool:
    return implementation.wrapper or implementation.hookwrapper


def _call(implementation: pluggy.HookImpl, arguments: Mapping[str, object]) -> Any:
    return implementation.function(*(arguments[name] for name in implementation.argnames))


def _installed() -> dict[str, EntryPoint]:
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        other = found.setdefault(entry.name, entry)
        if (other.value, _distribution(other)) != (entry.value, _distribution(entry)):
            raise PluginError(
                f"two plugins are called {entry.name!r}: {other.value} of {_distribution(other)} "
                f"and {entry.value} of {_distribution(entry)}"
            )
    return found


def _load(entry: EntryPoint) -> object:
    try:
        return entry.load()
    except Exception as error:
        raise PluginError(
            f"the plugin {entry.name!r} of {_distribution(entry)} cannot be loaded: {type(error).__name__}: {error}; "
            f"NOTIFY_DISABLE_PLUGINS={entry.name} leaves it out"
        ) from error


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "an unknown distribution"


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise PluginError(f"the plugin folder {folder} does not exist")
    modules = [path for path in folder.glob("*.py") if not path.stem.startswith("_")]
    packages = [path.parent for path in folder.glob("*/__init__.py")]
    return sorted(modules + packages)


def _load_file(path: Path) -> ModuleType:
    name = f"notify_project_{path.stem}"
    source = path / "__init__.py" if path.is_dir() else path
    spec = importlib.util.spec_from_file_location(name, source)
    if spec is None or spec.loader is None:  # pragma: no cover - every .py file has a loader
        raise PluginError(f"the plugin {source} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise PluginError(
            f"the plugin {source} cannot be loaded: {type(error).__name__}: {error}; "
            f"NOTIFY_DISABLE_PLUGINS={path.stem} leaves it out"
        ) from error
    return module


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
