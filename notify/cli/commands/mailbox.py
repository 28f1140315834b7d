"""`notify mailbox`: the mails that were sent while developing, and that the server of the preview took."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import click

from notify.cli.failure import FAILED, Wrong
from notify.cli.output import as_json, count, say, table
from notify.cli.project import Project, global_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notify.preview.mailbox import Mail, Mailbox
    from notify.preview.opened import Opened

FORMATS = ("text", "html", "eml", "json")
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SHOWN = ("From", "To", "Cc", "Reply-To", "Date", "Subject")


@click.group("mailbox", short_help="List, show, await and delete mails that were kept while developing.")
def command() -> None:
    """List, show, await and delete mails that were kept while developing.

    They are those of the environment's transports `file` and `maildir`, and what `notify preview --smtp` took.

    A QUERY is words and "several words", and from: to: cc: subject: tag: type: has:attachment has:html before: after:,
    each turned round by a minus before it: `subject:invoice -to:ada type:billing.* after:2026-11-30`.
    """


@command.command("list", short_help="List mails, newest first.")
@click.argument("query", nargs=-1)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_obj
def list_command(project: Project, /, *, query: Sequence[str], limit: int, json_wanted: bool) -> None:
    """List the mails that a query finds, or all, newest first."""
    mails, total = _mailbox(project).list(_joined(query), limit=limit)
    if json_wanted:
        as_json([mail.as_document() for mail in mails])
    elif mails:
        _print(mails)
    else:
        say("No mail is found.")
    if total > len(mails):
        say(f"{len(mails)} of {count(total, 'mail')}; --limit shows more.")


@command.command("show", short_help="Show a mail.")
@click.argument("identifier", metavar="ID|latest")
@click.option("--format", "form", type=click.Choice(FORMATS), help="One part, the whole file, or all of it as JSON.")
@click.pass_obj
def show_command(project: Project, /, *, identifier: str, form: str | None) -> None:
    """Show a mail by its id, or the latest: by default its headers, its text and a line for each file."""
    mailbox = _mailbox(project)
    mail = next(iter(mailbox.list(limit=1)[0]), None) if identifier == "latest" else mailbox.get(identifier)
    opened = mailbox.open(mail.id) if mail else None
    if mail is None or opened is None:
        raise Wrong(f"there is no mail {identifier!r}; `notify mailbox list` shows which there are")
    if form == "json":
        as_json(mail.as_document() | {"text": opened.text, "html": opened.html, "headers": _headers(opened)})
    else:
        click.echo(_content(mail, opened, form), nl=False)


@command.command("wait", short_help="Wait for a mail.")
@click.argument("query", nargs=-1)
@click.option("--timeout", type=click.FloatRange(0), default=30.0, show_default=True, help="For how many seconds.")
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def wait_command(ctx: click.Context, /, *, query: Sequence[str], timeout: float, json_wanted: bool) -> None:
    """Wait until there is a mail that a query finds, and print the newest; exit with 1 if none comes."""
    mail = asyncio.run(_mailbox(ctx.obj).wait(_joined(query), timeout=timeout))
    if mail is None:
        say(f"No such mail came within {timeout:g} seconds.")
        ctx.exit(FAILED)
    if json_wanted:
        as_json(mail.as_document())
    else:
        _print([mail])


@command.command("delete", short_help="Delete mails.")
@click.argument("identifiers", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="Delete all mails.")
@click.option("--query", metavar="QUERY", help="Delete the mails that a query finds.")
@click.pass_obj
def delete_command(project: Project, /, *, identifiers: Sequence[str], everything: bool, query: str | None) -> None:
    """Delete mails by their ids, those that a query finds, or all."""
    if sum((bool(identifiers), everything, bool(query and query.strip()))) != 1:
        raise click.UsageError("give ids, or --query QUERY, or --all")
    mailbox = _mailbox(project)
    if not identifiers:
        say(f"Deleted {count(mailbox.delete_all(query or ''), 'mail')}.")
        return
    missing = [identifier for identifier in identifiers if not mailbox.delete(identifier)]
    say(f"Deleted {count(len(identifiers) - len(missing), 'mail')}.")
    if missing:
        raise Wrong(f"there is no mail {', '.join(map(repr, missing))}; `notify mailbox list` shows which there are")


def _mailbox(project: Project) -> Mailbox:
    from notify.preview.mailbox import mailbox_of

    with project.notifier(definitions=False) as notifier:
        return mailbox_of(notifier)


def _joined(query: Sequence[str]) -> str:
    """The query as one text; the shell has taken the quotation marks of an argument with blanks."""
    return " ".join(_quoted(argument) if len(query) > 1 else argument for argument in query)


def _quoted(argument: str) -> str:
    found = re.fullmatch(r'(-?(?:[A-Za-z]+:)?)([^"]*\s[^"]*)', argument)
    return f'{found[1]}"{found[2]}"' if found else argument


def _print(mails: Iterable[Mail]) -> None:
    rows = [
        (
            mail.id,
            f"{mail.received.astimezone():%Y-%m-%d %H:%M:%S}",
            mail.sender,
            ", ".join(mail.recipients),
            mail.subject,
        )
        for mail in mails
    ]
    table(("ID", "RECEIVED", "FROM", "TO", "SUBJECT"), [tuple(map(_visible, row)) for row in rows])


def _content(mail: Mail, opened: Opened, form: str | None) -> str | bytes:
    if form == "eml":
        return opened.data
    if form is None:
        return _readable(mail, opened)
    part = opened.html if form == "html" else opened.text
    if part is None:
        raise Wrong(f"the mail has no {form} part")
    return part


def _readable(mail: Mail, opened: Opened) -> str:
    from notify.readable import human_size

    envelope = f"{mail.return_path or '<>'} to {', '.join(mail.recipients)}"
    fields = [("Envelope", envelope), *((name, opened.header(name)) for name in _SHOWN)]
    lines = [f"{name + ':':<10}{value}" for name, value in fields if value]
    body = opened.html if opened.text is None else opened.text
    files = [
        f"[{part.content_type}{' ' * bool(part.filename)}{part.filename}, {human_size(part.octets)}]"
        for part in opened.attachments
    ]
    return _visible("\n".join([*lines, "", (body or "").rstrip("\n"), *([""] if files else []), *files, ""]))


def _headers(opened: Opened) -> list[dict[str, Any]]:
    return [{"name": header.name, "value": header.value} for header in opened.headers]


def _visible(text: str) -> str:
    r"""Text in which control characters appear as `\x1b`, so that a mail cannot steer the terminal."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


for each in command.commands.values():
    each.params += global_options(hidden=True)
