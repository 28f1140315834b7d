"""What is about to happen, for a person to look at before it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.cli.bulk.pace import Pace, duration
from notify.cli.bulk.state import State
from notify.cli.output import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify import Message, Transport
    from notify.cli.bulk.checking import Checked
    from notify.cli.bulk.choice import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is known before the first row is sent.

    Attributes:
        name: the notification.
        choice: the rows that are sent.
        checked: what the check counted.
        first: the first message, as it leaves.
        transport: what carries it.
        environment: the environment.
        enqueued: whether the outbox sends them.
    """

    name: str
    choice: Choice
    checked: Checked
    first: Message
    transport: Transport
    environment: str
    enqueued: bool

    @property
    def recipients(self) -> int:
        """How many people all messages together go to: about, if rows are left out that name several."""
        copies = len(self.first.envelope.recipients) - len(self.first.to)
        return round(len(self.choice) * (self.checked.recipients / self.checked.rows + copies))

    def lines(self) -> Iterator[str]:
        """The plan, line by line."""
        number = len(self.choice)
        yield (
            f"{self.name} to {count(number, 'row')} of {self.choice.rows.source.name}, "
            f"{count(self.recipients, 'recipient')}, through {self.transport.name} ({self.environment})"
            f"{', by the outbox' if self.enqueued else ''}"
        )
        yield f'  the first: "{self.first.subject}" to {", ".join(self.first.envelope.recipients)}'
        yield from self._past()
        paces = list(Pace.of(self.transport))
        for pace in paces:
            alone = len(paces) == 1 and pace.name == self.transport.name
            yield f"  {'' if alone else f'{pace.name}: '}{self._pace(pace) if alone else pace}"

    def _past(self) -> Iterator[str]:
        """What is left out, for it was done before."""
        done = self.choice.journal.count(State.SENT)
        if done:
            yield f"  sent before: {count(done, 'row')}"
        unknown = self.choice.journal.count(State.UNKNOWN)
        if unknown and State.UNKNOWN in self.choice.states:
            yield f"  maybe sent, and sent again: {count(unknown, 'row')}"
        yield from left_out(self.choice)

    def _pace(self, pace: Pace) -> str:
        seconds = pace.seconds(self.recipients)
        least = f"; this takes at least {duration(seconds)}" if seconds else ""
        if self.enqueued or not 0 <= pace.room < self.recipients:
            return f"{pace}{least}"
        why = f"would wait longer than {duration(pace.patience)}" if pace.patience else "is refused for now"
        return f"{pace}; {pace.room:,} can go now, the rest {why}; the same command goes on with it when there is room"


def left_out(choice: Choice) -> Iterator[str]:
    """The rows that are not sent although they are not known to have been, with what can be done about them."""
    for state, word, advice in (
        (State.UNKNOWN, "maybe sent", "; --repeat-unknown sends again"),
        (State.REFUSED, "refused", "; --retry-failed tries again"),
        (State.SUPPRESSED, "not written to, for they are suppressed", ""),
        (State.PARTLY, "sent to some of the recipients only", ""),
    ):
        if rows := choice.left_out(state):
            yield f"  {word}: {rows}{advice}"
