"""`notify completion`: the script by which a shell completes commands, options and notification names."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
@click.pass_context
def command(ctx: click.Context, /, shell: str | None) -> None:
    """Print the completion script of a shell; the shell in use, if none is named.

    \b
    bash   eval "$(notify completion bash)"   in ~/.bashrc
    zsh    eval "$(notify completion zsh)"    in ~/.zshrc
    fish   notify completion fish > ~/.config/fish/completions/notify.fish
    """  # noqa: D301 - the \b is click's mark for text that keeps its lines
    name = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(name) if name in _SHELLS else None
    if kind is None:
        raise click.UsageError(f"name the shell: {', '.join(_SHELLS)}", ctx)
    click.echo(kind(ctx.find_root().command, {}, "notify", "_NOTIFY_COMPLETE").source())
