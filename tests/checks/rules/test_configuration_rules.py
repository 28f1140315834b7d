"""Rules about notify.yaml, and whether a transport can carry the mails."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from checks.mails import DEFINITION, mail_of, told
from checks.wholes import told_of, whole_of

from notify.checks.rules import configuration, configuration_carrying

if TYPE_CHECKING:
    from pathlib import Path

    from notify.checks.mail import Mail

RULES = {each.id: each for module in (configuration, configuration_carrying) for each in module.RULES}
HEAD = (
    "sender: Acme <hello@acme.example>\ntransports:\n"
    "  sendgrid: {api_key: '${SENDGRID_API_KEY}', verified_senders: [acme.example]}\n"
)
PIGEON = """
from notify import Capabilities, Transport, hookimpl

class Pigeon(Transport):
    capabilities = Capabilities(max_bytes=2000, max_recipients=2)

    def send(self, message):
        return self.receipt(message)

    def objection(self, message):
        if message.sender.domain != "acme.example":
            return "it does not know the sender"
        return "it cannot carry a list" if "<li>" in (message.html or "") else None

@hookimpl
def notify_transports():
    return {"pigeon": Pigeon}
"""
FLYING = "sender: a@acme.example\nplugins: plugins\nenvironments: {development: {transport: pigeon}}\n"


def flying(folder: Path, html: str = "<p>Hi</p>", definition: str = DEFINITION, sender: str = "a@acme.example") -> Mail:
    """A mail of a project whose transport is of its own."""
    files = {"notify.yaml": FLYING.replace("a@acme.example", sender), "plugins/pigeon.py": PIGEON}
    return mail_of(folder, html, definition=definition, files=files)


def test_variables_that_are_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the environment and of the transports that it uses."""
    settings = (
        "sender: '${SENDER}'\nenvironments:\n  production:\n"
        "    transport: {failover: [sendgrid, ses]}\n    redirect_to: '${QA:-qa@acme.example}'\n"
        "transports:\n  sendgrid: {api_key: '${SG_KEY}'}\n"
        "  ses: {type: smtp, password: '${SES_KEY}'}\n  other: {type: smtp, password: '${OTHER}'}\n"
    )
    monkeypatch.setenv("SES_KEY", "x")
    whole = whole_of(tmp_path, {"notify.yaml": settings}, "production")
    assert told_of(RULES["cfg-unset-variable"], whole) == [
        "notify.yaml:1 warning the environment variable SENDER is not set",
        "notify.yaml:7 warning the environment variable SG_KEY is not set",
    ]
    monkeypatch.setenv("SENDER", "a@acme.example")
    monkeypatch.setenv("SG_KEY", "x")
    assert told_of(RULES["cfg-unset-variable"], whole) == []


@pytest.mark.parametrize(
    ("environments", "found"),
    [
        (
            (
                "  a: {transport: sendgrid}\n  b: {transport: 'memory:'}\n"
                "  c: {transport: {failover: [sendgrid, smtp]}}\n  d: {}\n"
            ),
            [],
        ),
        (
            "  a: {transport: memory}\n  b:\n    transport: sendgird\n",
            ["notify.yaml:7 error there is no transport 'sendgird'"],
        ),
        ("  a: {transport: {failover: [sendgrid, sess]}}\n", ["notify.yaml:5 error there is no transport 'sess'"]),
        ("  a: {transport: 'failover(sendgrid sess)'}\n", ["notify.yaml:5 error there is no transport 'sess'"]),
        (
            "  a: {transport: 'pigeon://x'}\n  b: {transport: 'smtp:#'}\n",
            ["notify.yaml:5 error there is no transport 'pigeon'"],
        ),
        (
            "  a: {transport: 'smtps://x', transports: {y: {type: smpt}}}\n",
            ["notify.yaml:5 error there is no transport 'smpt'"],
        ),
        ("  a: {transport: '${ANY}'}\n", []),
    ],
)
def test_transports_that_there_are_not(tmp_path: Path, environments: str, found: list[str]) -> None:
    """In any environment, at its line."""
    settings = f"{HEAD}environments:\n{environments}  fine: {{transport: memory}}\n"
    whole = whole_of(tmp_path, {"notify.yaml": settings}, "fine")
    assert told_of(RULES["cfg-unknown-transport"], whole) == found


def test_a_name_that_was_meant(tmp_path: Path) -> None:
    """It is told."""
    settings = HEAD + "environments: {fine: {transport: memory}, a: {transport: sendgird}}\n"
    whole = whole_of(tmp_path, {"notify.yaml": settings}, "fine")
    assert [each.hint for each in RULES["cfg-unknown-transport"].check(whole)] == ["did you mean 'sendgrid'?"]


def test_senders_that_nobody_has_verified(tmp_path: Path) -> None:
    """Of notify.yaml, of the environment and of definitions; without any key."""
    files = {
        "notify.yaml": HEAD + "environments:\n  production:\n    transport: sendgrid\n    sender: a@other.example\n",
        "notifications/a.yaml": "subject: Hi\nsender: a@acme.example\n",
        "notifications/b.yaml": "subject: Hi\nsender: b@mail.acme.example\nreply_to: c@elsewhere.example\n",
    }
    told_now = told_of(RULES["cfg-unverified-sender"], whole_of(tmp_path, files, "production"))
    assert [each.partition(":")[2][:60] for each in told_now] == [
        "7 error the sender a@other.example is not verified: verified_se"[:60],
        "2 error the sender b@mail.acme.example is not verified: verifi"[:60],
    ]


def test_verified_senders_of_a_group(tmp_path: Path) -> None:
    """Each of its transports counts, and one that says nothing takes all."""
    settings = (
        f"{HEAD}  smtp: {{host: mail.acme.example}}\n"
        "environments: {production: {transport: {failover: [sendgrid, smtp]}}}\n"
    )
    whole = whole_of(tmp_path, {"notify.yaml": settings}, "production")
    assert [each.name for each in whole.carriers] == ["sendgrid", "smtp"]
    assert told_of(RULES["cfg-unverified-sender"], whole) == []


def test_a_transport_that_cannot_be_made_is_none(tmp_path: Path) -> None:
    """What is wrong with it is found elsewhere."""
    whole = whole_of(
        tmp_path, {"notify.yaml": HEAD + "environments: {production: {transport: sendgird}}\n"}, "production"
    )
    assert whole.transport is None
    assert whole.carriers == ()


def test_what_a_transport_cannot_do(tmp_path: Path) -> None:
    """Tags, sizes, recipients and letters of addresses."""
    definition = (
        "subject: Hi\nparams: {}\ntags: [a, b]\ncc: [b@acme.example, c@acme.example]\n"
        "reply_to: ü@acme.example\nsamples: {default: {}}\n"
    )
    mail = flying(tmp_path, "<p>Hello</p>" * 200, definition)
    size = len(mail.octets)
    assert told(RULES["cfg-missing-capability"], mail) == [
        "notifications/x.yaml:3 warning the transport pigeon does not hand on tags: a, b",
        "notifications/x.yaml:4 error the mail has 3 recipients, and the transport pigeon takes 2",
        f"notifications/x.yaml:1 error the mail has {size:,} octets, and the transport pigeon takes 2,000",
        "notifications/x.yaml:5 warning ü@acme.example needs a server with SMTPUTF8 (RFC 6531), which few offer",
    ]


def test_metadata_of_a_plugin(tmp_path: Path) -> None:
    """They are not handed on either."""
    mail = flying(tmp_path)
    assert told(RULES["cfg-missing-capability"], mail) == []
    mail = dataclasses.replace(mail, message=mail.message.replace(metadata={"order": "1"}))
    assert told(RULES["cfg-missing-capability"], mail) == [
        "notifications/x.yaml:1 warning the transport pigeon does not hand on metadata: order"
    ]


@pytest.mark.parametrize(
    ("transport", "found"),
    [
        (
            "{type: smtp, host: mail.acme.example}",
            ["notifications/x.yaml:5 warning the options of sendgrid mean nothing to the transport smtp"],
        ),
        ("sendgrid", []),
        ("memory", []),
    ],
)
def test_options_of_another_provider(tmp_path: Path, transport: str, found: list[str]) -> None:
    """They change nothing; a transport for development says nothing of them."""
    files = {"notify.yaml": HEAD + f"environments: {{development: {{transport: {transport}}}}}\n"}
    mail = mail_of(tmp_path, "<p>Hi</p>", definition=DEFINITION + "options: {sendgrid: {ip_pool: shop}}\n", files=files)
    assert told(RULES["cfg-foreign-options"], mail) == found


@pytest.mark.parametrize(
    ("html", "sender", "found"),
    [
        ("<p>Hi</p>", "a@acme.example", []),
        (
            "<ul><li>Hi</li></ul>",
            "a@acme.example",
            ["notifications/x.yaml:1 error the transport pigeon: it cannot carry a list"],
        ),
        ("<ul><li>Hi</li></ul>", "a@other.example", []),
    ],
)
def test_what_a_transport_objects_to(tmp_path: Path, html: str, sender: str, found: list[str]) -> None:
    """Of the mail; what it says of the sender alone is found for the project."""
    assert told(RULES["cfg-refused"], flying(tmp_path, html, sender=sender)) == found


def test_a_mail_whose_transport_cannot_be_made(tmp_path: Path) -> None:
    """What is wrong with it is found elsewhere."""
    files = {"notify.yaml": HEAD + "environments: {development: {transport: sendgird}}\n"}
    definition = DEFINITION + "tags: [a]\noptions: {sendgrid: {ip_pool: shop}}\n"
    mail = mail_of(tmp_path, "<p>Hi</p>", definition=definition, files=files)
    for rule in configuration_carrying.RULES:
        assert told(rule, mail) == []


def test_a_sample_to_an_address_that_few_servers_take(tmp_path: Path) -> None:
    """It is told at the sample."""
    definition = "subject: Hi\nparams: {}\nsamples:\n  default:\n    to: ü@acme.example\n"
    assert told(RULES["cfg-missing-capability"], flying(tmp_path, definition=definition)) == [
        "notifications/x.yaml:5 warning ü@acme.example needs a server with SMTPUTF8 (RFC 6531), which few offer"
    ]


def test_a_transport_that_is_made_of_itself(tmp_path: Path) -> None:
    """And one that cannot be read: the variables are found all the same."""
    settings = (
        "environments: {production: {transport: a}}\n"
        "transports:\n  a: {type: failover, transports: [c, a, 'smtp://x y']}\n"
        "  c: b\n  d: 'failover(x'\n"
        "  b: {type: smtp, password: '${NO_PASSWORD}'}\n"
    )
    whole = whole_of(tmp_path, {"notify.yaml": settings}, "production")
    assert told_of(RULES["cfg-unset-variable"], whole) == [
        "notify.yaml:6 warning the environment variable NO_PASSWORD is not set"
    ]
