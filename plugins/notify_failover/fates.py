"""What became of a message and of each of its recipients, on its way through the members of a group.

Who has got the message is done with. Of the others each one's last error says whether another member may be asked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from notify import Receipt
from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_failover.blame import is_unknown, moves_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from notify import Message


class Fates:
    """What the members that were asked said, one after the other.

    Args:
        group: the name of the group.
        message: the message.

    Attributes:
        message: as the next member is to have it: only for those who may still get it.
        left_out: why members were not asked.
    """

    def __init__(self, group: str, message: Message) -> None:
        self._group = group
        self._message = message
        self._receipts: list[Receipt] = []
        self._failures: list[DeliveryError] = []
        self._errors: dict[str, list[DeliveryError]] = {}
        self.message = message
        self.left_out: list[TemporaryError] = []

    @property
    def whole(self) -> bool:
        """Whether the next member is asked for all, since nobody has the message and nobody is refused for good."""
        return not self._receipts and self.message is self._message

    @property
    def doubtful(self) -> bool:
        """Whether a member may have taken it for all, whatever others say of it later."""
        return any(map(is_unknown, self._failures))

    def note(self, outcome: Receipt | DeliveryError) -> int:
        """Note what the next member said; how many of those it was asked for may be offered to another one.

        An error that lets nobody be offered does so for all, whatever it says of one.
        """
        people = self.message.envelope.recipients
        if isinstance(outcome, DeliveryError):
            self._failures.append(outcome)
            errors = {person: outcome.rejected.get(person, outcome) for person in people}
            over = not moves_on(outcome, self._message)
        else:
            self._receipts.append(outcome)
            errors, over = dict(outcome.rejected), False
        for person, error in errors.items():
            self._errors.setdefault(person, []).append(error)
        again = [person for person in people if person in errors and moves_on(errors[person], self._message)]
        if over or not again:
            return 0
        if len(again) < len(people):
            self.message = self.message.replace(only=again)
        return len(again)

    def outcome(self) -> Receipt:
        """One receipt for all, if a member gave one.

        If one member took the message, the receipt has its name, words and id; if several did, the name of the group
        and the words of each.

        Raises:
            DeliveryError: none did; one error for all.
        """
        if not self._receipts:
            raise self._failure()
        takers = [each for each in self._receipts if each.accepted] or self._receipts[-1:]
        accepted = {person for each in takers for person in each.accepted}
        rejected = {person: self._fate(person) for person in self._errors if person not in accepted}
        if len(takers) == 1:
            return replace(takers[0], rejected=rejected)
        return Receipt(
            takers[0].message_id,
            self._group,
            tuple(person for person in self._message.envelope.recipients if person in accepted),
            rejected,
            "; ".join(f"{each.transport}: {each.response}" if each.response else each.transport for each in takers),
        )

    def _failure(self) -> DeliveryError:
        """Why nobody got it: what ends it in its own words, else as mild as the mildest, in the words of the last."""
        if not self._failures:
            return self._summary(
                _mildest(self.left_out), self.left_out, min(self.left_out, key=lambda error: error.retry_after or 0.0)
            )
        last = self._failures[-1]
        over = not moves_on(last, self._message)
        alike = self.whole and not last.rejected and not any(map(is_unknown, self._failures[:-1]))
        if over and (alike or len(self._failures) == 1):
            return last
        errors = self._failures if over else [*self._failures, *self.left_out]
        kind = _kind(last) if over and not self.doubtful else _mildest(errors)
        rejected = {person: self._fate(person) for person, said in self._errors.items() if said != self._failures}
        return self._summary(kind, errors, last, rejected)

    def _fate(self, person: str) -> DeliveryError:
        """Why somebody did not get it: as the whole, from what was said of that person."""
        said = self._errors[person]
        last = said[-1]
        over = not moves_on(last, self._message)
        errors = said if over else [*said, *self.left_out]
        kind = _kind(last) if over and not any(map(is_unknown, said)) else _mildest(errors)
        return last if kind is _kind(last) else self._summary(kind, errors, last)

    def _summary(
        self,
        kind: type[DeliveryError],
        errors: Sequence[DeliveryError],
        shown: DeliveryError,
        rejected: Mapping[str, DeliveryError] | None = None,
    ) -> DeliveryError:
        """One error of some: it names all, and has the code of the one that is shown."""
        tried = [error for error in errors if error not in self.left_out]
        # Who was tried and may be tried again is worth another try before those that are left out.
        may_pass = [error for error in tried if isinstance(error, TemporaryError)]
        waits = [error.retry_after for error in may_pass or errors if error.retry_after is not None]
        return kind(
            "; ".join(str(error).splitlines()[0] for error in errors),
            transport=self._group,
            phase="failover",
            code=shown.code,
            enhanced_code=shown.enhanced_code,
            advice=next((error.advice for error in errors if error.advice), ""),
            retry_after=None if kind is RefusedError else min(waits, default=None),
            rejected=rejected,
        )


def _mildest(errors: Iterable[DeliveryError]) -> type[DeliveryError]:
    kinds = set(map(_kind, errors))
    return next(kind for kind in _MILDEST_FIRST if kind in kinds)


def _kind(error: DeliveryError) -> type[DeliveryError]:
    return next((kind for kind in _KINDS if isinstance(error, kind)), DeliveryError)


_KINDS = (ThrottledError, TemporaryError, UnknownOutcomeError, TransportConfigError, RefusedError)
"""A class behind those that it is the base of."""
_MILDEST_FIRST = (
    UnknownOutcomeError, TemporaryError, ThrottledError, TransportConfigError, DeliveryError, RefusedError,
)  # fmt: skip
"""First what a message has to be told of at any rate, then by how soon it may pass."""
