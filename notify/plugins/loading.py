"""Finding plugins: installed ones by their entry points, and those in the project's own folders."""

from __future__ import annotations

import importlib.util
import sys
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from notify.errors import PluginError

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

GROUP = "notify"
"""The entry point group of plugins."""


def installed() -> dict[str, EntryPoint]:
    """The installed plugins by name.

    Raises:
        PluginError: two have one name; pluggy would skip the second without a word.
    """
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        other = found.setdefault(entry.name, entry)
        if (other.value, _distribution(other)) != (entry.value, _distribution(entry)):
            raise PluginError(
                f"two plugins are called {entry.name!r}: {other.value} of {_distribution(other)} "
                f"and {entry.value} of {_distribution(entry)}"
            )
    return found


def load(entry: EntryPoint) -> object:
    """Import an installed plugin.

    Raises:
        PluginError: it cannot be imported; the message names it and says how to go on without it.
    """
    try:
        return entry.load()
    except Exception as error:
        raise _broken(f"{entry.name!r} of {_distribution(entry)}", entry.name, error) from error


def files(folder: Path) -> list[Path]:
    """The modules and packages of a folder, each a plugin; those that begin with `_` are not.

    Raises:
        PluginError: there is no such folder.
    """
    if not folder.is_dir():
        raise PluginError(f"the plugin folder {folder} does not exist")
    modules = [path for path in folder.glob("*.py") if not path.stem.startswith("_")]
    packages = [path.parent for path in folder.glob("*/__init__.py")]
    return sorted(modules + packages)


def load_file(path: Path) -> ModuleType:
    """Import a module or package by its path.

    Raises:
        PluginError: as `load`.
    """
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
        raise _broken(str(source), path.stem, error) from error
    return module


def _broken(what: str, name: str, error: Exception) -> PluginError:
    return PluginError(
        f"the plugin {what} cannot be loaded: {type(error).__name__}: {error}; "
        f"NOTIFY_DISABLE_PLUGINS={name} leaves it out"
    )


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else "an unknown distribution"
