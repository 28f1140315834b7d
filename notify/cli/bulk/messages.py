"""The messages of rows, rendered to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from notify import Message, Notifier, Transport
    from notify.cli.bulk.row import Row

_TRIED = 100
"""How many rows are rendered in search of one that can be."""


@dataclass(frozen=True, slots=True)
class Messages:
    """How the message of a row is made.

    Attributes:
        notifier: what renders.
        name: the notification.
        keywords: those of `Notifier.render` that are the same for all.
        via: the transport, or None.
    """

    notifier: Notifier
    name: str
    keywords: Mapping[str, Any]
    via: str | None

    def of(self, row: Row) -> tuple[Message, Transport]:
        """The message as it leaves, and what carries it.

        Raises:
            NotifyError: it cannot be made, or not be sent.
        """
        message = self.notifier.render(self.name, to=row.to, params=row.params, **self.keywords)
        outgoing = self.notifier.outgoing(message)
        return outgoing, self.notifier.select(outgoing, via=self.via)

    def first(self, rows: Iterable[Row]) -> tuple[Message, Transport]:
        """Those of the first row of which they can be made.

        Raises:
            NotifyError: none of the first hundred can; that of the first.
        """
        first: NotifyError | None = None
        for row in islice(rows, _TRIED):
            try:
                return self.of(row)
            except NotifyError as error:
                first = first or error
        assert first is not None  # noqa: S101 - there is a row
        raise first
