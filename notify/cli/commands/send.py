"""`notify send`: render a notification and deliver it, to some people or for each row of a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from notify.cli.data import DataOptions, data_options, gather
from notify.cli.failure import FAILED, Wrong
from notify.cli.names import name_argument
from notify.cli.output import as_json, colourful, say
from notify.cli.rows import Rows
from notify.cli.send_rows import Sending
from notify.cli.transcript import transcript_option

if TYPE_CHECKING:
    from notify import Message, Notifier, Receipt, Transport
    from notify.cli.project import Project


@click.command("send", short_help="Send a notification.")
@name_argument
@click.option("--to", metavar="ADDRESS", multiple=True, help="A recipient. May be repeated.")
@click.option("--cc", metavar="ADDRESS", multiple=True, help="A recipient of a copy.")
@click.option("--bcc", metavar="ADDRESS", multiple=True, help="A recipient of a copy whom the others do not see.")
@data_options
@click.option("--via", metavar="NAME", help="One of the environment's transports, instead of its default.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and to whom; send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@transcript_option
@click.option("--json", "json_wanted", is_flag=True, help="Print the receipt as JSON; of --rows, each on a line.")
@click.option("--rows", metavar="FILE", help="A message for each line of JSON Lines or CSV, instead of --to.")
@click.option("--start", metavar="NUMBER", type=click.IntRange(1), default=1, help="The first row to send, 1.")
@click.option("--account", metavar="FILE", help="Write the receipts of --rows to a new file, as JSON Lines.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    name: str,
    *,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    bcc: tuple[str, ...],
    via: str | None,
    dry_run: bool,
    yes: bool,
    json_wanted: bool,
    rows: str | None,
    start: int,
    account: str | None,
    **options: Any,
) -> None:
    """Send a notification: one message to all that --to names, or one for each row of a file.

    Before a message goes to real people, a person at a terminal is asked; elsewhere, in production, --yes is needed.
    Outside production the sample `default` is taken where neither --sample nor --params is given.
    """
    if (rows is None) is not bool(to):
        raise click.UsageError("give either --to, or --rows with a file that says whom to send to")
    if rows is None and (account is not None or start > 1):
        raise click.UsageError("--account and --start are about the file of --rows")
    if account is not None and json_wanted:
        raise click.UsageError("--account and --json say the same, in different places")
    project: Project = ctx.obj
    with project.notifier() as notifier:
        definition = notifier.catalog[name]
        # Each row has params of its own, so that those of a sample are taken only where one is named.
        unasked = rows is None and notifier.environment != "production"
        data = gather(definition, DataOptions(**options), production=not unasked)
        keywords: Any = {
            "cc": list(cc) or None, "bcc": list(bcc) or None, "locale": data.locale, "theme": data.theme,
        }  # fmt: skip
        if rows is not None:
            with Rows(rows, data.params, definition.contract) as file:
                sending = Sending(
                    name=definition.id,
                    rows=file,
                    keywords=keywords,
                    via=via,
                    start=start,
                    account="-" if json_wanted else account,
                    yes=yes,
                )
                ctx.exit(sending.dry_run(notifier) if dry_run else sending.run(notifier))
        message = notifier.render(definition.id, to=list(to), params=data.params, **keywords)
        outgoing = notifier.outgoing(message)
        transport = notifier.select(outgoing, via=via)
        if data.sample is not None:
            say(f"With the params of the sample {data.sample!r}", dim=True)
        if dry_run:
            _show(outgoing, transport, json_wanted=json_wanted)
            return
        if transport.capabilities.delivers and not yes and not _confirmed(notifier, outgoing, transport):
            say("Nothing was sent.")
            ctx.exit(FAILED)
        receipt = notifier.deliver(message, via=via)
    try:
        _print(receipt, definition.id, json_wanted=json_wanted)
        sys.stdout.flush()
    except OSError as error:
        # Code 1 would mean that nothing was sent, and make a script send again.
        say(f"The message was taken, but the receipt cannot be written: {error.strerror}")
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for the flush at exit
    if receipt.rejected:
        ctx.exit(FAILED)


def _show(message: Message, transport: Transport, *, json_wanted: bool) -> None:
    from notify.documents.messages import message_document
    from notify.readable import readable

    if json_wanted:
        as_json({"transport": transport.name, **message_document(message)})
    else:
        click.echo(readable(message, colour=colourful()), nl=False)
    say(f"Nothing was sent; {transport.name} would carry this.")


def _confirmed(notifier: Notifier, message: Message, transport: Transport) -> bool:
    people = ", ".join(message.envelope.recipients)
    if sys.stdin.isatty() and sys.stderr.isatty():
        question = f'Send "{message.subject}" to {people} through {transport.name} ({notifier.environment})?'
        return click.confirm(question, err=True)
    if notifier.environment == "production":
        raise Wrong(f"this would send to {people} in production; add --yes to do so without being asked")
    return True


def _print(receipt: Receipt, name: str, *, json_wanted: bool) -> None:
    from notify.documents.messages import receipt_document

    if json_wanted:
        as_json(receipt_document(receipt))
        return
    if receipt.accepted:
        click.echo(f"{receipt.transport} accepted {name} for {', '.join(receipt.accepted)}")
        if receipt.response:
            click.echo(f"  {receipt.response}")
    for address, error in receipt.rejected.items():
        say(f"{address} was refused: {error}", fg="red")
