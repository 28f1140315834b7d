"""What the global options say, and the notifier that they lead to."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from notify import Notifier
    from notify.configuration import Configuration


class Project:
    """The object of every click context: the global options.

    A command, also one of a plugin, takes it by `@click.pass_obj`.
    """

    def __init__(
        self,
        *,
        config: Path | None = None,
        environment: str | None = None,
        transport: str | None = None,
        debug: bool = False,
    ) -> None:
        self.config = config
        self.environment = environment
        self.transport = transport
        self.debug = debug

    def configuration(self) -> Configuration:
        """What notify.yaml says. Variables that are not set are taken from `.env` beside it.

        Raises:
            ConfigError: there is no notify.yaml, or it or `.env` is wrong.
        """
        from notify.cli.dotenv import read_dotenv
        from notify.configuration import Configuration

        configuration = Configuration.load(self.config)
        for name, value in read_dotenv(configuration.base / ".env").items():
            os.environ.setdefault(name, value)
        # `params: shop.models:Order` means the project's own modules; last, so that they stand in for nothing else.
        if str(configuration.base) not in sys.path:
            sys.path.append(str(configuration.base))
        return configuration

    def notifier(self, *, definitions: bool = True) -> Notifier:
        """The project's notifier; without `definitions`, faulty ones do no harm, and none is known.

        Raises:
            ConfigError, DefinitionError, PluginError: as `Notifier.load`.
        """
        from notify import Catalog, Notifier

        return Notifier(
            configuration=self.configuration(),
            catalog=None if definitions else Catalog(()),
            environment=self.environment,
            transport=self.transport,
        )


def global_options(*, hidden: bool = False) -> list[click.Option]:
    """The options of `notify` itself; those of a command are hidden twins, so that they may stand anywhere."""
    return [
        click.Option(
            ["--config"],
            type=click.Path(),
            metavar="PATH",
            help="notify.yaml or its folder, instead of the nearest from here upwards.",
            expose_value=False,
            callback=_keep_config,
            hidden=hidden,
        ),
        click.Option(
            ["--env", "environment"],
            metavar="NAME",
            help="The environment, instead of NOTIFY_ENV or the default.",
            expose_value=False,
            callback=_keep("environment"),
            hidden=hidden,
        ),
        click.Option(
            ["--transport"],
            metavar="NAME|DSN",
            help="The transport, instead of NOTIFY_TRANSPORT or the environment's.",
            expose_value=False,
            callback=_keep("transport"),
            hidden=hidden,
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            help="Show a traceback when something fails.",
            expose_value=False,
            callback=_keep("debug"),
            hidden=hidden,
        ),
    ]


def _keep_config(ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        from pathlib import Path

        ctx.ensure_object(Project).config = Path(value)


def _keep(field: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value:
            setattr(ctx.ensure_object(Project), field, value)

    return callback
