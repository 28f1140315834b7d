"""Which notify.yaml: the one that is named, or the nearest from the working directory upwards."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, NamedTuple

from notify.errors import ConfigError

NAME = "notify.yaml"


class Found(NamedTuple):
    """The configuration file, and what led to it: the call, the variable `NOTIFY_CONFIG`, or a search upwards."""

    path: Path
    by: Literal["call", "variable", "search"]


def find_configuration(path: Path | None = None) -> Path:
    """The configuration file.

    Args:
        path: the file, or the folder that holds it; by default `NOTIFY_CONFIG`, else it is looked for.

    Raises:
        ConfigError: there is none.
    """
    return locate_configuration(path).path


def locate_configuration(path: Path | None = None) -> Found:
    """As `find_configuration`, with what led to the file."""
    named = path if path is not None else _from_environment()
    if named is not None:
        found = named / NAME if named.is_dir() else named
        if not found.is_file():
            raise ConfigError(f"there is no configuration file {found}")
        return Found(found.resolve(), "variable" if path is None else "call")
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / NAME).is_file():
            return Found(folder / NAME, "search")
    raise ConfigError(
        f"there is no {NAME} in {here} or above: `notify init` makes one; --config or NOTIFY_CONFIG names another"
    )


def _from_environment() -> Path | None:
    value = os.environ.get("NOTIFY_CONFIG")
    return Path(value) if value else None
