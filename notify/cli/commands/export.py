"""`notify export`: the preview as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.failure import FAILED
from notify.cli.names import complete
from notify.cli.output import as_json, count, say, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.cli.project import Project


@click.command("export", short_help="Write the preview as a static site.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete)
@click.option("--sample", "samples", metavar="NAME", multiple=True, help="Only this sample; may be given again.")
@click.option("--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; may be given again.")
@click.option("--theme", metavar="NAME", help="A theme of notify.yaml.")
@click.option("--remote-images", is_flag=True, help="Let mails load images of other hosts.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the list of what was written as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    folder: Path,
    names: Sequence[str],
    samples: Sequence[str],
    locales: Sequence[str],
    theme: str | None,
    remote_images: bool,
    json_wanted: bool,
) -> None:
    """Write a page for each sample of each notification, or of those NAMEd, in each locale, and an index.

    A NAME is an id, or a pattern such as 'billing.*'. DIR is new, empty, or an earlier export, which is replaced. Open
    DIR/index.html in a browser, or put DIR on any web server; DIR/notifications.json is for programs. A mail that
    cannot be rendered has a page that says why; then the exit code is 1.
    """
    from notify.preview import require

    require()
    from notify.preview.export import export
    from notify.preview.export.plan import Choice
    from notify.preview.project import Project as Previewed

    project: Project = ctx.obj
    choice = Choice(names=names, samples=samples, locales=locales, theme=theme, remote_images=remote_images)
    place = shown(folder)
    with project.notifier(definitions=False) as notifier:
        exported = export(Previewed(notifier), folder, choice)
    for mail in exported.failed:
        say(f"{mail.notification}, sample {mail.sample}, locale {mail.locale}: {mail.error}", fg="red")
    if json_wanted:
        as_json(exported.document)
    else:
        click.secho(f"{count(len(exported.mails), 'mail')} in {place}", bold=True)
    if exported.failed or not exported.mails:
        failed = len(exported.failed)
        say(f"{failed} cannot be rendered." if failed else "There is no sample to show.", fg="red")
        ctx.exit(FAILED)
