"""Amazon SES, Mailgun, Gmail and Microsoft 365: what they reply is understood, and their pages say what holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import a_message

from notify.errors import DeliveryError, RefusedError, TemporaryError, ThrottledError, TransportConfigError
from notify_smtp.presets import PRESETS
from notify_smtp.replies import Interpreter, Reply

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("ses", "mailgun", "gmail", "microsoft365")
USER, TOKEN = "shop@acme.example", "ya29.token-of-oauth"

Case = tuple[str, str, str, type[DeliveryError]]
REPLIES: list[Case] = [
    # Amazon SES: its developer guide, SMTP response codes
    ("ses", "connect", "421 Too many concurrent SMTP connections", ThrottledError),
    ("ses", "mail", "451 Temporary service failure", TemporaryError),
    ("ses", "eod", "451 Timeout waiting for data from client", TemporaryError),
    ("ses", "eod", "454 Throttling failure: Daily message quota exceeded", ThrottledError),
    ("ses", "eod", "454 Throttling failure: Maximum sending rate exceeded", ThrottledError),
    ("ses", "auth", "454 Temporary authentication failure", TemporaryError),
    ("ses", "eod", "454 Temporary service failure", TemporaryError),
    ("ses", "mail", "530 Authentication required", TransportConfigError),
    ("ses", "auth", "535 Authentication Credentials Invalid", TransportConfigError),
    ("ses", "auth", "535 Account not subscribed to SES", TransportConfigError),
    ("ses", "eod", "552 Message is too long.", RefusedError),
    ("ses", "rcpt", "553 <r1@example.org> Invalid email address", RefusedError),
    ("ses", "rcpt", "553 <r1@example.org> address unknown", RefusedError),
    ("ses", "eod", "554 Access denied: User ARN is not authorized to perform ses:SendRawEmail", TransportConfigError),
    ("ses", "eod", "554 Message rejected: Email address is not verified. The following identities failed the check in",
     TransportConfigError),
    # Mailgun lists none: the codes of RFC 5321 decide
    ("mailgun", "auth", "535 5.7.0 Mailgun says no", TransportConfigError),
    ("mailgun", "mail", "530 5.7.1 log in first", TransportConfigError),
    ("mailgun", "mail", "421 not now", TemporaryError),
    ("mailgun", "eod", "451 not now", TemporaryError),
    ("mailgun", "eod", "552 too big", RefusedError),
    ("mailgun", "rcpt", "550 no such user", RefusedError),
    # Gmail: Google Workspace's page of SMTP errors, answer 3726730
    ("gmail", "connect", "421 4.7.0 Try again later", TemporaryError),
    ("gmail", "mail", "421 4.3.0 Temporary system problem", TemporaryError),
    ("gmail", "mail", "421 4.4.5 Server busy", TemporaryError),
    ("gmail", "rcpt", "450 4.2.1 The user is receiving mail too quickly", ThrottledError),
    ("gmail", "mail", "450 4.2.1 Peak SMTP relay limit exceeded", ThrottledError),
    ("gmail", "eod", "451 4.3.0 Mail server temporarily rejected message", TemporaryError),
    ("gmail", "eod", "451 4.4.2 Timeout", TemporaryError),
    ("gmail", "mail", "451 4.5.0 SMTP protocol violation", TemporaryError),
    ("gmail", "rcpt", "452 4.2.2 The recipient's inbox is out of storage space", TemporaryError),
    ("gmail", "rcpt", "452 4.5.3 Too many recipients", TemporaryError),
    ("gmail", "auth", "454 4.7.0 Cannot authenticate due to a temporary system problem", TemporaryError),
    ("gmail", "mail", "530 5.7.0 Authentication Required", TransportConfigError),
    ("gmail", "auth", "534 5.7.9 Application-specific password required", TransportConfigError),
    ("gmail", "auth", "535 5.7.8 Username and Password not accepted", TransportConfigError),
    ("gmail", "eod", "550 5.4.5 Daily user sending limit exceeded", ThrottledError),
    ("gmail", "rcpt", "550 5.4.5 Daily SMTP relay limit exceeded for user", ThrottledError),
    ("gmail", "eod", "550 5.7.1 The message is likely unsolicited", RefusedError),
    ("gmail", "eod", "552 5.3.4 The message exceeds the size limit", RefusedError),
    # Microsoft 365: Exchange Online's limits and announcements
    ("microsoft365", "mail", "432 4.3.2 Concurrent connections limit exceeded", ThrottledError),
    ("microsoft365", "eod", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", ThrottledError),
    ("microsoft365", "eod", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", ThrottledError),
    ("microsoft365", "eod", "554 5.2.2 mailbox full", RefusedError),
    ("microsoft365", "auth", "535 5.7.139 Authentication unsuccessful", TransportConfigError),
    ("microsoft365", "mail", "530 5.7.57 Client not authenticated to send mail", TransportConfigError),
    ("microsoft365", "eod", "550 5.7.60 Client does not have permissions to send as this sender", TransportConfigError),
    ("microsoft365", "auth", "550 5.7.30 Basic authentication is not supported for Client Submission",
     TransportConfigError),
    ("microsoft365", "eod", "554 5.2.252 SendAsDenied; shop@acme.example not allowed to send as hello@acme.example",
     TransportConfigError),
]  # fmt: skip


def settings_of(preset: str) -> dict[str, Any]:
    """The settings that choose a preset."""
    return {"preset": preset, "region": "eu-west-1" if preset == "ses" else None}


def page(name: str) -> str:
    """A page of the manual."""
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def row(name: str, first: str) -> str:
    """The row of a page's tables that begins with this word."""
    return next(line for line in page(name).splitlines() if line.startswith(f"| `{first}` |"))


@pytest.mark.parametrize("case", REPLIES, ids=lambda case: " ".join(case[:3]))
def test_a_reply_comes_out_as_its_error(serve: Serve, connect: Connect, case: Case) -> None:
    """Whatever phase a provider says it in, the caller gets the class, the provider's words and something to do."""
    preset, at, reply, expected = case
    server = serve(rules=[{"at": at, "do": [{"reply": reply}]}])

    with pytest.raises(DeliveryError) as caught:
        connect(server, **settings_of(preset)).send(a_message())

    assert expected is type(caught.value)
    assert reply in str(caught.value)
    assert (caught.value.retry_after is not None) is (expected is ThrottledError)
    assert caught.value.advice or expected is not TransportConfigError
    assert server.messages == []


@pytest.mark.parametrize("preset", ["gmail", "microsoft365"])
def test_a_token_logs_in(serve: Serve, connect: Connect, preset: str) -> None:
    """With `access_token` the login is XOAUTH2, without another setting."""
    server = serve(auth=["LOGIN", "PLAIN", "XOAUTH2"], users={USER: TOKEN}, require_auth=True)

    connect(server, username=USER, password=None, access_token=TOKEN, **settings_of(preset)).send(a_message())

    assert [USER] == [message.user for message in server.messages]
    assert [line for _, line in server.commands if line.startswith("AUTH")] == ["AUTH XOAUTH2 ***"]


@pytest.mark.parametrize("preset", ["gmail", "microsoft365"])
def test_a_token_that_has_expired_is_a_matter_of_configuration(serve: Serve, connect: Connect, preset: str) -> None:
    """The error names the setting that is to be renewed, and not the token."""
    server = serve(auth=["XOAUTH2"], users={USER: "another"}, require_auth=True)

    with pytest.raises(TransportConfigError) as caught:
        connect(server, username=USER, password=None, access_token=TOKEN, **settings_of(preset)).send(a_message())

    assert caught.value.code == 535
    assert "access_token" in caught.value.advice
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("name", PAGES)
def test_what_a_provider_says_is_the_error_that_its_page_names(name: str) -> None:
    """Each reply in a page's table of errors is understood as the table says, in every phase that it may come in."""
    interpreter = Interpreter(name, rules=PRESETS[name].rules)
    table = re.findall(r"^\| (`[0-9].*?) \| `(\w+)` \|", page(name), re.MULTILINE)
    wrong, count = [], 0
    for replies, error in table:
        for code, words in re.findall(r"`(\d{3})([^`]*)`", replies):
            login = code in {"530", "534", "535"} or "uthenticat" in words
            for phase in ("auth",) if login else ("mail", "rcpt", "final"):
                count += 1
                kind = type(interpreter.refusal(phase, Reply(int(code), (words.strip(),))))
                wrong += [(f"{code}{words}", phase, error, kind.__name__)] * (error != kind.__name__)

    assert count > 10
    assert [] == wrong


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_settings_that_the_preset_knows(name: str) -> None:
    """Host, ports, variable and limits of a page are those that are used."""
    preset = PRESETS[name]
    ports = {int(number) for number in re.findall(r"\d+", row(name, "port").partition(". ")[0])}
    hosts = {preset.host, *preset.regions.values()}
    limits = [f"{preset.max_recipients:,}"] if preset.max_recipients else []

    assert {*preset.starttls, *preset.implicit} == ports
    assert [] == [host for host in hosts if f"`{host}`" not in row(name, "host")]
    assert preset.variable is None or f"`{preset.variable}`" in row(name, "password")
    assert [] == [limit for limit in limits if f"| {limit} |" not in page(name)]
    assert preset.max_bytes is None or f"{preset.max_bytes // 2**20} MiB" in page(name)
    assert preset.max_connections is None or f"at most {preset.max_connections} |" in page(name)
    assert [] == [
        header for header in (preset.tag_header, preset.metadata_header) if header and f"`{header}`" not in page(name)
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_short_and_says_what_there_is(name: str) -> None:
    """A page is read in one go, and says that the service is served over SMTP alone."""
    text = " ".join(page(name).split())

    assert len(page(name).splitlines()) <= 150
    assert f"by the transport `smtp` with `preset: {name}`; there is no HTTP transport for it" in text
