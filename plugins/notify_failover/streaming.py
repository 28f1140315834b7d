"""Messages of a feed on their way through the members of a group, each member in its own way of streaming."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Literal

from notify.errors import DeliveryError, NotifyError, undelivered
from notify_failover.carrying import Carrying
from notify_failover.member import Permit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notify import Message, Receipt
    from notify.transport import Feed
    from notify_failover.member import Member

    Settle = Callable[[Receipt | DeliveryError], None]


class Returnable:
    """A feed that the message taken last can be put back into."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._held: Message | None = None

    def next(self) -> Message | None:
        """See `Feed`."""
        return self._kept() or self._feed.next()

    def ready(self) -> Message | None:
        """See `Feed`."""
        return self._kept() or self._feed.ready()

    def lapsed(self) -> bool:
        """See `Feed`."""
        return self._feed.lapsed()

    def wait(self) -> bool:
        """Wait for a message, which stays; whether there is one."""
        self._held = self.next()
        return self._held is not None

    def put_back(self, message: Message) -> None:
        """Give it again, first."""
        self._held = message

    def _kept(self) -> Message | None:
        held, self._held = self._held, None
        return held


class Portion:
    """That part of a feed which one member carries: a feed that ends when it is another one's turn.

    Args:
        feed: the whole.
        member: whose part it is.
        before: whoever of them could take a message is to have it instead.
        most: how many messages it has; it then also ends when the next one is not there yet. None for no end.

    Attributes:
        over: whether the rest is for others. If not, there is none, or the member did not ask for it.
    """

    def __init__(self, feed: Returnable, member: Member, before: Sequence[Member], most: int | None) -> None:
        self._feed = feed
        self._member = member
        self._before = before
        self._left = most
        self._most = most
        self._taken: deque[tuple[Message, Permit]] = deque()
        self.over = False

    def next(self) -> Message | None:
        """See `Feed`."""
        if self.over:
            return None
        if self._most is None or self._left == self._most:
            message = self._feed.next()
        else:
            message = self._feed.ready()
            self.over = message is None
        return self._offered(message)

    def ready(self) -> Message | None:
        """See `Feed`."""
        return None if self.over else self._offered(self._feed.ready())

    def lapsed(self) -> bool:
        """See `Feed`."""
        return self._feed.lapsed()

    def settled(self, outcome: Receipt | DeliveryError) -> Message:
        """Note what became of the message that was taken first, and give that."""
        message, permit = self._taken.popleft()
        permit.settle(outcome)
        return message

    def break_off(self) -> None:
        """Let others probe what this one did not."""
        for _, permit in self._taken:
            permit.settle(None)

    def _offered(self, message: Message | None) -> Message | None:
        if message is None:
            return None
        permit = self._permit()
        if permit is None:
            self.over = True
            self._feed.put_back(message)
            return None
        if self._left is not None:
            self._left -= 1
        self._taken.append((message, permit))
        return message

    def _permit(self) -> Permit | None:
        if self._left == 0 or any(member.available() for member in self._before):
            return None
        permit = self._member.admit()
        return permit if isinstance(permit, Permit) else None


class Stretch:
    """A stretch of a feed, carried by the first of some members that can.

    Args:
        group: the name of the group.
        feed: the messages.
        settle: is told each outcome, in the order of the feed.
    """

    def __init__(self, group: str, feed: Returnable, settle: Settle) -> None:
        self._group = group
        self._feed = feed
        self._settle = settle

    def carry(self, members: Sequence[Member], *, strict: bool, most: int | None = None) -> bool:
        """Carry messages, of which the first was waited for, until it is another's turn; whether there may be more.

        What a member could not take, or not for all, goes to the others one by one.

        Args:
            members: in order.
            strict: end as soon as one in front of the member could take a message again.
            most: end after so many, or when the next one is not there yet.
        """
        place = next((place for place, member in enumerate(members) if member.available()), None)
        if place is None:
            return self._carry_one(members)
        member = members[place]
        portion = Portion(self._feed, member, members[:place] if strict else (), most)
        others = [*members[:place], *members[place + 1 :]]

        def settled(outcome: Receipt | DeliveryError) -> None:
            message = portion.settled(outcome)
            if isinstance(outcome, DeliveryError) or outcome.rejected:
                outcome = _outcome(partial(Carrying(self._group, message).after, member, outcome, others))
            self._settle(outcome)

        try:
            member.transport.stream(portion, settled)
        finally:
            portion.break_off()
        return portion.over

    def _carry_one(self, members: Sequence[Member]) -> Literal[True]:
        message = self._feed.next()
        assert message is not None  # noqa: S101 - for the type checker: it was waited for
        self._settle(_outcome(partial(Carrying(self._group, message).through, members)))
        return True


def _outcome(carry: Callable[[], Receipt]) -> Receipt | DeliveryError:
    try:
        return carry()
    except NotifyError as error:
        return undelivered(error, phase="check")
