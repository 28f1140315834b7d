"""Many rows as one JSON document, so that one statement is enough for all of them."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from sqlalchemy import JSON, Text, bindparam, cast, column, func, select, true

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.types import TypeEngine

    Make = Callable[[Mapping[str, ColumnElement[Any]]], Any]

FRESH_PLANS = "set_config('plan_cache_mode', 'force_custom_plan', true)"
"""Selected in a transaction of PostgreSQL: it plans by the tables as they are, not as they were in the beginning."""
ROWS = "rows"
"""The parameter: a JSON list of objects."""


def document(rows: Sequence[Mapping[str, Any]]) -> str:
    """The value of the parameter."""
    return to_json(rows).decode()


def for_each_dialect(
    types: Mapping[str, TypeEngine[Any]], make: Make, of_postgresql: Make | None = None
) -> Mapping[str, Any]:
    """A statement for each dialect.

    Args:
        types: the names in the objects, with their types.
        make: makes the statement of the values that one object has.
        of_postgresql: makes that of PostgreSQL, if it is another one.
    """
    return {"sqlite": make(_of_sqlite(types)), "postgresql": (of_postgresql or make)(_of_postgresql(types))}


def one_by_one(found: Select[Any], value: Any, *given: ColumnElement[Any]) -> Select[Any]:
    """What is found for each object in PostgreSQL, looked up one after the other.

    Left to itself it reads the whole table, as long as it does not know how the values in there are spread.

    Args:
        found: what is found, by values of an object.
        value: one of these values.
        given: values of the object, which stand before that.
    """
    each = found.offset(0).lateral("found")
    return select(*given, *each.c).select_from(value.table.join(each, true()))


def _of_sqlite(types: Mapping[str, TypeEngine[Any]]) -> Mapping[str, ColumnElement[Any]]:
    value = func.json_each(bindparam(ROWS)).table_valued("value").c.value
    return {name: func.json_extract(value, f"$.{name}", type_=kind) for name, kind in types.items()}


def _of_postgresql(types: Mapping[str, TypeEngine[Any]]) -> Mapping[str, ColumnElement[Any]]:
    rows = func.json_to_recordset(cast(bindparam(ROWS, type_=Text()), JSON()))
    given = rows.table_valued(*starmap(column, types.items())).render_derived(name="given", with_types=True)
    return {name: given.c[name] for name in types}
