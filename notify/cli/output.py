"""What commands print: data on stdout, talk on stderr; tables and colour only on a terminal."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NARROW = 10  # letters of a column that is broken into lines, at least: a date
_GAP = 2  # letters between two columns


def colourful() -> bool:
    """Whether stdout is a terminal that may be written to in colour (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns: fitted to a terminal, plain and unshortened where something else reads them."""
    if sys.stdout.isatty():
        _rich_table(header, rows)
        return
    cells = [[" ".join(cell.split()) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def as_json(value: Any) -> None:
    """Print a JSON document."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def count(number: int, thing: str) -> str:
    """`1 message`, `2 messages`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def shown(path: Path) -> str:
    """A path as a person would type it: from the working directory, or whole where it lies elsewhere."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def say(text: str, **style: Any) -> None:
    """Tell the person something on stderr."""
    click.secho(text, err=True, **style)


def heading(text: str) -> None:
    """Print a heading on stdout, bold on a terminal."""
    click.secho(text, bold=True)


def _rich_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    whole = _kept_whole([header, *rows], console.width)
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for index, name in enumerate(header):
        grid.add_column(name, overflow="fold", no_wrap=index in whole, style="cyan" if index == 0 else "")
    for row in rows:
        grid.add_row(*map(Text, row))
    console.print(grid)


def _kept_whole(rows: Sequence[Sequence[str]], width: int) -> set[int]:
    """Which columns of single words are not to be broken: the narrowest ones, while the others have room enough."""
    from rich.cells import cell_len

    columns = enumerate(zip(*rows, strict=True))
    widths = {index: max(map(cell_len, cells)) for index, cells in columns if not any(" " in cell for cell in cells)}
    room = width - len(rows[0]) * (_NARROW + _GAP) + _GAP
    whole = set()
    for index in sorted(widths, key=widths.__getitem__):
        room -= widths[index] - _NARROW
        if room < 0:
            break
        whole.add(index)
    return whole
