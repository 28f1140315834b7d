"""Enqueueing: into a transaction of the outbox's own, or into the caller's."""

from __future__ import annotations

import logging
from itertools import islice
from typing import TYPE_CHECKING, Any

from notify.errors import NotifyError, ParamProblem, ParamsError
from notify.outbox.connections import Whereabouts, target_of
from notify.outbox.inserting import in_row, insert, insert_many, keep_blobs, keep_contract
from notify.outbox.statements import LAST, RING, SINCE
from notify.outbox.terms import checked_key
from notify.outbox.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from notify.addresses import AddressLike
    from notify.call import Common
    from notify.database import Database
    from notify.definition import Definition
    from notify.outbox.connections import Target
    from notify.outbox.drafting import ContractRow, Draft, Drafts, Start
    from notify.outbox.job import Job

    Row = tuple[AddressLike | Iterable[AddressLike], Mapping[str, Any]]
    Bell = Callable[[Sequence[int]], object]

_log = logging.getLogger("notify.outbox")
_CHUNK = 1000


class Enqueueing:
    """Puts drafts into one outbox. Safe to share between threads.

    Args:
        database: where it is.
        bells: called with the ids of new jobs once they are there for others to see.
    """

    def __init__(self, database: Database, bells: Sequence[Bell]) -> None:
        self._database = database
        self._bells = bells
        self._transactions = Transactions(database)
        self._whereabouts = Whereabouts(database)
        self._contracts: set[str] = set()

    def one(self, draft: Draft, connection: object = None) -> Job:
        """The job of a draft; that which has its key already, if there is one.

        Args:
            draft: the job.
            connection: whose transaction it is to be part of.

        Raises:
            OutboxError: the database cannot be used.
            ConfigError: the connection is of no known kind, or leads to another database.
            ParamsError: the job that has the key is another one.
        """
        if connection is None:
            is_known = self._knows(draft.contract)
            if is_known and not draft.blobs:
                job, is_new = self._transactions.run(lambda own: insert(own, draft), single=True)
            else:
                job, is_new = self._transactions.run(lambda own: self._first(own, draft))
                self._remember(draft.contract)
            if is_new and self._bells:
                self.ring([job.id])
            return job
        target = self._checked(connection)
        self._keep_contract_for(target, draft.contract)
        with target.explained(self._database.shown):
            job, is_new = insert(target, draft)
            if is_new and self._bells:
                target.after_commit(lambda: self.ring([job.id]))
        return job

    def many(self, drafts: Iterator[Draft], connection: object = None) -> int:
        """Insert all drafts of one call, or none; how many of them were new."""
        chunk = list(islice(drafts, _CHUNK))
        if not chunk:
            return 0
        if connection is None:
            count, ids = self._transactions.run(lambda own: self._all(own, chunk, drafts))
            self._remember(chunk[0].contract)
            if ids:
                self.ring(ids)
            return count
        target = self._checked(connection)
        self._keep_contract_for(target, chunk[0].contract)
        with target.explained(self._database.shown):
            with target.whole():
                count, ids = self._chunks(target, chunk, drafts)
            if ids:
                target.after_commit(lambda: self.ring(ids))
        return count

    def _first(self, own: Target, draft: Draft) -> tuple[Job, bool]:
        self._keep_contract(own, draft.contract)
        return insert(own, draft)

    def _all(self, own: Target, chunk: list[Draft], drafts: Iterator[Draft]) -> tuple[int, list[int]]:
        self._keep_contract(own, chunk[0].contract)
        return self._chunks(own, chunk, drafts)

    def _chunks(self, target: Target, chunk: list[Draft], drafts: Iterator[Draft]) -> tuple[int, list[int]]:
        """How many were new, and their ids where somebody wants them."""
        count, number = 0, 1
        ids: list[int] = []
        kept: set[str] = set()
        last = target.rows(LAST, {})[0][0] if self._bells and target.dialect == "sqlite" else 0
        while chunk:
            blobs = {digest: content for draft in chunk for digest, content in draft.blobs.items()}
            keep_blobs(target, {digest: content for digest, content in blobs.items() if digest not in kept})
            kept |= blobs.keys()
            new, made = insert_many(target, chunk, number)
            count += new
            number += len(chunk)
            if self._bells and made:
                ids += made
            chunk = list(islice(drafts, _CHUNK))
        if target.dialect == "postgresql":
            target.rows(RING, {})
        elif self._bells and count:
            # Only one can write, so that what is newer is of this transaction.
            ids = [row[0] for row in target.rows(SINCE, {"v_after": last})]
        return count, ids

    def _checked(self, connection: object) -> Target:
        target = target_of(connection)
        with target.explained(self._database.shown):
            self._whereabouts.check(target)
        return target

    def _keep_contract(self, target: Target, contract: ContractRow | None) -> None:
        if contract is not None and not self._knows(contract):
            keep_contract(target, contract)

    def _keep_contract_for(self, target: Target, contract: ContractRow | None) -> None:
        """Keep a contract for a job in the caller's transaction.

        In PostgreSQL on its own: a new one that waits for the caller to commit would keep all others waiting, too. In
        SQLite, where only one can write, in the caller's.
        """
        if target.dialect == "sqlite":
            with target.explained(self._database.shown):
                self._keep_contract(target, contract)
        elif contract is not None and not self._knows(contract):
            self._transactions.run(lambda own: keep_contract(own, contract))
            self._remember(contract)

    def _knows(self, contract: ContractRow | None) -> bool:
        return contract is None or contract.hash in self._contracts

    def _remember(self, contract: ContractRow | None) -> None:
        if contract is not None:
            self._contracts.add(contract.hash)

    def close(self) -> None:
        """Close the connections. Using it again opens them again."""
        self._transactions.close()

    def ring(self, ids: Sequence[int]) -> None:
        """Tell the bells of new jobs."""
        for bell in tuple(self._bells):
            try:
                bell(ids)
            except Exception:  # noqa: BLE001 - a bell may be anybody's, and the jobs are there
                _log.exception("a bell of the outbox failed; workers find the jobs by themselves, later")


def drafted(
    rows: Iterable[Row],
    keys: Iterable[str | None] | None,
    *,
    definition: Definition,
    common: Common,
    start: Start,
    drafts: Drafts,
) -> Iterator[Draft]:
    """The draft of each row of (to, params); an error names the row's number.

    Raises:
        NotifyError: a row is wrong.
    """
    names = None if keys is None else iter(keys)
    for number, row in enumerate(rows, 1):
        try:
            to, params = _pair(definition.id, row)
            key = None if names is None else checked_key(definition.id, _next(definition.id, names))
            draft = drafts.draft(start, definition, common.addressed(definition.id, to, params), key)
        except NotifyError as error:
            raise in_row(number, error) from error.__cause__
        yield draft


def _pair(name: str, row: Any) -> Row:
    try:
        to, params = row
    except (TypeError, ValueError):
        problem = ParamProblem("row", "a pair of recipients and params", type(row).__name__)
        raise ParamsError(name, [problem]) from None
    return to, params


def _next(name: str, keys: Iterator[str | None]) -> str | None:
    try:
        return next(keys)
    except StopIteration:
        raise ParamsError(name, [ParamProblem("keys", "as many as rows", "fewer")]) from None
