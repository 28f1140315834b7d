"""From the name of a doorbell to the doorbell."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from notify.cli.failure import Wrong
from notify.errors import ConfigError

if TYPE_CHECKING:
    from notify.outbox.celery import Doorbell


def doorbell_of(name: str) -> Doorbell:
    """The doorbell that `MODULE:NAME` names, or that the Celery app has which it names.

    Raises:
        Wrong: there is no such thing.
        ConfigError: Celery is not installed.
    """
    module_name, _, path = name.partition(":")
    if not path:
        raise Wrong(f"--app: expected MODULE:NAME, such as shop.tasks:app, not {name!r}")
    try:
        from notify.outbox.celery import Doorbell
    except ImportError as error:
        raise ConfigError("celery is not installed: pip install 'notify-framework[celery]'") from error
    found: object = _module(module_name)
    for part in path.split("."):
        found = getattr(found, part, None)
    if isinstance(found, Doorbell):
        return found
    doorbell = Doorbell.of(found)
    if doorbell is None:
        raise Wrong(f"--app: {name} is neither a Doorbell nor a Celery app that has one")
    return doorbell


def _module(name: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise Wrong(f"--app: there is no module {name!r}") from error
