"""Records 300 events in batches, in one order or the other, or writes the rows that they are about."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from log.logged import a_record, an_event

from notify.database import Database
from notify.feedback import Event, Kind
from notify.log import Log, note
from notify.people import People
from notify.suppression import SuppressionList

BATCH = 30


def event_of(number: int) -> Event:
    """One in ten bounced."""
    kind = Kind.DELIVERED if number % 10 else Kind.BOUNCED
    return an_event(number, kind, message_id=f"<{number}@acme.example>", recipient=f"p{number}@example.com")


def main() -> None:
    """Print how many events were new."""
    url, role = sys.argv[1:]
    database = Database(url, Path.cwd())
    sink = Log(database, People(), SuppressionList(database, People())).sink
    numbers = list(range(300))
    if role == "backward":
        numbers.reverse()
    new = 0
    for start in range(0, len(numbers), BATCH):
        some = numbers[start : start + BATCH]
        if role == "rows":
            with database.writing() as connection:
                people = {number: f"p{number}@example.com" for number in some}
                note(connection, [a_record(message_id=f"<{n}@acme.example>", person=people[n]) for n in some])
        else:
            recorded = sink.record([event_of(number) for number in some])
            new += len(recorded.new) + len(recorded.unknown)
    if role != "rows":
        print(new)  # noqa: T201 - the answer
    database.close()


if __name__ == "__main__":
    main()
