"""Rules about what mails and configuration give away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notify.checks.mail import Mail
from notify.checks.reading.words import named_values
from notify.checks.rule import AnyRule, Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notify.definition import Definition

_CODE_NAME = re.compile(
    r"(?:.*_)?(?:otp|totp|passcode|one_time_code)(?:_.*)?|(?:.*_)?pin|code"
    r"|(?:verification|login|security|access|sign_?in|confirmation|reset|auth\w*)_(?:code|token)"
)
_SECRET_NAME = re.compile(rf"{_CODE_NAME.pattern}|(?:.*_)?(?:password|passwd|secret|token|iban|cvv|cvc|ssn)(?:_.*)?")
_CODE = re.compile(r"\b\d{4,8}\b")
_SPEAKS_OF_CODE = re.compile(r"\b(?:code|otp|pin|passcode|kode|c[oó]digo|codice|kod)\b", re.IGNORECASE)
_PASSWORD = re.compile(
    r"\b(?:password|passwort|mot de passe|contraseña)\s*(?:is|ist|est|es)?\s*[:=]\s*\S", re.IGNORECASE
)
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
_UNITS = (
    r"min(?:s|\.|uten?|utes?|uti|utos?|uuttia|uter|uut)?|h|hrs?|hours?|heures?|stunden?|ore|horas?|uur|timmar|timer|days?|"
    r"jours?|tagen?|giorni|d[ií]as?|dagen|dagar|dage|минут\w*|час\w*|дн\w*|хвилин\w*|dakika|saat|godzin\w*|minut\w*|分|時間|"
    r"分钟|小时|분|시간|دقيقة|دقائق|ساعة|ساعات|דקות|שעות"
)
_VALIDITY = re.compile(rf"\d+\s*(?:{_UNITS})(?!\w)", re.IGNORECASE)
_EXPIRY_NAME = re.compile(r".*(?:expir|valid|until|minutes|hours|seconds|ttl|lifetime|deadline).*")


@rule(
    Mail,
    "sec-pii-in-subject",
    severity="warning",
    why="A subject is shown on locked screens and kept in logs of every server on the way.",
    example='subject: "{{ code }} is your sign-in code"',
    cure="Keep it in the body, and declare the param `sensitive: true`, which refuses it in subjects.",
)
def pii_in_subject(mail: Mail) -> Iterator[Problem]:
    """A code, a password or the number of a card stands in the subject."""
    subject = mail.message.subject
    if mail.whole.unsubscribing(mail.definition) == "required":
        return  # a code there is a coupon
    for name, value in named_values(mail.params):
        shown = len(value) > 3 and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", subject)  # noqa: PLR2004 - a code
        if shown and _SECRET_NAME.fullmatch(name.lower()):
            message = f"the subject shows {name}"
            yield Problem(mail.at_subject, message, "keep it in the body, and declare it `sensitive: true`")
            return
    if any(_is_card(found[0]) for found in _CARD.finditer(subject)):
        yield Problem(mail.at_subject, "the subject shows the number of a card", "show its last four digits at most")
    elif _SPEAKS_OF_CODE.search(subject) and _CODE.search(subject):
        yield Problem(mail.at_subject, "the subject shows a code", "keep it in the body")
    elif _PASSWORD.search(subject):
        yield Problem(mail.at_subject, "the subject shows a password", "send none: let people set their own")


def _is_card(text: str) -> bool:
    """Whether the digits have the check digit of cards (ISO/IEC 7812-1, annex B)."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


@rule(
    Mail,
    "sec-otp-expiry",
    severity="info",
    why="Who gets a code has to know for how long it holds; and a code that holds for ever is one that can be stolen.",
    example="category: security\nparams: {code: str}\nhtml: |\n  Your code is {{ code }}.",
    cure="Declare a param such as `minutes: int` and say it: The code is valid for {{ minutes }} minutes.",
)
def otp_expiry(mail: Mail) -> Iterator[Problem]:
    """A mail with a one-time code does not say for how long it is valid."""
    params = _codes(mail.definition)
    if mail.whole.unsubscribing(mail.definition) != "never" or not params:
        return
    says = _VALIDITY.search(mail.text) or any(_EXPIRY_NAME.fullmatch(name) for name, _ in named_values(mail.params))
    if not says:
        place = mail.whole.place(mail.definition, "params", params[0])
        message = f"the mail has {params[0]} and does not say for how long it is valid"
        yield Problem(place, message, "say it, with a param such as `minutes: int`")


def _codes(definition: Definition) -> list[str]:
    """The params that look like one-time codes."""
    contract = definition.contract
    return [name for name in (contract.params if contract else ()) if _CODE_NAME.fullmatch(name)]


RULES: tuple[AnyRule, ...] = (pii_in_subject, otp_expiry)
