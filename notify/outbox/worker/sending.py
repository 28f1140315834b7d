"""Giving messages to the senders of their transports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.delivery.lane import Lane
from notify.outbox.worker.clock import clock

if TYPE_CHECKING:
    from notify.delivery import Delivery
    from notify.outbox.worker.outcomes import Outcomes
    from notify.outbox.worker.parcel import Parcel
    from notify.outbox.worker.traffic import Traffic
    from notify.transport import Transport


class Sending:
    """The senders of a worker, which live as long as it does; for one thread.

    Args:
        delivery: calls the hooks.
        outcomes: where outcomes go.
        traffic: told how many senders there are.
        concurrency: how many senders there are at most for one transport; as many as it can have, if None.
    """

    def __init__(self, delivery: Delivery, outcomes: Outcomes, traffic: Traffic, concurrency: int | None) -> None:
        self._delivery = delivery
        self._outcomes = outcomes
        self._traffic = traffic
        self._concurrency = concurrency
        self._lanes: dict[int, Lane] = {}
        self._transports: list[Transport] = []

    def serve(self, transport: Transport) -> None:
        """Make room for the messages of a transport."""
        if transport.senders > 0 and id(transport) not in self._lanes:
            lane = self._lanes[id(transport)] = Lane(transport, self._delivery, self._outcomes)
            if self._concurrency is not None:
                lane.most = min(lane.most, self._concurrency)
            self._transports.append(transport)
            self._traffic.serve(sum(each.most for each in self._lanes.values()))

    def hand_over(self, parcel: Parcel) -> None:
        """Have it sent; it comes out at the outcomes in any case, unless sending is stopped."""
        parcel.handed_at = clock()
        lane = self._lanes.get(id(parcel.transport))
        if lane is not None:
            lane.staff()
            lane.put(parcel)
        elif parcel.void:
            self._outcomes.settled(parcel)
        elif not self._outcomes.stopped:
            parcel.begin()
            outcome = self._delivery.carry(parcel.message, parcel.transport)
            self._delivery.tell(parcel.message, outcome, parcel.judgement, parcel.attempt(parcel.transport))
            parcel.settle(outcome)
            self._outcomes.settled(parcel)

    def end(self, timeout: float) -> bool:
        """Begin no further message, and wait for those that were begun; whether all came to an end in time."""
        self._outcomes.stopped = True
        for lane in self._lanes.values():
            lane.end()
        for transport in self._transports:
            transport.hurry()
        end = clock() + timeout
        senders = [sender for lane in self._lanes.values() for sender in lane.senders]
        for sender in senders:
            sender.join(max(0.0, end - clock()))
        return not any(sender.is_alive() for sender in senders)
