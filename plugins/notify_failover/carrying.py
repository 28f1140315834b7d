"""One message on its way through the members of a group."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from notify.errors import (
    DeliveryError,
    NotifyError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
    undelivered,
)
from notify_failover.blame import is_unknown, moves_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notify import Message, Receipt
    from notify_failover.member import Member

T = TypeVar("T", bound=DeliveryError)
_log = logging.getLogger("notify.failover")


class Carrying:
    """A message, and what failed of it so far.

    Args:
        group: the name of the group.
        message: the message.
    """

    def __init__(self, group: str, message: Message) -> None:
        self._group = group
        self._message = message
        self._failures: list[DeliveryError] = []
        self._left_out: list[TemporaryError] = []

    def through(self, members: Iterable[Member]) -> Receipt:
        """The receipt of the first member that takes it; those whose breaker is open are left out.

        Raises:
            TemporaryError, ThrottledError: none could, at least one for a reason that passes.
            TransportConfigError: a person must mend all of them.
            UnknownOutcomeError: one of them may have taken it.
            NotifyError: one of them says that it cannot be sent at all.
        """
        for member in members:
            permit = member.admit()
            if isinstance(permit, TemporaryError):
                self._left_out.append(permit)
                continue
            outcome: Receipt | DeliveryError | None = None
            try:
                outcome = member.transport.send(self._message)
            except DeliveryError as error:
                outcome = error
            except NotifyError as error:
                if self._is_doubtful():
                    raise self._doubt(error) from error
                raise
            finally:
                permit.settle(outcome)
            if not isinstance(outcome, DeliveryError):
                return self._receipt(outcome)
            self.failed(member, outcome)
        raise self._all_failed()

    def failed(self, member: Member, error: DeliveryError) -> None:
        """Note that a member could not take it.

        Raises:
            DeliveryError: no other member may be offered it.
        """
        if not moves_on(error, self._message):
            raise self._doubt(error) if self._is_doubtful() else error
        words = "%s: %s could not take %s: %s"
        if is_unknown(error):
            words = "%s: %s may have taken %s, which moves on, so that there may be a second copy: %s"
        _log.warning(words, self._group, member.name, self._message.message_id, error.reason)
        self._failures.append(error)

    def _receipt(self, receipt: Receipt) -> Receipt:
        """A member's receipt; whom it does not have may have the message from one before."""
        if not receipt.rejected or not self._is_doubtful():
            return receipt
        return replace(receipt, rejected={person: self._doubt(error) for person, error in receipt.rejected.items()})

    def _is_doubtful(self) -> bool:
        """Whether a member may have taken it, whatever others say of it later."""
        return any(map(is_unknown, self._failures))

    def _doubt(self, error: NotifyError) -> UnknownOutcomeError:
        return self._summary(UnknownOutcomeError, [*self._failures, undelivered(error)])

    def _all_failed(self) -> DeliveryError:
        """One error for all: as mild as the mildest, with the words of the last that was tried."""
        errors = [*self._failures, *self._left_out]
        # Who was tried and may be tried again is worth another try before those that are left out.
        may_pass = [error for error in self._failures if isinstance(error, TemporaryError)]
        waits = [error.retry_after for error in may_pass or errors if error.retry_after is not None]
        return self._summary(_mildest(errors), errors, retry_after=min(waits, default=None))

    def _summary(self, kind: type[T], errors: Sequence[DeliveryError], *, retry_after: float | None = None) -> T:
        shown = self._failures[-1] if self._failures else min(errors, key=lambda error: error.retry_after or 0.0)
        # What is unknown of the whole is unknown of each recipient.
        known = kind is not UnknownOutcomeError or len(errors) == 1
        return kind(
            "; ".join(str(error).splitlines()[0] for error in errors),
            transport=self._group,
            phase="failover",
            code=shown.code,
            enhanced_code=shown.enhanced_code,
            advice=next((error.advice for error in errors if error.advice), ""),
            retry_after=retry_after,
            rejected=shown.rejected if known else None,
        )


def _mildest(errors: Iterable[DeliveryError]) -> type[DeliveryError]:
    kinds = {next(kind for kind in _KINDS if isinstance(error, kind)) for error in errors}
    return next(kind for kind in _MILDEST_FIRST if kind in kinds)


_KINDS = (ThrottledError, TemporaryError, UnknownOutcomeError, TransportConfigError)
"""A class behind those that it is the base of."""
_MILDEST_FIRST = (UnknownOutcomeError, TemporaryError, ThrottledError, TransportConfigError)
"""First what a message has to be told of at any rate, then by how soon it may pass."""
