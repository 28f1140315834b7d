"""Rules about what mails and configuration give away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checks.mails import mail_of, told
from checks.wholes import told_of, whole_of

from notify.checks.rules import security, security_configuration

if TYPE_CHECKING:
    from pathlib import Path

RULES = {each.id: each for module in (security, security_configuration) for each in module.RULES}
OTP = "subject: Sign in\ncategory: security\nparams:\n  code: str{}\nsamples: {{default: {{code: '482913'}}}}\n"
KEY = "SG." + "a" * 22 + "." + "b" * 43
SETTINGS = "sender: a@acme.example\nenvironments:\n  development: {transport: memory}\n"


@pytest.mark.parametrize(
    ("subject", "params", "found"),
    [
        ("Your order {{ v }}", "{v: '482913'}", []),
        ("Your code {{ v }}", "{v: '482913'}", ["the subject shows a code"]),
        ("{{ otp }} for you", "{otp: 'ab12'}", ["the subject shows otp"]),
        ("Welcome {{ password }}", "{password: hunter2}", ["the subject shows password"]),
        ("Your password: hunter2", "{}", ["the subject shows a password"]),
        ("Card 4111 1111 1111 1111", "{}", ["the subject shows the number of a card"]),
        ("Parcel 4111 1111 1111 1112", "{}", []),
        ("Reset your password", "{}", []),
    ],
)
def test_secrets_in_subjects(tmp_path: Path, subject: str, params: str, found: list[str]) -> None:
    """Codes, passwords and numbers of cards."""
    mail = mail_of(tmp_path, "<p>Hi</p>", definition=f"subject: '{subject}'\nsamples: {{default: {params}}}\n")
    assert told(RULES["sec-pii-in-subject"], mail) == [f"notifications/x.yaml:1 warning {each}" for each in found]


def test_a_code_of_marketing_is_a_coupon(tmp_path: Path) -> None:
    """It may be shown."""
    definition = "subject: Your code {{ code }}\ncategory: marketing\nsamples: {default: {code: '20262026'}}\n"
    assert told(RULES["sec-pii-in-subject"], mail_of(tmp_path, "<p>Hi</p>", definition=definition)) == []


@pytest.mark.parametrize(
    ("more", "html", "found"),
    [
        (
            "",
            "<p>{{ code }}</p>",
            ["notifications/x.yaml:4 info the mail has code and does not say for how long it is valid"],
        ),
        ("", "<p>{{ code }}, valid for 10 minutes</p>", []),
        ("", "<p>{{ code }}, 30 Minuten gültig</p>", []),
        ("\n  minutes: {type: int, default: 3}", "<p>{{ code }}, {{ minutes }} min</p>", []),
    ],
)
def test_codes_say_how_long_they_hold(tmp_path: Path, more: str, html: str, found: list[str]) -> None:
    """In any words."""
    assert told(RULES["sec-otp-expiry"], mail_of(tmp_path, html, definition=OTP.format(more))) == found


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ('transports:\n  sendgrid: {api_key: "${SENDGRID_API_KEY}"}\n', []),
        (
            'transports:\n  sendgrid:\n    api_key: "anything"\n',
            ["notify.yaml:6 error the value of api_key is written here"],
        ),
        (
            f'transports:\n  sendgrid: {{api_key: "${{KEY:-{KEY}}}"}}\n',
            ["notify.yaml:5 error an API key of SendGrid is written here"],
        ),
        (
            "transports:\n  a: {type: smtp, host: mail.acme.example, username: shop, password: hunter2}\n",
            ["notify.yaml:5 error the value of password is written here"],
        ),
        ("transports:\n  a: {type: smtp, host: localhost, password: hunter2}\n", []),
        (
            "transports:\n  a: smtp://shop:hunter2@mail.acme.example\n",
            ["notify.yaml:5 error a password is written here"],
        ),
        ("transports:\n  a: 'smtp://shop:${PASSWORD}@mail.acme.example'\n", []),
        ("transports:\n  a: smtp://shop:hunter2@localhost:1025\n", []),
        (f"transports:\n  a: sendgrid://{'k' * 40}@default\n", ["notify.yaml:5 error a key is written here"]),
        (
            "transports:\n  a: {type: failover, transports: ['smtp://shop:hunter2@mail.acme.example', b]}\n",
            ["notify.yaml:5 error a password is written here"],
        ),
        ("types: {Login: {password: str}}\nglobals: {forgot_password: 'Forgot it?'}\n", []),
        ("outbox_key: made-of-chance\n", ["notify.yaml:4 error the value of outbox_key is written here"]),
        ("outbox_key: '${NOTIFY_OUTBOX_KEY}'\nfeedback: {addresses: hashed, key: '${KEY}'}\n", []),
        (
            "outbox_key: ['${NEW}', '${OLD:-old}']\nunsubscribe:\n  url: https://acme.example/\n  keys: anything\n",
            [
                "notify.yaml:4 error the value of outbox_key is written here",
                "notify.yaml:7 error the value of unsubscribe: keys is written here",
            ],
        ),
        (
            f"unsubscribe: {{url: https://acme.example/, keys: [{KEY}]}}\n",
            ["notify.yaml:4 error an API key of SendGrid is written here"],
        ),
        (
            "feedback: {addresses: hashed, key: anything}\n",
            ["notify.yaml:4 error the value of feedback: key is written here"],
        ),
        (f"globals: {{key: {KEY}}}\n", ["notify.yaml:4 error an API key of SendGrid is written here"]),
    ],
)
def test_secrets_in_the_configuration(tmp_path: Path, settings: str, found: list[str]) -> None:
    """At the line where they stand; a variable is none, and neither is a password for this machine."""
    assert told_of(RULES["sec-secret-in-yaml"], whole_of(tmp_path, {"notify.yaml": SETTINGS + settings})) == found


@pytest.mark.parametrize(
    ("transport", "found"),
    [
        pytest.param("memory", 0, id="to nobody"),
        pytest.param("here", 0, id="to nobody by name"),
        pytest.param("relay", 1, id="to people"),
        pytest.param("[memory]", 1, id="a group"),
        pytest.param("nonsense", 1, id="unknown"),
    ],
)
def test_keys_of_an_environment(tmp_path: Path, transport: str, found: int) -> None:
    """Where mail reaches nobody, nobody has a link that a key could guard."""
    text = (
        "sender: a@acme.example\ntransports: {here: {type: file}, relay: {type: smtp, host: mail.acme.example}}\n"
        "environments:\n  default: {transport: memory}\n"
        f"  other: {{transport: {transport}, unsubscribe: {{keys: anything}}}}\ndefault_environment: default\n"
    )
    text = text.replace("[memory]", "{failover: [memory]}")
    told = told_of(RULES["sec-secret-in-yaml"], whole_of(tmp_path, {"notify.yaml": text}))

    assert told == ["notify.yaml:5 error the value of unsubscribe: keys is written here"] * found


def test_secrets_in_definitions(tmp_path: Path) -> None:
    """What looks like a key, wherever it is."""
    files = {
        "notifications/x.yaml": f"subject: Hi\nheaders:\n  X-Key: AKIA{'A' * 16}\nsamples: {{a: {{password: x}}}}\n"
    }
    assert told_of(RULES["sec-secret-in-yaml"], whole_of(tmp_path, files)) == [
        "notifications/x.yaml:3 error an access key of AWS is written here"
    ]


def test_a_security_mail_without_a_code(tmp_path: Path) -> None:
    """It has nothing that could be valid."""
    definition = "subject: New sign-in\ncategory: security\nsamples: {default: {}}\n"
    assert told(RULES["sec-otp-expiry"], mail_of(tmp_path, "<p>Hi</p>", definition=definition)) == []
