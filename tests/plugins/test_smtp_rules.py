"""What the words of known providers mean, where their codes alone would mislead."""

from __future__ import annotations

import pytest

from notify.errors import (
    DeliveryError,
    RefusedError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownOutcomeError,
)
from notify_smtp.presets import PRESETS
from notify_smtp.replies import Interpreter, Reply, kind_of

CASES = [
    ("sendgrid", "auth", "535 Authentication failed: The provided authorization grant is invalid, expired, or revoked",
     TransportConfigError, "permission Mail Send"),
    ("sendgrid", "auth", "535 Authentication failed: Bad username / password", TransportConfigError, "apikey"),
    ("sendgrid", "auth", "451 Authentication failed: Could not authenticate", TransportConfigError, "apikey"),
    ("sendgrid", "auth", "451 Authentication failed: Maximum credits exceeded", ThrottledError, "quota"),
    ("sendgrid", "final", "451 You've exceeded your messaging limits", ThrottledError, "quota"),
    ("sendgrid", "final", "452 Too many recipients received this hour (throttled)", ThrottledError, ""),
    ("sendgrid", "final", "550 The from address does not match a verified Sender Identity. Mail cannot be sent",
     TransportConfigError, "verify the address, or better its domain, at https://app.sendgrid.com/settings/sender_auth"),
    ("sendgrid", "final", "403 You are not authorized to send from that email address", TransportConfigError,
     "hello@acme.example"),
    ("sendgrid", "mail", "550 Unauthenticated senders not allowed", TransportConfigError, "API key"),
    ("sendgrid", "final", "451 Temporary local problem - please try later", TemporaryError, ""),
    ("sendgrid", "final", "550 no", RefusedError, ""),
    ("ses", "auth", "535 Authentication Credentials Invalid", TransportConfigError, "secret_access_key"),
    ("ses", "auth", "535 Account not subscribed to SES", TransportConfigError, "console"),
    ("ses", "mail", "454 Throttling failure: Daily message quota exceeded", ThrottledError, "quota"),
    ("ses", "mail", "454 Throttling failure: Maximum sending rate exceeded", ThrottledError, ""),
    ("ses", "auth", "454 Temporary authentication failure", TemporaryError, ""),
    ("ses", "greeting", "421 Too many concurrent SMTP connections", ThrottledError, "pool"),
    ("ses", "final", "554 Access denied: User ARN is not authorized to perform ses:SendRawEmail",
     TransportConfigError, "IAM"),
    ("ses", "final", "554 Message rejected: Email address is not verified. The following identities failed",
     TransportConfigError, "hello@acme.example"),
    ("ses", "final", "552 Message is too long.", RefusedError, ""),
    ("gmail", "auth", "535 5.7.8 Username and Password not accepted", TransportConfigError, "app password"),
    ("gmail", "auth", "534 5.7.9 Application-specific password required", TransportConfigError, "app password"),
    ("gmail", "final", "550 5.4.5 Daily user sending limit exceeded", ThrottledError, "24 hours"),
    ("gmail", "rcpt", "450 4.2.1 The user is receiving mail too quickly", ThrottledError, ""),
    ("gmail", "final", "550 5.7.1 unsolicited", RefusedError, ""),
    ("microsoft365", "mail", "432 4.3.2 Concurrent connections limit exceeded", ThrottledError, "pool"),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled",
     TransportConfigError, "access_token"),
    ("microsoft365", "auth", "550 5.7.30 Basic authentication is not supported for Client Submission",
     TransportConfigError, "access_token"),
    ("microsoft365", "final", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
     ThrottledError, "recipients a day"),
    ("microsoft365", "final", "554 5.2.252 SendAsDenied; ada@example.com not allowed", TransportConfigError, "Send As"),
    ("microsoft365", "final", "554 5.2.2 mailbox full", RefusedError, ""),
    ("microsoft365", "final", "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
     TransportConfigError, "Send As"),
    ("microsoft365", "final", "554 5.2.0 STOREDRV; Exception:SendAsDeniedException.MapiException", TransportConfigError,
     "Send As"),
    ("microsoft365", "rcpt", "550 5.7.606 Access denied, banned sending IP", RefusedError, ""),
    ("microsoft365", "rcpt", "550 5.7.304 no", RefusedError, ""),
    ("microsoft365", "rcpt", "550 5.1.1 <thousandsendas@example.com> unknown", RefusedError, ""),
    ("gmail", "rcpt", "550 5.4.51 no", RefusedError, ""),
    ("gmail", "rcpt", "450 4.2.10 no", TemporaryError, ""),
]  # fmt: skip


def reply(text: str) -> Reply:
    """A reply of one line."""
    return Reply(int(text[:3]), (text[4:],))


@pytest.mark.parametrize(("preset", "phase", "text", "expected", "advice"), CASES)
def test_a_provider_s_words_have_their_class(
    preset: str, phase: str, text: str, expected: type[DeliveryError], advice: str
) -> None:
    """Quota is throttling whatever the code, identity and keys are configuration, and the advice says what to do."""
    interpreter = Interpreter("relay", PRESETS[preset].rules)

    error = interpreter.refusal(phase, reply(text), sender="b@acme.example", recipient="r@e.example",
                                author="hello@acme.example")  # fmt: skip

    assert expected is type(error)
    assert int(text[:3]) == error.code
    assert advice in error.advice
    assert text in str(error)
    assert (error.retry_after is not None) is (expected is ThrottledError)


@pytest.mark.parametrize(
    ("text", "enhanced"),
    [
        ("550 5.1.1 gone", "5.1.1"),
        ("550 gone 5.1.1", None),
        ("550 5.1.1.1 gone", None),
        ("450 4.200.20", "4.200.20"),
        ("250", None),
    ],
)
def test_reads_the_enhanced_code(text: str, enhanced: str | None) -> None:
    """The status code of RFC 3463 is what the text begins with, if it is one."""
    assert enhanced == reply(text).enhanced_code


def test_a_reply_reads_as_one_line() -> None:
    """Several lines are one text, with the code once."""
    assert str(Reply(550, ("5.1.1 no such", " user "))) == "550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("phase", "code", "expected"),
    [
        ("final", 354, UnknownOutcomeError),
        ("data", 250, TemporaryError),
        ("mail", 530, TransportConfigError),
        ("rcpt", 553, RefusedError),
        ("ehlo", 554, TransportConfigError),
    ],
)
def test_codes_alone(phase: str, code: int, expected: type[DeliveryError]) -> None:
    """Without rules, phase and code decide."""
    assert expected is kind_of(phase, code)


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ((RefusedError, ThrottledError), ThrottledError),
        ((ThrottledError, TemporaryError), TemporaryError),
        ((TransportConfigError, RefusedError), TransportConfigError),
    ],
)
def test_when_recipients_have_different_fates(
    errors: tuple[type[DeliveryError], ...], expected: type[DeliveryError]
) -> None:
    """The error of all is the one that leaves most to hope for."""
    rejected = {f"k{number}@example.com": kind("no") for number, kind in enumerate(errors)}

    assert expected is type(Interpreter("relay").nobody(rejected))
