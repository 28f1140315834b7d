"""The options of `notify send` that are about many recipients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Self, TypeVar

import click

from notify.cli.bulk.columns import Columns

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkOptions:
    """What a person wrote behind them."""

    recipients: str | None = None
    to_column: str | None = None
    name_column: str | None = None
    ignore_columns: bool = False
    allow_duplicates: bool = False
    enqueue: bool = False
    journal: str | None = None
    again: bool = False
    retry_failed: bool = False
    repeat_unknown: bool = False
    account: str | None = None

    @property
    def columns(self) -> Columns:
        """What they say of columns."""
        return Columns(to=self.to_column or "to", name=self.name_column, ignore=self.ignore_columns)

    @classmethod
    def taken(cls, options: dict[str, Any]) -> Self:
        """The options of bulk, taken out of all options.

        Raises:
            click.UsageError: there are some, but not `--recipients`.
        """
        mine = cls(**{field.name: options.pop(field.name) for field in fields(cls)})
        if mine.recipients is None and (given := [name for name, value in mine._items() if value]):
            raise click.UsageError(f"--{given[0].replace('_', '-')} is about the file of --recipients")
        return mine

    def _items(self) -> list[tuple[str, Any]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


def bulk_options(command: _Function) -> _Function:
    """Add the options to a command, which takes them as the fields of `BulkOptions`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS: list[Callable[[_Function], _Function]] = [
    click.option("--recipients", metavar="FILE", help="A message for each row of CSV or JSON Lines, instead of --to."),
    click.option("--to-column", metavar="NAME", help="The column of CSV with the addresses, `to` by default."),
    click.option("--name-column", metavar="NAME", help="The column of CSV with the names of the recipients."),
    click.option("--ignore-columns", is_flag=True, help="Pass over columns that the notification does not take."),
    click.option("--allow-duplicates", is_flag=True, help="Send rows with the same recipients and params, too."),
    click.option("--enqueue", is_flag=True, help="Put the messages into the outbox; a worker sends them."),
    click.option("--journal", metavar="FILE", help="Where to note what was sent, instead of below .notify/bulk."),
    click.option("--again", is_flag=True, help="Send anew what was sent wholly before."),
    click.option("--retry-failed", is_flag=True, help="Send those rows, too, that were refused before."),
    click.option("--repeat-unknown", is_flag=True, help="Send those rows again that may have been sent."),
    click.option("--account", metavar="FILE", help="Write the receipts of all rows to a new file, as JSON Lines."),
]
