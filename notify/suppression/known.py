"""What is known of the recipient of a mail, as quickly as mails are sent.

Of nearly everybody nothing is known. Digests of those of whom something is are kept in memory, 8 octets each, as soon
as asking the database has taken longer than to read them all. What others change is seen within a second: the counter
is looked at twice as often, and what lies behind the number seen last is read. A digest too many does no harm, for the
rows of those whom it stands for are read.
"""

from __future__ import annotations

import heapq
import os
import threading
import time
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from notify.suppression.reading import digests_above, digests_changed, last_number, words_of_one
from notify.suppression.words import digest_of

if TYPE_CHECKING:
    from notify.database.checked import Checked
    from notify.suppression.words import Word

INTERVAL = 0.5
"""Seconds for which what is in memory is taken to be right; together with the time to look less than one."""
_PER_ROW = 1e-6  # seconds, about, to read a digest
_PAGE = 20_000
_LEAST_MERGED = 10_000
_MOST_ROWS = 4096


class _Seen(NamedTuple):
    """Digests as of a number of the counter.

    Attributes:
        last: the number.
        digests: sorted.
        more: what came since those were sorted.
        words: of those who were asked for since something changed.
        until: the time to look again, by the clock that only goes on.
        hurries: how often this process had changed something.
    """

    last: int
    digests: array[int]
    more: set[int]
    words: dict[str, tuple[Word, ...]]
    until: float
    hurries: int


class Known:
    """Finds words on people. Safe to share between threads, and to be found in a fork.

    Args:
        checked: where the tables are.
    """

    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._seen: _Seen | None = None
        self._hurries = 0
        self._spent = 0.0
        self._process, self._lock = os.getpid(), threading.Lock()

    def words(self, person: str) -> tuple[Word, ...]:
        """All that was said about somebody.

        Args:
            person: as `People.name` gives it.

        Raises:
            OutboxError: the database cannot be used.
        """
        seen = self._seen
        if seen is not None and (time.monotonic() >= seen.until or seen.hurries != self._hurries):
            seen = self._looked()
        digest = digest_of(person)
        if seen is None:
            return self._asked(person, digest)
        place = bisect_left(seen.digests, digest)
        if (place == len(seen.digests) or seen.digests[place] != digest) and digest not in seen.more:
            return ()
        found = seen.words.get(person)
        if found is None:
            with self._checked().reading() as connection:
                found = words_of_one(connection, person, digest)
            if len(seen.words) >= _MOST_ROWS:
                seen.words.clear()
            seen.words[person] = found
        return found

    def hurry(self) -> None:
        """Look at the counter with the next question: this process changed something."""
        self._hurries += 1

    def load(self) -> None:
        """Read all digests now.

        Raises:
            OutboxError: the database cannot be used.
        """
        with self._mine():
            self._load()

    def _asked(self, person: str, digest: int) -> tuple[Word, ...]:
        """The answer of the database; and when this took long enough, its digests are read for those who ask next."""
        database = self._checked()
        begin = time.monotonic()
        with database.reading() as connection:
            found = words_of_one(connection, person, digest)
            last = last_number(connection)
        self._spent += time.monotonic() - begin
        if self._spent >= last * _PER_ROW:
            with self._mine():
                if self._seen is None:
                    self._load()
        return found

    def _mine(self) -> threading.Lock:
        """The lock of this process: in a fork, a thread of the parent may hold that one for ever."""
        if self._process != os.getpid():
            self._process, self._lock = os.getpid(), threading.Lock()
        return self._lock

    def _looked(self) -> _Seen:
        with self._mine():
            seen, hurries, begin = self._seen, self._hurries, time.monotonic()
            assert seen is not None  # noqa: S101 - it never becomes none again
            if begin < seen.until and seen.hurries == hurries:
                return seen
            room = max(_LEAST_MERGED, len(seen.digests) // 8)
            with self._checked().reading() as connection:
                last = last_number(connection)
                some = digests_changed(connection, seen.last, room) if last > seen.last else []
            if last < seen.last or len(some) == room:
                return self._load()
            if last == seen.last:
                seen = seen._replace(until=begin + INTERVAL, hurries=hurries)
            else:
                digests, more = seen.digests, seen.more | set(some)
                if len(more) > room:
                    digests, more = array("q", heapq.merge(digests, sorted(more))), set()
                seen = _Seen(last, digests, more, {}, begin + INTERVAL, hurries)
            self._seen = seen
            return seen

    def _load(self) -> _Seen:
        hurries, begin = self._hurries, time.monotonic()
        digests, above = array("q"), -1
        with self._checked().reading() as connection:
            last = last_number(connection)
            while page := digests_above(connection, above, _PAGE):
                digests.extend(page)
                above = page[-1]
        self._seen = seen = _Seen(last, digests, set(), {}, begin + INTERVAL, hurries)
        return seen
