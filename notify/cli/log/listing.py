"""`notify log`: entries, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.cli.log.opening import opened
from notify.cli.output import table
from notify.cli.paging import print_page
from notify.cli.visible import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.cli.project import Project
    from notify.log import Entry

_HEADER = ("ID", "STATUS", "NOTIFICATION", "TO", "WHEN", "REASON")


def list_entries(project: Project, *, limit: int, before: int | None, json_wanted: bool, **filters: Any) -> None:
    """Print a page of the log."""
    from notify.documents.log import entry_document

    entries = opened(project).find(limit=limit + 1, before=before, **filters)
    print_page(
        entries, limit, document=entry_document, show=_show, nothing="No entry is found.", json_wanted=json_wanted
    )


def _show(entries: Sequence[Entry]) -> None:
    rows = [
        (
            str(entry.id),
            entry.status,
            entry.notification or "-",
            entry.person,
            f"{entry.changed_at.astimezone():%Y-%m-%d %H:%M:%S}",
            entry.reason,
        )
        for entry in entries
    ]
    table(_HEADER, [tuple(map(visible, row)) for row in rows])
