"""The `notify` command itself: finds a command's module only when the command is called, and reports every failure."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from notify import __version__
from notify.cli.failure import INTERRUPTED, describe, exit_code
from notify.cli.project import Project, global_options

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "init": "Start a project in a folder.",
    "new": "Write a new notification from a scaffold.",
    "adopt": "Make a notification of an existing template.",
    "list": "List the notifications.",
    "show": "Show what a notification takes and where its parts are.",
    "render": "Render a notification, without sending it.",
    "send": "Send a notification.",
    "preview": "Look at every notification in a browser.",
    "export": "Write the preview as a static site.",
    "screenshot": "Take a picture of every mail, with the system's Chromium.",
    "mailbox": "List, show, await and delete mails that were kept while developing.",
    "check": "Find what is wrong with the notifications.",
    "diff": "Say what changed between two revisions, and whom that breaks.",
    "schema": "Write JSON Schemas of definitions and of notify.yaml, for editors.",
    "codegen": "Write a typed Python module of the notifications.",
    "transports": "List the transports and their settings.",
    "doctor": "Find out whether mail can be sent, and what is wrong.",
    "explain": "Say what decides a notification's params, locale, templates, envelope and transport.",
    "outbox": "Look at the durable outbox, and change what is in it.",
    "log": "Show what became of mails.",
    "suppress": "Look at who is not written to, and change it.",
    "worker": "Send what is due in the outbox.",
    "demo": "Send every sample to files and through an SMTP server on this machine.",
    "completion": "Print the completion script of a shell.",
}
"""The built-in commands and their short help, which is known here so that `--help` imports none of them."""


class Commands(click.Group):
    """The group of all commands: the built-in ones, each imported when called, and those of plugins.

    Plugins are loaded only for a name that is not built in, and for `--help-all`.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The built-in commands and, for `--help-all`, those of plugins."""
        return [*COMMANDS, *(sorted(self._plugins(ctx).commands) if ctx.meta.get("notify.all") else ())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, with the global options added."""
        if cmd_name in COMMANDS:
            command: click.Command | None = importlib.import_module(f"notify.cli.commands.{cmd_name}").command
        else:
            command = self._plugins(ctx).commands.get(cmd_name)
        if command is not None:
            own = {option for parameter in command.params for option in parameter.opts}
            command.params += [option for option in global_options(hidden=True) if not own.intersection(option.opts)]
            command.epilog = command.epilog or "The options of `notify` itself, such as --env, may stand here too."
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and say which commands there are where there is none of that name."""
        if args and args[0][:1].isalnum() and self.get_command(ctx, args[0]) is None:
            from notify.suggest import did_you_mean

            ctx.fail(f"there is no command {args[0]!r} ({did_you_mean(args[0], COMMANDS)})")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the built-in commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        if ctx.meta.get("notify.all") and (found := self._plugins(ctx).commands):
            with formatter.section("Commands of plugins"):
                formatter.write_dl([(name, found[name].get_short_help_str(80)) for name in sorted(found)])

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **extra: Any
    ) -> Any:
        """Run, and exit with a code of `notify.cli.failure`; every error is one clear message."""
        project = Project()
        extra.setdefault("obj", project)
        if os.environ.get("NO_COLOR"):
            extra.setdefault("color", False)
        if not standalone_mode:
            return super().main(args, standalone_mode=False, **extra)
        try:
            code = super().main(args, standalone_mode=False, **extra)  # a pipe that nobody reads ends quietly in there
        except click.ClickException as error:
            error.show()
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            sys.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - the border: whatever failed is reported, not thrown at the person
            _report(error, debug=project.debug)
            sys.exit(exit_code(error))
        sys.exit(code if isinstance(code, int) else 0)

    def _plugins(self, ctx: click.Context) -> click.Group:
        """The commands of plugins, loaded once for each run."""
        if "notify.plugins" not in ctx.meta:
            from notify.cli.extensions import plugin_commands

            ctx.meta["notify.plugins"] = plugin_commands(ctx.ensure_object(Project), COMMANDS)
        found: click.Group = ctx.meta["notify.plugins"]
        return found


def _report(error: Exception, *, debug: bool) -> None:
    if debug:
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    else:
        colour = False if os.environ.get("NO_COLOR") else None
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {describe(error)}", err=True, color=colour)


def _help_all(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it so
    if value and not ctx.resilient_parsing:
        ctx.meta["notify.all"] = True
        click.echo(ctx.get_help())
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    params=[
        *global_options(),
        click.Option(
            ["--help-all"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_help_all,
            help="Show this message and the commands of plugins.",
        ),
    ],
)
@click.version_option(__version__, prog_name="notify")
def notify() -> None:
    """Define a notification once, see it, prove it, send it anywhere.

    Exit codes: 0 done, 1 not sent, 2 wrong call, configuration, definition or params, 75 try again later.
    """
