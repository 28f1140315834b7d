"""What the API's answers mean: from a status, and what its body says, to an error of notify.

SendGrid: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from notify import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_sendgrid.account import KEYS, SENDERS, SENDGRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from notify_sendgrid.exchange import Answer, LostError

_LONGEST_WAIT = 86400.0
_TWICE = "Sending it again may make a second copy; both have the same notify_id and Message-ID."
_WRONG_KEY = (
    "Check the API key: was it copied whole, and is it the key and not its id? Has it been revoked? A key of the EU "
    f"needs region: eu. Keys: {KEYS}"
)
_NOT_ALLOWED = (
    f"The key needs the permission Mail Send ({KEYS}), and the sender {{author}} must be verified ({SENDERS})."
)
_WRONG_URL = "Check base_url: it is the API's address without /v3."


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer means: the class of the error, why, what to do, and seconds until another try makes sense."""

    kind: type[DeliveryError]
    reason: str
    advice: str = ""
    retry_after: float | None = None


_ELSEWHERE = Meaning(TransportConfigError, "this is not where the API is", _WRONG_URL)
_NONSENSE = Meaning(
    UnknownOutcomeError,
    "the answer makes no sense",
    f"Something else may have answered in SendGrid's place. {_WRONG_URL}",
)
_BROKEN = Meaning(TemporaryError, "SendGrid has an error of its own")
_MEANINGS = {
    401: Meaning(TransportConfigError, "SendGrid refused the key", _WRONG_KEY),
    403: Meaning(TransportConfigError, "SendGrid does not allow this to the key or the sender", _NOT_ALLOWED),
    404: _ELSEWHERE,
    405: _ELSEWHERE,
    408: _BROKEN,
    415: Meaning(
        TransportConfigError,
        "SendGrid does not take this kind of request",
        "With gzip: true this account takes no compressed requests: leave it out.",
    ),
    429: Meaning(ThrottledError, "SendGrid has had too many requests"),
    504: Meaning(UnknownOutcomeError, "SendGrid's gateway waited in vain: the message may have been taken", _TWICE),
}
_CLASSES = {3: _ELSEWHERE, 4: Meaning(RefusedError, "SendGrid refused the message"), 5: _BROKEN}


@dataclass(frozen=True, slots=True)
class Fault:
    """One of the faults that an answer names: the field of the request, and what is wrong with it."""

    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Makes errors for one transport.

    Attributes:
        transport: the name to put into errors.
        scrub: removes the key from a text of the server.
        connect_advice: what to do when no connection comes about.
    """

    transport: str
    scrub: Callable[[str], str]
    connect_advice: str = ""

    def refusal(self, answer: Answer, *, author: str = "", size: int = 0, limit: int = 0) -> DeliveryError:
        """The error of an answer other than the one hoped for.

        Args:
            answer: the answer.
            author: the address in From.
            size: how large the request was, in octets.
            limit: how large one may be.
        """
        named = faults(answer)
        said = self.scrub(" ".join([str(answer.status), "; ".join(map(str, named)) or answer.reason]).strip())
        meaning = _meaning(answer.status, said)
        reason = meaning.reason
        if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            reason = f"SendGrid refused the request of {size} octets as too large; it takes {limit}"
        return meaning.kind(
            reason,
            transport=self.transport,
            phase="answer",
            code=answer.status,
            reply=said,
            advice=meaning.advice.replace("{author}", author),
            retry_after=_wait(answer, meaning) if meaning.retry_after is None else meaning.retry_after,
        )

    def lost(self, lost: LostError, *, changes: bool = True) -> DeliveryError:
        """The error of a request without an answer; one that `changes` something may have been acted on."""
        if not lost.trusted:
            return TransportConfigError(
                lost.reason,
                transport=self.transport,
                phase=lost.phase,
                advice="Nothing was sent. A private certificate authority is named by ca_file.",
            )
        if lost.whole and changes:
            return UnknownOutcomeError(
                f"{lost.reason} after the request was sent: the message may have been taken",
                transport=self.transport,
                phase=lost.phase,
                advice=_TWICE,
            )
        early = lost.phase in {"connect", "tls"}
        where = "" if early else " before the request was sent" if changes else ""
        advice = self.connect_advice if early else ""
        return TemporaryError(f"{lost.reason}{where}", transport=self.transport, phase=lost.phase, advice=advice)


def faults(answer: Answer) -> list[Fault]:
    """The faults that an answer names; none if it is not the API's own."""
    document = answer.document
    listed = document.get("errors") if isinstance(document, dict) else None
    return [
        Fault(str(each.get("field") or ""), str(each.get("message") or ""))
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict)
    ]


def _meaning(status: int, said: str) -> Meaning:
    # The words mean what they mean over SMTP.
    for rule in SENDGRID.rules:
        if rule.matches("answer", said):
            return Meaning(rule.kind, "SendGrid refused the message", rule.advice, rule.retry_after)
    return _MEANINGS.get(status) or _CLASSES.get(status // 100, _NONSENSE)


def _wait(answer: Answer, meaning: Meaning) -> float | None:
    """Seconds until another try makes sense, by Retry-After (RFC 9110, section 10.2.3) or X-RateLimit-Reset.

    The latter is in every answer, and says something only where the rate is exceeded.
    """
    from email.utils import parsedate_to_datetime

    if not issubclass(meaning.kind, TemporaryError):
        return None
    now = answer.time or time.time()
    reset, after = answer.headers.get("x-ratelimit-reset", ""), answer.headers.get("retry-after", "")
    wait = _number(reset, now) if meaning.kind is ThrottledError else None
    if wait is None:
        wait = _number(after, 0.0)
    if wait is None:
        try:
            wait = parsedate_to_datetime(after).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return min(max(wait, 0.0), _LONGEST_WAIT)


def _number(text: Any, since: float) -> float | None:
    try:
        number = float(text) - since
    except ValueError:
        return None
    return number if math.isfinite(number) else None
