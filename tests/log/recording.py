"""Records 300 events in batches, in one order or the other, or writes the rows that they are about."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from log.logged import a_record, an_event

from notify.database import Database
from notify.log import LogSink, note
from notify.people import People

BATCH = 30


def main() -> None:
    """Print how many events were new."""
    url, role = sys.argv[1:]
    database = Database(url, Path.cwd())
    numbers = list(range(300))
    if role == "backward":
        numbers.reverse()
    new = 0
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        if role == "rows":
            with database.writing() as connection:
                note(connection, [a_record(message_id=f"<{number}@acme.example>") for number in some])
        else:
            batch = [an_event(number, message_id=f"<{number}@acme.example>") for number in some]
            recorded = LogSink(database, People()).record(batch)
            new += len(recorded.new) + len(recorded.unknown)
    if role != "rows":
        print(new)  # noqa: T201 - the answer
    database.close()


if __name__ == "__main__":
    main()
