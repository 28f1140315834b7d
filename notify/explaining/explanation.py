"""All sections of an explanation, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.explaining import context, envelope, message, params, project, suppression, templates, transport
from notify.explaining.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify import Definition, Notifier
    from notify.explaining.asked import Asked
    from notify.explaining.facts import Problem, Section

SECTIONS: tuple[Callable[[Case], Section], ...] = (
    project.configuration,
    project.definition,
    params.params,
    context.context,
    templates.locale,
    templates.templates,
    message.message,
    suppression.suppression,
    envelope.envelope,
    transport.transport,
)
"""What is told, in this order."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What decides a message.

    Attributes:
        notification: the notification's id.
        environment: the environment's name.
        sections: the facts; a section without any is left out.
        recipients: whom it would be sent to; nobody where it must not.
        carrier: the name of the transport that would carry it; None where there is none.
    """

    notification: str
    environment: str
    sections: tuple[Section, ...]
    recipients: tuple[str, ...] = ()
    carrier: str | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong, in the order of the sections."""
        return tuple(problem for section in self.sections for fact in section.facts for problem in fact.every_problem())


def explain(notifier: Notifier, definition: Definition, asked: Asked) -> Explanation:
    """What decides the message of a call. Nothing is sent, and no server but the outbox's database is asked.

    Raises:
        AddressError, ParamsError: an address or the locale of the call is wrong.
    """
    case = Case(notifier, definition, asked)
    sections = tuple(section for make in SECTIONS if (section := make(case)).facts)
    leaving, _ = case.leaving
    recipients = leaving.envelope.recipients if leaving is not None else ()
    return Explanation(definition.id, notifier.environment, sections, recipients, transport.carrier(case))
