"""Which files a rendering asks for."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was asked for, in that order, as the keys of dicts.

    Attributes:
        templates: names of templates, also of those that were looked for in vain: a file of that name would change
            the mail.
        attachments: paths below the attachments folder.
    """

    templates: dict[str, None] = field(default_factory=dict)
    attachments: dict[str, None] = field(default_factory=dict)


class Recorder(threading.local):
    """Notes what the renderings of a thread ask for, while somebody there wants to know; one for a notifier."""

    def __init__(self) -> None:
        self._recorded: Recorded | None = None

    def templates(self, names: Iterable[str]) -> None:
        """Note the names of templates."""
        if self._recorded is not None:
            self._recorded.templates.update(dict.fromkeys(names))

    def attachment(self, path: str) -> None:
        """Note the path of an attachment."""
        if self._recorded is not None:
            self._recorded.attachments[path] = None

    @contextmanager
    def collecting(self) -> Iterator[Recorded]:
        """What renderings of this thread ask for in the block."""
        before, self._recorded = self._recorded, Recorded()
        try:
            yield self._recorded
        finally:
            self._recorded = before
