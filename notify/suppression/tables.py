"""The tables of what is known of people; `notify.database.migrations` has how they came to be.

Each row is the last word on a person, a scope and a reason. A change of a row gives it the next number, in a
transaction that holds the counter: whoever knows all rows up to a number finds what is new behind it, and nothing
comes later with a smaller one. A word that was taken back stays as one that says nothing, since an older one may
still arrive.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, SmallInteger, Table, Text

from notify.database.tables import ID, metadata

words = Table(
    "notify_words",
    metadata,
    Column("number", ID, primary_key=True, autoincrement=False),
    Column("digest", BigInteger, nullable=False),  # of the person, to find rows by
    Column("at", Double, nullable=False),  # when it was said
    Column("says", SmallInteger, nullable=False),  # -1: not to write, 0: nothing any more, 1: that mails are wanted
    Column("reason", SmallInteger, nullable=False),  # its place in `words.REASONS`
    Column("person", Text, nullable=False),
    Column("scope", Text, nullable=False),  # empty for all
    Column("source", Text, nullable=False),
    Column("note", Text, nullable=False),
)
Index("notify_words_digest", words.c.digest)

counter = Table(
    "notify_words_counter",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),  # there is one row, 1
    Column("last", BigInteger, nullable=False),  # no row has a larger number
    Column("naming", Text),  # how people are named, once anybody is; see `People.naming`
)
