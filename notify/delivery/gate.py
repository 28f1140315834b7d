"""Who may be written to: what is asked before every message."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from notify.errors import SuppressedError
from notify.frozen import FrozenMapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.errors import NotifyError
    from notify.message import Message
    from notify.receipt import Receipt

_NOBODY: FrozenMapping[str, str] = FrozenMapping()
_ADVICE = "`notify suppress list --to ADDRESS` shows what is known of an address."


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a gate says of a message.

    Attributes:
        held: each recipient who is not written to, with the reason.
        passed: each who is written to although something speaks against it, with the reason for that.
    """

    held: Mapping[str, str] = field(default_factory=lambda: _NOBODY)
    passed: Mapping[str, str] = field(default_factory=lambda: _NOBODY)

    def left(self, message: Message) -> Message:
        """The message for those of its recipients who are not held.

        Raises:
            SuppressedError: all are.
        """
        if not self.held:
            return message
        left = [person for person in message.envelope.recipients if person not in self.held]
        if left:
            return message.replace(only=left)
        errors = self.errors()
        first = next(iter(errors.values()))
        if len(errors) == 1:
            raise first
        raise SuppressedError(
            f"none of {len(errors)} recipients is written to: {first.reason}",
            phase=first.phase,
            advice=first.advice,
            rejected=errors,
        )

    def complete(self, receipt: Receipt) -> Receipt:
        """A receipt for those who were left, with the others among its rejected."""
        return replace(receipt, rejected={**receipt.rejected, **self.errors()}) if self.held else receipt

    def errors(self) -> dict[str, SuppressedError]:
        """An error for each who is held."""
        return {
            person: SuppressedError(
                f"{person} is not written to: {why}", why=why, phase="suppression", recipient=person, advice=_ADVICE
            )
            for person, why in self.held.items()
        }


FREE = Judgement()
"""Nothing speaks against anybody."""


class Gate(Protocol):
    """Knows who may be written to. Safe to share between threads."""

    def judge(self, people: Sequence[str], category: str, notification: str) -> Judgement:
        """Who of a message's recipients is written to; `FREE` in the usual case.

        Args:
            people: bare addresses.
            category: the message's; empty if it was built by hand.
            notification: its id, likewise.

        Raises:
            OutboxError: that cannot be found out now.
            ConfigError: or not without a person.
        """
        ...


class Registers(Protocol):
    """What is known of people and kept of messages, opened when it is first asked for."""

    @property
    def gate(self) -> Gate | None:
        """Says who may be written to; None where everybody may."""
        ...

    @property
    def journal(self) -> Journal | None:
        """Where outcomes are written down; None where they are not."""
        ...


class Journal(Protocol):
    """Writes down what became of messages. Safe to share between threads; it never raises."""

    def note(self, message: Message, outcome: Receipt | NotifyError, judgement: Judgement) -> None:
        """Write down an outcome.

        Args:
            message: as it left.
            outcome: what the transport said.
            judgement: who was held, and who was not for a reason.
        """
        ...

    def flush(self) -> bool:
        """Wait until what was noted is durable, or cannot be made so now; whether it is."""
        ...
