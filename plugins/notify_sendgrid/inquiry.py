"""What the API says about a key and about senders."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from notify import DeliveryError, TransportConfigError
from notify.addresses import covers
from notify.diagnosis import Diagnosis
from notify_sendgrid.account import KEYS, SENDERS
from notify_sendgrid.webhook_settings import inquire_webhook, unasked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify_sendgrid.answers import Interpreter
    from notify_sendgrid.exchange import Answer
    from notify_sendgrid.webhook_settings import Expected

    Ask = Callable[[str], Answer]

SCOPES = "/v3/scopes"
MAIL_SEND = "mail.send"
_VERIFIED = "/v3/verified_senders"
_DOMAINS = "/v3/whitelabel/domains"
_SKEW = 300.0


def check_key(ask: Ask, interpreter: Interpreter) -> None:
    """See that the key may send.

    Raises:
        DeliveryError: it may not, or that cannot be found out.
    """
    answer = ask(SCOPES)
    if answer.status != HTTPStatus.OK:
        raise interpreter.refusal(answer)
    if MAIL_SEND not in scopes(answer):
        raise TransportConfigError(
            "the key has no permission to send mail",
            transport=interpreter.transport,
            phase="answer",
            advice=f"Give it Mail Send: {KEYS}",
        )


def inquire(
    ask: Ask, interpreter: Interpreter, verified: tuple[str, ...], where: str, expected: Expected
) -> Iterator[Diagnosis]:
    """Is the API there, is the clock right, is the key good, may it send, who is verified, and is the webhook right?

    Args:
        ask: asks for a path; raises DeliveryError where there is no answer.
        interpreter: what the answers mean.
        verified: the setting verified_senders.
        where: the API's address.
        expected: the settings of the event webhook.
    """
    began = time.monotonic()
    try:
        answer = ask(SCOPES)
    except DeliveryError as error:
        yield Diagnosis("api", "failed", error.reason, error.advice, {"phase": error.phase})
        yield from unasked(expected)
        return
    seconds = time.monotonic() - began
    yield Diagnosis("api", "ok", f"{where} answers in {seconds * 1000:.0f} ms", data={"seconds": seconds})
    yield from _clock(answer)
    yield from _key(answer, interpreter)
    if answer.status != HTTPStatus.UNAUTHORIZED:
        yield _senders(ask, verified)
        yield from inquire_webhook(ask, expected)


def scopes(answer: Answer) -> list[str]:
    """The permissions of the key."""
    document = answer.document
    listed = document.get("scopes") if isinstance(document, dict) else None
    return [scope for scope in listed if isinstance(scope, str)] if isinstance(listed, list) else []


def _clock(answer: Answer) -> Iterator[Diagnosis]:
    if answer.time is None:
        return
    skew = time.time() - answer.time
    data = {"seconds": round(skew, 1)}
    if abs(skew) <= _SKEW:
        yield Diagnosis("clock", "ok", "this machine's clock agrees with SendGrid's", data=data)
        return
    yield Diagnosis(
        "clock",
        "warning",
        f"this machine's clock is {abs(skew) / 60:.0f} minutes {'ahead of' if skew > 0 else 'behind'} SendGrid's",
        "Set it by NTP: times to send at, and certificates, go by it.",
        data,
    )


def _key(answer: Answer, interpreter: Interpreter) -> Iterator[Diagnosis]:
    if answer.status == HTTPStatus.FORBIDDEN:
        yield Diagnosis("key", "warning", "the key is known, but may not be asked what it may do", f"See {KEYS}")
    elif answer.status != HTTPStatus.OK:
        error = interpreter.refusal(answer)
        yield Diagnosis("key", "failed", f"{error.reason}: {error.reply}", error.advice, {"status": answer.status})
    else:
        found = scopes(answer)
        yield Diagnosis("key", "ok", "SendGrid knows the key")
        if MAIL_SEND in found:
            yield Diagnosis("mail-send", "ok", "the key may send mail", data={"scopes": found})
        else:
            advice = f"Give it Mail Send: {KEYS}"
            yield Diagnosis("mail-send", "failed", "the key may not send mail", advice, {"scopes": found})


def _senders(ask: Ask, verified: tuple[str, ...]) -> Diagnosis:
    try:
        people, domains = ask(_VERIFIED), ask(_DOMAINS)
    except DeliveryError as error:
        return Diagnosis("senders", "skipped", f"who is verified cannot be found out: {error.reason}")
    if people.status != HTTPStatus.OK or domains.status != HTTPStatus.OK:
        return Diagnosis(
            "senders",
            "skipped",
            "the key may not be asked who is verified, which is right for a key that only sends",
            f"Look at {SENDERS}",
        )
    known = _known(people.document, domains.document)
    data = {"verified": known}
    missing = [entry for entry in verified if not _is_known(entry, known)]
    if missing:
        advice = f"Verify it at {SENDERS}, or take it out of verified_senders."
        return Diagnosis("senders", "failed", f"not verified at SendGrid: {', '.join(missing)}", advice, data)
    if not known:
        return Diagnosis("senders", "failed", "SendGrid has verified no sender", f"Verify one at {SENDERS}", data)
    return Diagnosis("senders", "ok", f"verified at SendGrid: {', '.join(known)}", data=data)


def _known(people: object, domains: object) -> list[str]:
    """Addresses and domains that are verified, as the two lists have them."""
    results = people.get("results") if isinstance(people, dict) else None
    rows = [(each, "from_email", "verified") for each in results or []] if isinstance(results, list) else []
    rows += [(each, "domain", "valid") for each in domains] if isinstance(domains, list) else []
    return [str(row[name]) for row, name, good in rows if isinstance(row, dict) and row.get(good) and row.get(name)]


def _is_known(entry: str, known: list[str]) -> bool:
    sender = entry.removeprefix("*.")
    return any(covers(each, sender if "@" in sender else f"postmaster@{sender}") for each in known)
