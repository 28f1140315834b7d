"""Whether the recipients of a message are written to, and what speaks against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.errors import NotifyError
from notify.explaining.facts import Fact, Origin, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Message
    from notify.explaining.case import Case

_FREE = "written to"


def suppression(case: Case) -> Section:
    """What the suppression list and people's own choices say, where the environment asks them."""
    message = case.composed.message
    facts = () if message is None else tuple(_facts(case, message))
    return Section("suppression", "Suppression", facts)


def _facts(case: Case, message: Message) -> Iterator[Fact]:
    try:
        is_asked = case.notifier.records.gate is not None
    except NotifyError as error:
        yield Fact("asked", None, _asking(case), (case.problem(error),))
        return
    yield Fact("asked", is_asked, _asking(case))
    if not is_asked:
        return
    judgement, refusal = case.judged
    if judgement is None:
        yield Fact("recipients", None, problems=(case.problem(refusal),) if refusal is not None else ())
        return
    for person in message.envelope.recipients:
        if person in judgement.held:
            problems = (case.problem(refusal),) if refusal is not None else ()
            yield Fact(person, f"not written to: {judgement.held[person]}", _stored(case), problems)
        elif person in judgement.passed:
            yield Fact(person, f"{_FREE}: {judgement.passed[person]}", _stored(case))
        else:
            yield Fact(person, _FREE, Origin("derived", "nothing is known against it"))


def _asking(case: Case) -> Origin:
    found = case.from_environment("feedback") or case.from_environment("unsubscribe")
    return found or Origin("default", "the environment has neither `feedback` nor `unsubscribe`")


def _stored(case: Case) -> Origin:
    return Origin("derived", f"the database {case.notifier.records.database.shown}")
