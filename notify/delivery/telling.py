"""Telling what became of a message: the log, and the plugins that observe."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from notify.errors import ConfigError, DeliveryError, NotifyError, SuppressedError
from notify.outcomes import carrier_of, outcome_of, people_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify.message import Message
    from notify.people import People
    from notify.plugins import Plugins
    from notify.receipt import Receipt
    from notify.transport import Transport

_log = logging.getLogger("notify.delivery")
# Whoever sends is told of a failure by an error or a receipt; without this, Python would print it as well.
_log.addHandler(logging.NullHandler())
_MOST_PEOPLE = 20


class Attempt(NamedTuple):
    """One try to have a message carried.

    Attributes:
        transport: what had the message; None if nothing had it.
        seconds: for how long; None likewise.
        number: which try of this message it was, from 1.
        job: the job of the outbox that it belongs to, if it does.
    """

    transport: Transport | None = None
    seconds: float | None = None
    number: int = 1
    job: int | None = None


NO_ATTEMPT = Attempt()


class Telling:
    """Logs what became of messages, and calls the plugins that observe it.

    Args:
        plugins: as above.
        people: gives what names people in the log; asked when that is first needed.
    """

    def __init__(self, plugins: Plugins, people: Callable[[], People]) -> None:
        self._plugins = plugins
        self._people = people

    def tell(self, message: Message, outcome: Receipt | NotifyError, attempt: Attempt) -> None:
        """Tell of one outcome."""
        transport, seconds, number, _ = attempt
        if isinstance(outcome, NotifyError):
            if _log.isEnabledFor(logging.WARNING):
                self._write(message, outcome, attempt)
            self._plugins.failed(message, outcome, transport, seconds, number)
        else:
            if _log.isEnabledFor(logging.WARNING if outcome.rejected else logging.INFO):
                self._write(message, outcome, attempt)
            self._plugins.delivered(message, outcome, transport, seconds, number)

    def _write(self, message: Message, outcome: Receipt | NotifyError, attempt: Attempt) -> None:
        errors = (outcome,) if isinstance(outcome, NotifyError) else outcome.rejected.values()
        level = logging.INFO if all(isinstance(each, SuppressedError) for each in errors) else logging.WARNING
        if not _log.isEnabledFor(level):
            return
        fields = _fields(message, outcome, attempt)
        people = people_of(outcome, message)
        fields["recipients"] = len(people)
        with suppress(ConfigError):  # a key is missing: whatever needs it says so
            fields["addresses"] = list(map(self._people().shown, people[:_MOST_PEOPLE]))
        _log.log(level, "%s", _line(fields), extra={"notify": fields})


def _fields(message: Message, outcome: Receipt | NotifyError, attempt: Attempt) -> dict[str, Any]:
    """What there is to say, without what is not known."""
    error = outcome if isinstance(outcome, NotifyError) else next(iter(outcome.rejected.values()), None)
    fields: dict[str, Any] = {
        "message_id": message.message_id,
        "notification": message.notification,
        "category": message.category,
        "transport": carrier_of(outcome, attempt.transport) or None,
        "attempt": attempt.number,
        "job": attempt.job,
        "outcome": outcome_of(outcome),
        "seconds": None if attempt.seconds is None else round(attempt.seconds, 6),
        "error": type(error).__name__ if error else None,
    }
    if isinstance(error, DeliveryError):
        fields |= {"phase": error.phase or None, "code": error.code, "enhanced_code": error.enhanced_code}
    if not isinstance(outcome, NotifyError):
        fields |= {"accepted": len(outcome.accepted), "provider_id": outcome.provider_id}
    return {name: value for name, value in fields.items() if value is not None}


def _line(fields: dict[str, Any]) -> str:
    """The same for a person, in a line; no address stands in it."""
    what = f"{fields.get('notification', 'a message')} {fields['message_id']}: {fields['outcome']}"
    by = f" by {fields['transport']}" if "transport" in fields else ""
    seconds = f" in {fields['seconds']:.3f} s" if "seconds" in fields else ""
    number = f", attempt {fields['attempt']}" if fields["attempt"] > 1 else ""
    error = " ".join(str(fields[name]) for name in ("error", "code", "enhanced_code") if name in fields)
    return f"{what}{by}{seconds}{number}{f': {error}' if error else ''}"
