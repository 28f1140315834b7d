"""`notify demo`: every sample of every notification, rendered and sent twice without leaving this machine."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli.failure import FAILED
from notify.cli.output import count, say, shown, table
from notify.definition import RECIPIENT
from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Definition, Message, Notifier
    from notify.cli.demo_server import DemoServer
    from notify.cli.project import Project
    from notify.configuration import Transports
    from notify.definition.model import Sample


@dataclass(frozen=True, slots=True)
class _Delivered:
    """A message that every transport of the demo took."""

    sample: str
    message: Message


@click.command("demo", short_help="Send every sample to files and through an SMTP server on this machine.")
@click.option("--smtp/--no-smtp", default=True, help="Whether to send through an SMTP server too.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="The folder for the files.")
@click.pass_context
def command(ctx: click.Context, /, *, smtp: bool, keep: Path | None) -> None:
    """Render each sample of each notification, and send it twice without leaving this machine.

    Once into files, with the transport `file`; once with the transport `sendgrid` through an SMTP server on loopback
    that demands TLS and the user `apikey`.
    """
    project: Project = ctx.obj
    with ExitStack() as stack:
        notifier = stack.enter_context(project.notifier())
        folder = Path(os.path.abspath(keep or notifier.configuration.base / ".notify" / "mail"))  # noqa: PTH100 - links stay
        server = _server(stack) if smtp else None
        transports = _transports(notifier, folder, server)
        stack.callback(transports.close)
        delivered, failures = _deliver_all(notifier, transports)
    _print(delivered)
    _summarize(delivered, folder, server)
    if failures or not delivered:
        say(f"{failures} not delivered." if failures else "There is no sample to send.", fg="red")
        ctx.exit(FAILED)


def _server(stack: ExitStack) -> DemoServer:
    from notify.cli.demo_server import DemoServer

    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="notify-demo-"))
    return stack.enter_context(DemoServer(Path(folder)))


def _transports(notifier: Notifier, folder: Path, server: DemoServer | None) -> Transports:
    """The demo's own transports; whatever the configuration says of real ones is left alone."""
    from notify.configuration import Specification, Transports

    specifications = {"file": Specification({"folder": str(folder)})}
    if server is not None:
        specifications["sendgrid"] = Specification(server.dsn)
    base = notifier.configuration.base
    return Transports(specifications, types=notifier.plugins.transports(), base=base, environ={})


def _deliver_all(notifier: Notifier, transports: Transports) -> tuple[list[_Delivered], int]:
    delivered, failures = [], 0
    for definition, sample in _samples(notifier):
        try:
            message = notifier.render(
                definition.id, to=sample.to or RECIPIENT, params=sample.params, locale=sample.locale
            )
            for name in transports:
                transports[name].send(message)
        except NotifyError as error:
            failures += 1
            say(f"{definition.id}, sample {sample.name}: {error}", fg="red")
        else:
            delivered.append(_Delivered(sample.name, message))
    return delivered, failures


def _samples(notifier: Notifier) -> Iterator[tuple[Definition, Sample]]:
    for name in notifier.catalog:
        definition = notifier.catalog[name]
        for sample in definition.samples.values():
            yield definition, sample


def _print(delivered: list[_Delivered]) -> None:
    from notify.readable import human_size

    rows = []
    for each in delivered:
        message = each.message
        size = human_size(len(message.as_bytes(smtputf8=message.needs_smtputf8)))
        people = ", ".join(message.envelope.recipients)
        rows.append((message.notification or "", each.sample, message.locale or "", size, people, message.subject))
    if rows:
        table(("NOTIFICATION", "SAMPLE", "LOCALE", "SIZE", "TO", "SUBJECT"), rows)


def _summarize(delivered: list[_Delivered], folder: Path, server: DemoServer | None) -> None:
    """Say what was accepted, from what the server saw itself, and where to look."""
    messages = {each.message.message_id for each in delivered}
    notifications = {each.message.notification for each in delivered}
    click.echo()
    click.echo(f"file:      {count(len(messages), 'message')} written to {shown(folder)}")
    twice = ""
    if server is not None:
        arrived = [each for each in server.accepted if each.message_id in messages]
        how = " and ".join(sorted({f"{each.tls}, AUTH as {each.user}" for each in arrived}))
        click.echo(f"sendgrid:  {count(len(arrived), 'message')} accepted by an SMTP server on loopback ({how})")
        twice = " twice" if {each.message_id for each in arrived} == messages else ""
    total = f"{count(len(notifications), 'notification')}, {count(len(messages), 'message')}"
    click.secho(f"{total}, delivered{twice}.", bold=True)
