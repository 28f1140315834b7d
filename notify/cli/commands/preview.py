"""`notify preview`: look at every notification in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.output import say

if TYPE_CHECKING:
    from notify import Notifier
    from notify.cli.project import Project


@click.command("preview", short_help="Look at every notification in a browser.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address or name to listen on.")
@click.option("--port", default=8025, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes any.")
@click.option("--open", "open_wanted", is_flag=True, help="Open it in the browser.")
@click.option(
    "--smtp", type=click.IntRange(0, 65535), metavar="PORT", help="Take mail of any program on this port too."
)
@click.option("--keep", default=1000, show_default=True, type=click.IntRange(1), help="How many captured mails stay.")
@click.option(
    "--keep-days", default=30.0, show_default=True, type=click.FloatRange(0, min_open=True), help="How long they stay."
)
@click.option("--golden", type=click.Path(path_type=Path, file_okay=False), help="The folder of golden files.")
@click.pass_obj
def command(
    project: Project,
    /,
    *,
    host: str,
    port: int,
    open_wanted: bool,
    smtp: int | None,
    keep: int,
    keep_days: float,
    golden: Path | None,
) -> None:
    """Look at every notification, with every sample, in every language, as it will arrive.

    Pages follow the files: what you save is what you see. Nothing leaves this machine but what you send yourself.
    Faulty definitions are shown as such, and keep nobody from the others.
    """
    from notify import preview

    preview.require()
    from notify.preview.desk import Desk
    from notify.preview.project import Project as Previewed
    from notify.preview.serving import is_loopback, serve

    def load() -> Notifier:
        return project.notifier(definitions=False)

    def ready(url: str, sink: int | None) -> None:
        say(f"The preview of {previewed.notifier.configuration.base.name} is at {url}")
        if sink is not None:
            say(f"Mail to 127.0.0.1:{sink} goes into its mailbox.")
        if not is_loopback(host):
            say("Whoever reaches this port can see all of it, and save samples.", fg="yellow")
        say("Ctrl+C ends it.", dim=True)
        if open_wanted:
            click.launch(url)

    previewed = Previewed(load(), load=load)
    desk = Desk(previewed, local=True, keep=keep, keep_days=keep_days, live=True, golden=golden)
    with previewed.notifier:
        serve(desk, host=host, port=port, smtp=smtp, ready=ready)
