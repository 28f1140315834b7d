"""Connections of Django."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from notify.outbox.connections.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableSet, Sequence
    from contextlib import AbstractContextManager

    from notify.outbox.statements import Statement

_seen: dict[tuple[Any, ...], set[object]] = {}


class OfDjango(Target):
    """`django.db.connection`, or one of `django.db.connections`."""

    def __init__(self, connection: Any) -> None:
        from django.db import Error  # type: ignore[import-untyped]  # it has no types

        self._connection = connection
        self.dialect = connection.vendor
        self.errors = (Error,)

    @property
    def notes(self) -> MutableSet[object] | None:
        """See `Target`."""
        settings = self._connection.settings_dict
        if self.dialect == "sqlite":
            return None
        return _seen.setdefault(tuple(str(settings.get(name)) for name in ("HOST", "PORT", "NAME", "OPTIONS")), set())

    def rows(self, statement: Statement, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """See `Target`."""
        text, _, taken = statement.worded(self.dialect)
        with self._connection.cursor() as cursor:
            cursor.execute(text, taken(values))
            found: Sequence[Sequence[Any]] = cursor.fetchall() if cursor.description else ()
        return found

    def put(self, statement: Statement, values: Mapping[str, Any]) -> int | None:
        """See `Target`."""
        text, _, taken = statement.worded(self.dialect)
        with self._connection.cursor() as cursor:
            cursor.execute(text, taken(values))
            return cursor.lastrowid if cursor.rowcount else None

    def many(self, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> int:
        """See `Target`."""
        text, _, taken = statement.worded(self.dialect)
        with self._connection.cursor() as cursor:
            cursor.executemany(text, list(map(taken, rows)))
            written: int = cursor.rowcount
        return written

    def whole(self) -> AbstractContextManager[object]:
        """See `Target`."""
        from django.db import transaction

        block: AbstractContextManager[object] = transaction.atomic(using=self._connection.alias)
        return block

    def after_commit(self, ring: Callable[[], object]) -> None:
        """See `Target`."""
        self._connection.on_commit(ring)


def of_django(connection: object) -> OfDjango | None:
    """The target that a connection of Django is; None if it is none."""
    django: Any = sys.modules.get("django.db")
    if django is None:
        return None
    if isinstance(connection, type(django.connection)):  # what stands for the default one
        connection = django.connections[django.DEFAULT_DB_ALIAS]
    base: Any = sys.modules["django.db.backends.base.base"]
    return OfDjango(connection) if isinstance(connection, base.BaseDatabaseWrapper) else None
