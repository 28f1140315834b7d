"""The steps lead to the tables as the code knows them, and what does not fit is said."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy
from sqlalchemy import insert, inspect

from notify import ConfigError
from notify.database import Database, migrations
from notify.database.tables import metadata
from notify.database.tables import migrations as applied
from notify.log import tables as _log  # noqa: F401 - its tables belong to the metadata
from notify.outbox import tables as _outbox  # noqa: F401 - so do these
from notify.suppression import tables as _suppression  # noqa: F401 - and these

if TYPE_CHECKING:
    from pathlib import Path


def _shape(engine: sqlalchemy.Engine) -> dict[str, object]:
    """What a database says of its tables: columns, keys and indexes."""
    inspector = inspect(engine)
    return {
        name: (
            [
                (each["name"], str(each["type"]), each["nullable"], each["default"])
                for each in inspector.get_columns(name)
            ],
            inspector.get_pk_constraint(name)["constrained_columns"],
            sorted(str(each["column_names"]) for each in inspector.get_unique_constraints(name)),
            sorted((str(each["name"]), str(each["column_names"])) for each in inspector.get_indexes(name)),
        )
        for name in sorted(inspector.get_table_names())
    }


def test_the_steps_make_the_tables_of_the_code(database: Database) -> None:
    """Whoever changes tables.py writes a step, too."""
    migrated = _shape(database.engine)
    with database.engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)

    assert _shape(database.engine) == migrated


def test_each_step_is_applied_once(url: str, tmp_path: Path) -> None:
    """Also when several processes start at the same time."""
    counts: list[int] = []
    databases = [Database(url, tmp_path) for _ in range(4)]
    threads = [threading.Thread(target=lambda each=each: counts.append(migrations.migrate(each))) for each in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = migrations.version(databases[0])
    for each in databases:
        each.close()

    assert sum(counts) == migrations.LATEST
    assert migrations.LATEST == found


def test_a_new_file_gets_its_tables(tmp_path: Path) -> None:
    """The embedded outbox needs no command first; its folder is made."""
    database = Database("sqlite:///data/outbox.db", tmp_path)
    migrations.check(database)

    assert migrations.LATEST == migrations.version(database)
    assert (tmp_path / "data" / "outbox.db").is_file()
    database.close()


def test_a_server_without_tables(postgres: str, tmp_path: Path) -> None:
    """Nobody makes tables in a shared database unasked."""
    database = Database(postgres, tmp_path)

    with pytest.raises(ConfigError, match="at version 0, and this notify needs 3: run `notify outbox migrate`"):
        migrations.check(database)
    database.close()


def test_tables_of_a_newer_notify(database: Database) -> None:
    """They are left alone."""
    with database.writing() as connection:
        connection.execute(insert(applied).values(version=99, applied_at=0.0))

    with pytest.raises(ConfigError, match=r"at version 99, and this notify knows 3: install the newer"):
        migrations.check(database)
    with pytest.raises(ConfigError, match="at version 99"):
        migrations.migrate(database)


def test_a_step_that_fails_leaves_nothing(url: str, tmp_path: Path) -> None:
    """One of its tables is there already: the others are not made."""
    database = Database(url, tmp_path)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE notify_state (key INTEGER)")

    with pytest.raises(Exception, match="notify_state"):
        migrations.migrate(database)
    assert ["notify_state"] == inspect(database.engine).get_table_names()
    database.close()
