"""One message on its way through the members of a group."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from notify.errors import DeliveryError, NotifyError, TemporaryError, undelivered
from notify_failover.blame import is_unknown, moves_on
from notify_failover.fates import Fates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify import Message, Receipt
    from notify_failover.member import Member

_log = logging.getLogger("notify.failover")


class Carrying:
    """A message, and what became of it so far.

    Args:
        group: the name of the group.
        message: the message.
    """

    def __init__(self, group: str, message: Message) -> None:
        self._group = group
        self._message = message
        self._fates = Fates(group, message)

    def through(self, members: Iterable[Member]) -> Receipt:
        """The receipt of the members that take it, each for those whom the ones before could not take it for.

        Those whose breaker is open are left out.

        Raises:
            TemporaryError, ThrottledError: none could, at least one for a reason that passes.
            TransportConfigError: a person must mend all of them.
            UnknownOutcomeError: one of them may have taken it.
            NotifyError: one of them says that it cannot be sent at all.
        """
        fates = self._fates
        for member in members:
            permit = member.admit()
            if isinstance(permit, TemporaryError):
                fates.left_out.append(permit)
                continue
            outcome: Receipt | DeliveryError | None = None
            try:
                outcome = member.transport.send(fates.message)
            except DeliveryError as error:
                outcome = error
            except NotifyError as error:
                if fates.whole and not fates.doubtful:
                    raise
                fates.note(undelivered(error, transport=member.name, phase="check"))
                break
            finally:
                permit.settle(outcome)
            if fates.whole and not isinstance(outcome, DeliveryError) and not outcome.rejected:
                return outcome
            if not self._moves_on(member, outcome):
                break
        return fates.outcome()

    def after(self, member: Member, outcome: Receipt | DeliveryError, others: Iterable[Member]) -> Receipt:
        """The receipt of a member that did not take it for all, and of the others.

        Raises:
            NotifyError: as of `through`.
        """
        return self.through(others) if self._moves_on(member, outcome) else self._fates.outcome()

    def _moves_on(self, member: Member, outcome: Receipt | DeliveryError) -> bool:
        """Note what a member said; whether another one may be asked."""
        number = self._fates.note(outcome)
        if number:
            self._warn(member, outcome, number)
        return number > 0

    def _warn(self, member: Member, outcome: Receipt | DeliveryError, number: int) -> None:
        who = self._group, member.name
        if not isinstance(outcome, DeliveryError):
            reason = next(error.reason for error in outcome.rejected.values() if moves_on(error, self._message))
            words = "%s: %s took %s, but not for %d of its recipients: %s"
            _log.warning(words, *who, self._message.message_id, number, reason)
            return
        words = "%s: %s could not take %s: %s"
        if is_unknown(outcome):
            words = "%s: %s may have taken %s, which moves on, so that there may be a second copy: %s"
        _log.warning(words, *who, self._message.message_id, outcome.reason)
