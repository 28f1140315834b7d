"""What follows from the events of providers for who is written to."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notify.consent.scopes import ALL, Scope, known_as
from notify.feedback import Bounce, Kind
from notify.scrubbing import line
from notify.suppression.model import AHEAD, Reason
from notify.suppression.words import AGAINST, NOTHING, WANTED, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from notify.feedback import Event
    from notify.people import People

_log = logging.getLogger("notify.suppression")
REFUSALS: Mapping[str, Reason] = {
    "invalid": Reason.INVALID,
    "bounced address": Reason.HARD_BOUNCE,
    "spam reporting address": Reason.COMPLAINT,
}
"""What a provider says that sent nothing because of the address, and why.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event has these words.
"""
_unmapped: set[tuple[str, str]] = set()


def effects(events: Iterable[Event], groups: Mapping[str, str], people: People) -> Iterator[Word]:
    """The word that each event is, of those that are one; see `effect`."""
    return filter(None, (effect(event, groups, people) for event in events))


def effect(event: Event, groups: Mapping[str, str], people: People) -> Word | None:
    """What an event says of its recipient; None if nothing.

    Hard bounces and complaints speak against all mails, and so does a refusal of the provider for one of `REFUSALS`,
    where nothing better is known. Who unsubscribes does so from all mails or, in a group, from the category that it
    stands for; who comes back takes that back, or wants the category.

    Args:
        event: what a provider says.
        groups: the category that each group of a provider stands for.
        people: how the list names people.
    """
    scope: Scope | None = ALL
    says, is_hint = AGAINST, False
    match event.kind:
        case Kind.BOUNCED if event.bounce is Bounce.HARD:
            reason: Reason | None = Reason.HARD_BOUNCE
        case Kind.COMPLAINED:
            reason = Reason.COMPLAINT
        case Kind.REJECTED:
            reason = REFUSALS.get(event.reason.strip().lower()) or REFUSALS.get(event.classification.lower())
            is_hint = True
        case Kind.UNSUBSCRIBED:
            reason, scope = Reason.UNSUBSCRIBED, scope_of(event, groups)
        case Kind.RESUBSCRIBED:
            reason, scope = Reason.UNSUBSCRIBED, scope_of(event, groups)
            says = NOTHING if scope == ALL else WANTED
        case _:
            return None
    if reason is None or scope is None or not event.recipient:
        return None
    person = known_as(event.recipient)
    return Word(
        people.name(person),
        scope,
        reason,
        says,
        time_of(event).timestamp(),
        event.provider,
        line(event.reason, people, person),
        is_hint,
    )


def time_of(event: Event) -> datetime:
    """When it happened; now, if that is yet to come: else nothing that somebody says until then would count."""
    now = datetime.now(UTC)
    return event.at if event.at <= now + AHEAD else now


def scope_of(event: Event, groups: Mapping[str, str]) -> Scope | None:
    """The mails that somebody left or wants again; None where a group stands for no category, as is logged once."""
    if event.group is None:
        return ALL
    category = groups.get(event.group)
    if category is not None:
        return Scope.category(category)
    if (key := (event.provider, event.group)) not in _unmapped:
        _unmapped.add(key)
        _log.warning(
            "somebody left or joined the group %.60s of %s, which stands for no category: add it to `groups` of "
            "`feedback` in notify.yaml",
            event.group,
            event.provider,
        )
    return None
