"""`notify diff`: what changed between two revisions, and whom that breaks."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.failure import FAILED
from notify.cli.output import as_json

if TYPE_CHECKING:
    from notify.cli.project import Project
    from notify.configuration import Configuration
    from notify.contracts import Snapshot
    from notify.plugins import Plugins


@click.command("diff", short_help="Say what changed between two revisions, and whom that breaks.")
@click.argument("old", metavar="REV")
@click.argument("new", metavar="[REV]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="How to print it; markdown is for a pull request.",
)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "any", "never"]),
    default="breaking",
    help="Which changes make the exit code 1; by default breaking ones.",
)
@click.pass_context
def command(ctx: click.Context, /, *, old: str, new: str | None, form: str, fail_on: str) -> None:
    """Compare definitions, templates and samples of a git revision with those of a second one, or with those of now.

    Each change is safe, or breaks callers (code that sends the notification as before) or what is queued (messages that
    were queued before and are sent after). Places are those of the newer revision.
    """
    from notify.contracts import compare
    from notify.contracts.report import as_document, as_markdown, as_text
    from notify.plugins import Plugins

    project: Project = ctx.obj
    configuration = project.configuration()
    plugins = Plugins(configuration.plugins)
    before = _revision(configuration, plugins, old)
    after = _now(configuration, plugins) if new is None else _revision(configuration, plugins, new)
    changes = compare(before, after)
    if form == "json":
        as_json(as_document(changes, old, new))
    else:
        click.echo(as_text(changes) if form == "text" else as_markdown(changes, old, new), nl=False)
    if (fail_on == "any" and changes) or (fail_on == "breaking" and any(change.breaks for change in changes)):
        ctx.exit(FAILED)


def _revision(configuration: Configuration, plugins: Plugins, revision: str) -> Snapshot:
    from notify.contracts import Snapshot
    from notify.revisions import Repository

    repository = Repository(configuration)
    with tempfile.TemporaryDirectory(prefix="notify-diff-") as folder:
        commit = repository.commit(revision)
        earlier = repository.extract(commit, Path(folder).resolve(), revision=revision)
        return Snapshot.read(earlier, plugins, revision=revision)


def _now(configuration: Configuration, plugins: Plugins) -> Snapshot:
    from notify.contracts import Snapshot

    return Snapshot.read(configuration, plugins)
