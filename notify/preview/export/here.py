"""Where files lie on this machine, which concerns nobody who reads an export."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from notify.resources import templates_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.configuration import Configuration


class Unplaced:
    """Takes the folders of this machine out of messages.

    Args:
        configuration: whose folders; what lies below its base is named from there.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._names = dict(_names(configuration))
        longest_first = sorted(self._names, key=len, reverse=True)
        paths = "|".join(map(re.escape, longest_first))
        self._path = re.compile(rf"({paths})(?:([\\/])|(?![\w.-]))")

    def __call__(self, value: Any) -> Any:
        """The same JSON value, its texts without such folders."""
        if isinstance(value, str):
            return self._path.sub(self._named, value)
        if isinstance(value, dict):
            return {name: self(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self(item) for item in value]
        return value

    def _named(self, found: re.Match[str]) -> str:
        name = self._names[found[1]]
        return f"{name}{found[2]}" if found[2] and name else name or ("" if found[2] else ".")


def _names(configuration: Configuration) -> Iterator[tuple[str, str]]:
    others = [*configuration.notifications, *configuration.templates, configuration.attachments, templates_folder()]
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - which, unlike Path.home(), is no error where there is none
    named = [(home, "~"), *((folder, folder.name) for folder in others), (configuration.base, "")]
    for folder, name in named:
        for path in {folder.absolute(), folder.resolve()}:
            inside = name and path.is_relative_to(configuration.base)
            if len(path.parts) > 1 and not inside:
                yield str(path), name
