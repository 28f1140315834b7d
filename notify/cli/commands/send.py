"""`notify send`: render a notification and deliver it, to some people or for each row of a file."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from notify.cli.bulk.messages import Messages
from notify.cli.bulk.options import BulkOptions, bulk_options
from notify.cli.bulk.rows import Rows
from notify.cli.bulk.run import Run
from notify.cli.bulk.source import Source
from notify.cli.data import DataOptions, data_options, gather
from notify.cli.failure import FAILED, Wrong
from notify.cli.names import name_argument
from notify.cli.output import as_json, colourful, say
from notify.cli.people import people_options
from notify.cli.transcript import transcript_option
from notify.errors import SuppressedError

if TYPE_CHECKING:
    from notify import Message, Notifier, Receipt, Transport
    from notify.cli.project import Project


@click.command("send", short_help="Send a notification.")
@name_argument
@people_options
@data_options
@click.option("--via", metavar="NAME", help="One of the environment's transports, instead of its default.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and to whom; send nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@transcript_option
@click.option("--json", "json_wanted", is_flag=True, help="Print the receipt as JSON; of --recipients, each on a line.")
@bulk_options
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
    **options: Any,
) -> None:
    """Send a notification: one message to all that --to names, or one for each row of a file.

    Before a message goes to real people, a person at a terminal is asked; elsewhere, in production, --yes is needed.
    Outside production the sample `default` is taken where neither --sample nor --params is given.
    """
    bulk = BulkOptions.taken(options)
    if (bulk.recipients is None) is not bool(to):
        raise click.UsageError("give either --to, or --recipients with a file that says whom to send to")
    if bulk.account is not None and bulk.enqueue:
        raise click.UsageError("--enqueue has no receipts for --account; `notify outbox` says what became of the rows")
    if bulk.recipients is not None and json_wanted and (bulk.account is not None or bulk.enqueue):
        raise click.UsageError("--json prints the account: it goes neither with --account nor with --enqueue")
    project: Project = ctx.obj
    with project.notifier() as notifier:
        definition = notifier.catalog[name]
        # Each row has params of its own, so that those of a sample are taken only where one is named.
        unasked = bulk.recipients is None and notifier.environment != "production"
        data = gather(definition, DataOptions(**options), production=not unasked)
        keywords: Any = {
            "cc": list(cc) or None, "bcc": list(bcc) or None, "locale": data.locale, "theme": data.theme,
        }  # fmt: skip
        if bulk.recipients is not None:
            messages = Messages(notifier, definition.id, keywords, via)
            account = "-" if json_wanted else bulk.account
            with Source(bulk.recipients) as source:
                rows = Rows(source=source, columns=bulk.columns, common=data.params, contract=definition.contract)
                run = Run(
                    messages=messages, definition=definition, rows=rows, options=bulk, account=account, yes=yes
                )  # fmt: skip
                ctx.exit(run.dry_run() if dry_run else run.start())
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
        say(str(error) if isinstance(error, SuppressedError) else f"{address} was refused: {error}", fg="red")
