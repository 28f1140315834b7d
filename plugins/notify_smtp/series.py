"""Parcels over one session, each in a transaction of its own.

Where the server offers PIPELINING, the text of one parcel and the commands of the next leave in one write (RFC 2920,
section 3.1), so that a parcel costs one round trip.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from notify.errors import DeliveryError, TemporaryError
from notify_smtp.faults import GarbledError, LostError, SilentError
from notify_smtp.submission import Delivered

if TYPE_CHECKING:
    from notify_smtp.carriage import Carriage
    from notify_smtp.parcel import Parcel
    from notify_smtp.replies import Reply
    from notify_smtp.session import Session
    from notify_smtp.transaction import Transaction

_log = logging.getLogger("notify.smtp")

_PUT_OFF = 4
_CLOSING = 421
_BAD_SEQUENCE = 503


class _Load(NamedTuple):
    """A parcel with its transaction."""

    parcel: Parcel
    transaction: Transaction


class Series:
    """Carries parcels over a session, for as long as the next one is there in time.

    Args:
        session: a session that is ready.
        carriage: gives the parcels, and is told of those that failed.
    """

    def __init__(self, session: Session, carriage: Carriage) -> None:
        self._session = session
        self._talk = session.talk
        self._carriage = carriage
        self._spare: _Load | None = None
        self._taken: tuple[Parcel, Reply, dict[str, DeliveryError]] | None = None

    def carry(self, first: Parcel) -> None:
        """Carry a parcel and what follows; at the end the carriage knows of all that were offered."""
        try:
            hand, used = self._load(first), self._session.sent > 0
            while hand is not None:
                hand, used = self._carry(hand, used=used), True
        finally:
            self._settle()
            if self._spare is not None:
                self._carriage.keep(self._spare.parcel)

    def _carry(self, load: _Load, *, used: bool) -> _Load | None:
        """Carry one parcel and offer the next behind its text; the one that was offered so."""
        session, talk, (parcel, transaction), behind = self._session, self._talk, load, None
        if not transaction.agreeable:
            self._settle()  # before there is anything to wait for
        announced = transaction.announced
        talk.connection.deadline = parcel.deadline
        session.unfinished = True
        try:
            transaction.agree()
            behind = self._behind(transaction)
            transaction.hand_over(behind and behind.transaction)
            self._while_the_server_works(behind)
            reply = transaction.verdict()
            parcel.doubtful = True  # until it is settled
            session.sent += 1
            session.unfinished = False
            rejected = transaction.rejected
            if transaction.rest:
                rejected = rejected | self._further(parcel, transaction.rest)
            transaction.witness(rejected.values())
        except (LostError, GarbledError) as lost:
            if announced and talk.phase == "mail" and isinstance(lost, SilentError):
                self._carriage.manners.hears_ahead = False
            self._failed(load, talk.broken(lost), used=used)
        except DeliveryError as error:
            self._failed(load, error, used=used)
        except BaseException:
            parcel.doubtful |= talk.dot_sent
            raise
        else:
            self._taken = parcel, reply, rejected
        return behind

    def _while_the_server_works(self, behind: _Load | None) -> None:
        """What can wait until a text is written, and need not wait until the server has dealt with it."""
        self._settle()
        if behind is not None:
            self._spare = self._next(after=2)

    def _settle(self) -> None:
        """Settle the parcel that was taken last."""
        if self._taken is None:
            return
        (parcel, reply, rejected), self._taken = self._taken, None
        words = str(reply)
        found = self._session.id_pattern.search(words)
        delivered = Delivered(self._talk.interpreter.scrub(words), found[1] if found else None, rejected)
        self._carriage.delivered(parcel, delivered)

    def _failed(self, load: _Load, error: DeliveryError, *, used: bool) -> None:
        self._settle()
        load.transaction.witness([error])
        self._carriage.failed(load.parcel, error, again=used and self._blameless(error))

    def _further(self, parcel: Parcel, rest: list[str]) -> dict[str, DeliveryError]:
        """Further transactions for those who had no room in the first; whom the server refused in these.

        The first ones have the message: what happens to these is no failure of the whole.
        """
        session, rejected = self._session, dict[str, DeliveryError]()
        while rest:
            _log.info("the server takes no more recipients at once: %d go in a further transaction", len(rest))
            session.unfinished = True
            transaction = session.transaction(parcel.submission, tuple(rest))
            try:
                with self._talk.border():
                    transaction.agree()
                    transaction.hand_over()
                    transaction.verdict()
            except DeliveryError as error:
                transaction.witness([error])
                return rejected | dict.fromkeys(rest, error) | dict(error.rejected)
            session.sent += 1
            session.unfinished = False
            transaction.witness(transaction.rejected.values())
            rejected |= transaction.rejected
            rest = transaction.rest
        return rejected

    def _behind(self, transaction: Transaction) -> _Load | None:
        """The parcel to be offered behind a text, if that is the last of its message, and there is one."""
        if transaction.rest:
            return None
        spare, self._spare = self._spare, None
        return spare or self._next(after=1)

    def _next(self, *, after: int) -> _Load | None:
        """The next parcel, if one may follow after so many that are under way, and there is one."""
        if not self._session.pipelining or not self._session.has_room(after + 1):
            return None
        parcel = self._carriage.following()
        return None if parcel is None else self._load(parcel)

    def _load(self, parcel: Parcel) -> _Load | None:
        """A parcel with its transaction; one that this server cannot take is settled, and disturbs no other."""
        try:
            return _Load(parcel, self._session.transaction(parcel.submission, parcel.recipients))
        except Exception as error:  # noqa: BLE001 - the text is made here, by whatever code makes it
            self._carriage.failed(parcel, error)
            return None

    def _blameless(self, error: DeliveryError) -> bool:
        """Whether a parcel failed before its text was begun, and because of what was in front of it.

        Either the session has ended, or the server does not know that the transaction in front is over (503).
        """
        if error.phase == "mail" and error.code == _BAD_SEQUENCE:
            return True
        put_off = error.code is not None and error.code // 100 == _PUT_OFF and error.code != _CLOSING
        early = self._talk.phase in {"mail", "rcpt", "data"}
        return isinstance(error, TemporaryError) and early and not put_off and not self._session.usable
