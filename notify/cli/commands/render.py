"""`notify render`: a message as it would be sent, shown or written to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notify.cli.data import DataOptions, data_options, gather
from notify.cli.failure import Wrong
from notify.cli.names import name_argument
from notify.cli.output import colourful, say
from notify.definition import RECIPIENT

if TYPE_CHECKING:
    from notify import Message
    from notify.cli.project import Project

FORMATS = ("html", "text", "eml", "json")
_OF_SUFFIX = {".html": "html", ".htm": "html", ".txt": "text", ".eml": "eml", ".json": "json"}


@click.command("render", short_help="Render a notification, without sending it.")
@name_argument
@data_options
@click.option("--to", metavar="ADDRESS", help="The recipient; by default the sample's, or recipient@example.com.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="One part, the whole mail, or all of it as JSON.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to a file; its suffix tells the format.")
@click.pass_obj
def command(
    project: Project, /, name: str, *, to: str | None, form: str | None, output: Path | None, **options: Any
) -> None:
    """Render a notification, without sending it.

    By default the headers and the text part are shown. Outside production the sample `default` is taken where neither
    --sample nor --params is given.
    """
    notifier = project.notifier()
    definition = notifier.catalog[name]
    data = gather(definition, DataOptions(**options), production=notifier.environment == "production")
    recipient = to or data.to or RECIPIENT
    notifier = notifier if to else notifier.for_samples()
    message = notifier.render(definition.id, to=recipient, params=data.params, locale=data.locale, theme=data.theme)
    if output is None:
        click.echo(_content(message, form, colour=colourful()), nl=False)
        return
    content = _content(message, form or _OF_SUFFIX.get(output.suffix.lower()))
    _write(output, content if isinstance(content, bytes) else content.encode())
    say(f"Wrote {output}")


def _content(message: Message, form: str | None, *, colour: bool = False) -> str | bytes:
    from notify.documents.messages import message_document
    from notify.readable import readable

    if form == "eml":
        return message.as_bytes(smtputf8=message.needs_smtputf8)
    if form == "json":
        return json.dumps(message_document(message), indent=2, ensure_ascii=False) + "\n"
    if form is None:
        return readable(message, colour=colour)
    part = message.html if form == "html" else message.text
    if part is None:
        raise Wrong(f"{message.notification} has no {form} part")
    return part


def _write(path: Path, content: bytes) -> None:
    from notify.atomic import write_atomically

    try:
        write_atomically(path, content)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error
