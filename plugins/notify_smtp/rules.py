"""What the replies of some providers mean, where it is not what RFC 5321 says.

Sources: the providers' pages about SMTP errors, and their words as users have quoted them, 2026-11.
"""

from __future__ import annotations

from notify.errors import ThrottledError, TransportConfigError
from notify_smtp.replies import Rule

_HOUR = 3600.0
_DAY = 86400.0

SENDGRID = (
    Rule(
        ThrottledError,
        r"maximum credits exceeded|messaging limits",
        advice="SendGrid's quota is used up (a trial ends after 60 days and has 100 mails a day): see "
        "https://app.sendgrid.com/settings/billing, or send through another transport until it is filled up again.",
        retry_after=_HOUR,
    ),
    Rule(ThrottledError, r"\(throttled\)|recipients received this hour", retry_after=_HOUR),
    Rule(
        TransportConfigError,
        r"does not match a verified sender identity|not authorized to send from that email address",
        advice="SendGrid does not know {author} as a verified sender: verify the address, or better its domain, at "
        "https://app.sendgrid.com/settings/sender_auth, or send from one that is.",
    ),
    Rule(
        TransportConfigError,
        r"^535|authentication failed|authenticated senders",
        advice="Check the API key, not the user name, which is always the word apikey. Has the key been revoked? Does "
        "it have the permission Mail Send? Is it a key of the EU, which needs region: eu? Is it the key itself, with "
        "no blanks around it, and not the key's id? Keys: https://app.sendgrid.com/settings/api_keys",
    ),
)

SES = (
    Rule(ThrottledError, r"daily message quota", advice="Ask AWS for a higher quota, or wait.", retry_after=_HOUR),
    Rule(ThrottledError, r"maximum sending rate|^454 throttling", retry_after=1.0),
    Rule(ThrottledError, r"too many concurrent", advice="Lower the setting pool.", retry_after=1.0),
    Rule(
        TransportConfigError,
        r"email address is not verified",
        advice="Verify {author} or its domain in this region of SES; in the sandbox recipients must be verified too.",
    ),
    Rule(TransportConfigError, r"^554 .*(access denied|not authorized)", advice="Allow ses:SendRawEmail in IAM."),
    Rule(TransportConfigError, r"account is paused|sending paused|not subscribed", advice="See the console of SES."),
    Rule(
        TransportConfigError,
        r"^535",
        advice="SES wants an SMTP password of this very region, which is not the secret access key: set "
        "secret_access_key and it is derived. Temporary credentials do not work.",
    ),
)

GMAIL = (
    Rule(ThrottledError, r"^550 5\.4\.5(?!\d)", advice="Gmail counts over the last 24 hours.", retry_after=_DAY),
    Rule(ThrottledError, r"peak smtp relay limit|^450 4\.2\.1(?!\d)", retry_after=600.0),
    Rule(
        TransportConfigError,
        r"^53[45]",
        ("auth",),
        "Gmail wants the full address and an app password (2-step verification must be on), or access_token.",
    ),
)

MICROSOFT365 = (
    Rule(ThrottledError, r"concurrent connections limit|sender thread limit", retry_after=10.0,
         advice="Microsoft 365 allows 3 connections at once: lower the setting pool."),
    Rule(TransportConfigError, r"sendasdenied|(?<![.\d])5\.(7\.60|2\.252)(?!\.?\d)",
         advice="This mailbox may not send as {author}: send as the mailbox itself, or grant Send As."),
    Rule(ThrottledError, r"submissionquotaexceeded|^554 5\.2\.0 storedrv", retry_after=_DAY,
         advice="Microsoft 365 allows 10,000 recipients a day."),
    Rule(TransportConfigError, r"^535|(?<![.\d])5\.7\.30(?!\.?\d)",
         advice="Logging in with a password is switched off for this mailbox or tenant, or the password is wrong: use "
         "access_token."),
)  # fmt: skip
