"""The commands that plugins bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from notify.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Container

    from notify.cli.project import Project


class _Collecting(click.Group):
    """Takes each name once."""

    def __init__(self, taken: Container[str]) -> None:
        super().__init__()
        self._taken = taken

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        name = name or cmd.name or ""
        if name in self._taken:
            raise PluginError(f"a plugin adds the command {name!r}, which is built in")
        if name in self.commands:
            raise PluginError(f"two plugins add the command {name!r}; leave one out with NOTIFY_DISABLE_PLUGINS")
        super().add_command(cmd, name)


def plugin_commands(project: Project, taken: Container[str]) -> click.Group:
    """A group of the commands that plugins add: the installed ones and, within a project, its own.

    Raises:
        PluginError: a plugin is wrong, or a command's name is taken.
    """
    from notify.errors import ConfigError
    from notify.plugins import Plugins

    try:
        folders = project.configuration().plugins
    except ConfigError:
        if project.config is not None:
            raise
        folders = ()
    group = _Collecting(taken)
    Plugins(folders).commands(group)
    return group
