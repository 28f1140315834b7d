"""A transport that does as the subject says, for tests of what observes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from notify import (
    Catalog,
    Message,
    Notifier,
    Receipt,
    RefusedError,
    TemporaryError,
    ThrottledError,
    Transport,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify.plugins import Plugins

if TYPE_CHECKING:
    from notify import DeliveryError

ERRORS: dict[str, type[DeliveryError]] = {
    "refused": RefusedError,
    "temporary": TemporaryError,
    "throttled": ThrottledError,
    "misconfigured": TransportConfigError,
    "unknown": UnknownOutcomeError,
}


class Obedient(Transport):
    """Takes a moment, and then fails in the way that the subject names; `partly` refuses all but the first."""

    senders = 2
    server = ("mail.example.com", 2525)
    moment = 0.002

    def send(self, message: Message) -> Receipt:
        """See above."""
        time.sleep(self.moment)
        word = message.subject
        if word in ERRORS:
            reason = f"<{message.envelope.recipients[0]}> is not served"
            raise ERRORS[word](reason, transport=self.name, phase="rcpt", code=550, enhanced_code="5.1.1", reply=reason)
        if word == "partly":
            first, *others = message.envelope.recipients
            refused = {person: RefusedError(f"no {person}", recipient=person, code=550) for person in others}
            return Receipt(message.message_id, self.name, (first,), refused)
        return Receipt(message.message_id, self.name, message.envelope.recipients, provider_id="p-1")


def mail(word: str = "accepted", *more: str, **changes: Any) -> Message:
    """A message to Ada, and to others."""
    given = {
        "sender": "Acme <hello@acme.example>", "to": ["Ada@example.com", *more], "subject": word, "text": "Hi",
        "notification": "hello", "category": "transactional",
    }  # fmt: skip
    return Message(**(given | changes))


def notifier(*observers: object) -> Notifier:
    """One whose transport `relay` is obedient, and whose only observers these are."""
    plugins = Plugins(disabled=["prometheus", "opentelemetry"], others=observers)
    return Notifier(catalog=Catalog(), transport=Obedient(name="relay"), plugins=plugins)
