"""What the doctor says of SendGrid's event webhook, by the API and by the settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from servers.sendgrid_api import KEY, ApiServer, Step
from webhooks.sendgrid_calls import NOW, an_event, body_of, new_key, shown, signed

from notify import ConfigError, Notifier
from notify.catalog import Catalog
from notify.configuration import Configuration
from notify.feedback import WebhookError
from notify_memory import Memory
from notify_sendgrid import SendGridApiTransport
from notify_sendgrid.webhook import SendGridWebhook
from notify_sendgrid.webhook_settings import NEEDED

if TYPE_CHECKING:
    from pathlib import Path

    from notify.diagnosis import Diagnosis

ALL = "/v3/user/webhooks/event/settings/all"
URL = "https://acme.example/webhooks/sendgrid/"
PUBLIC, OTHER = shown(new_key()), shown(new_key())
OURS: dict[str, Any] = {"webhook_url": URL, "webhook_key": [PUBLIC]}


def a_webhook(**more: Any) -> dict[str, Any]:
    """A webhook as SendGrid lists it: on, signed, and telling of all."""
    usual = {"enabled": True, "url": URL, "id": "77d4", "friendly_name": "", "public_key": PUBLIC}
    return {**usual, **dict.fromkeys(NEEDED, True), "open": False, "click": False, **more}


def asked(*listed: object, settings: dict[str, Any], **documents: Any) -> list[Diagnosis]:
    """What is found out about the webhook where the account has these."""
    answers = {ALL: {"max_allowed": 5, "webhooks": list(listed)}}
    more = {f"/v3/user/webhooks/event/settings/signed/{name}": each for name, each in documents.items()}
    with (
        ApiServer(documents={**answers, **more}) as server,
        SendGridApiTransport(name="api", base_url=server.url, api_key=KEY, **settings) as transport,
    ):
        return [each for each in transport.diagnose() if each.check in {"webhook", "webhook-key", "events"}]


def statuses(found: list[Diagnosis]) -> list[tuple[str, str]]:
    """Each check with its status."""
    return [(each.check, each.status) for each in found]


def test_a_webhook_in_order() -> None:
    """It is on, signed with the configured key, and tells of all that matters, whatever other webhooks there are."""
    other = a_webhook(url="http://other.example", public_key="", enabled=False)
    found = asked(other, a_webhook(), settings=OURS)

    assert statuses(found) == [("webhook", "ok"), ("webhook-key", "ok"), ("events", "ok")]
    assert found[0].found == f"SendGrid tells {URL} what becomes of mails"


def test_the_key_alone_finds_the_webhook() -> None:
    """Also one of several, while it is changed."""
    other = a_webhook(url="https://other.example/", public_key=OTHER, delivered=False)
    found = asked(other, a_webhook(), settings={"webhook_key": ["MFk" + OTHER[3:], PUBLIC][1:]})

    assert [each.status for each in found] == ["ok", "ok", "ok"]
    assert found[0].data["url"] == URL


@pytest.mark.parametrize(
    ("listed", "settings", "check", "status", "words", "advice"),
    [
        pytest.param([], OURS, "webhook", "warning", "no event webhook", "Make one", id="none"),
        pytest.param([{}], OURS, "webhook", "warning", "no event webhook", "Make one", id="none as documented"),
        pytest.param([{}], {}, "webhook", "skipped", "no event webhook", "webhooks.md", id="none wanted"),
        pytest.param([a_webhook()], {}, "webhook", "skipped", f"tells {URL}", "webhook_url", id="whose"),
        pytest.param(
            [a_webhook(url="https://x.example/?token=t")], OURS, "webhook", "warning", "there is https://x.example/",
            "correct webhook_url", id="elsewhere",
        ),
        pytest.param(
            [a_webhook(url=URL[:-1])], OURS, "webhook", "warning", f"no event webhook of the account calls {URL}",
            "slash", id="slash",
        ),
        pytest.param([a_webhook(enabled=False)], OURS, "webhook", "warning", "is off", "Switch it on", id="off"),
        pytest.param(
            [a_webhook(url="http://u:p@acme.example/")], {"webhook_key": PUBLIC}, "webhook", "warning",
            "http://acme.example/ in clear", "https", id="in clear",
        ),
        pytest.param(
            [a_webhook(public_key=None)], OURS, "webhook-key", "warning", "not signed", "Switch Signed", id="unsigned"
        ),
        pytest.param(
            [a_webhook(public_key=OTHER)], OURS, "webhook-key", "warning", "another key", f"webhook_key: {OTHER}",
            id="another key",
        ),
        pytest.param(
            [a_webhook()], {"webhook_url": URL}, "webhook-key", "skipped", "webhook_key is not set",
            f"webhook_key: {PUBLIC}", id="no key",
        ),
        pytest.param(
            [a_webhook(bounce=False, spam_report=None)], OURS, "events", "warning",
            "does not tell of bounce, spam_report", "Choose them", id="events",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(
    *, listed: list[Any], settings: dict[str, Any], check: str, status: str, words: str, advice: str
) -> None:
    """As a warning, since mail can be sent all the same, with what to do; nothing secret of an address is shown."""
    found = {each.check: each for each in asked(*listed, settings=settings)}

    assert found[check].status == status
    assert words in found[check].found
    assert advice in found[check].advice
    assert "token" not in str(found)
    assert "u:p" not in str(found)


def test_a_key_that_the_list_does_not_have() -> None:
    """It is asked for by the webhook's id; without one the calls are not signed."""
    listed = {name: value for name, value in a_webhook(id="a/b").items() if name != "public_key"}
    signed_one = asked(listed, settings=OURS, **{"a%2Fb": {"id": "a/b", "public_key": PUBLIC}})
    unsigned = asked(listed, settings=OURS)

    assert statuses(signed_one)[1] == ("webhook-key", "ok")
    assert statuses(unsigned)[1] == ("webhook-key", "warning")


def test_a_key_that_cannot_be_asked_for() -> None:
    """The calls are taken for unsigned; an address that is none is not shown."""
    listed = a_webhook(id="x", url="https://[acme", public_key=7)
    other = a_webhook(id="x", public_key=7)
    listing = Step(status=200, body=json.dumps({"webhooks": [listed, other]}))
    with ApiServer(Step(), Step(), Step(), listing, Step(cut="dropped")) as server:
        transport = SendGridApiTransport(name="api", base_url=server.url, api_key=KEY, **OURS)
        found = [each for each in transport.diagnose() if each.check in {"webhook", "webhook-key", "events"}]

    assert statuses(found)[1] == ("webhook-key", "warning")
    assert asked(listed, settings=OURS)[0].data["webhooks"] == ["an address that is none"]


def test_a_key_that_may_only_send() -> None:
    """It is said that nothing can be known so, and how to look by hand."""
    with ApiServer() as server:
        transport = SendGridApiTransport(name="api", base_url=server.url, api_key=KEY, **OURS)
        found = [each for each in transport.diagnose() if each.check == "webhook"]

    assert [each.status for each in found] == ["skipped"]
    assert "right for a key that only sends" in found[0].found
    assert "user.webhooks.event.settings.read" in found[0].advice


def test_an_api_that_cannot_be_reached() -> None:
    """Says nothing of a webhook either; how to look by hand is said where there is to be one."""
    there = SendGridApiTransport(name="api", base_url="http://127.0.0.1:1", api_key=KEY, **OURS)
    not_there = SendGridApiTransport(name="api", base_url="http://127.0.0.1:1", api_key=KEY)

    assert [("api", "failed"), ("webhook", "skipped")] == [(each.check, each.status) for each in there.diagnose()]
    assert ["api"] == [each.check for each in not_there.diagnose()]


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(Step(status=500), id="broken"),
        pytest.param(Step(status=200, body="<html>"), id="not JSON"),
        pytest.param(Step(status=200, body='{"webhooks": 7}'), id="no list"),
        pytest.param(Step(cut="dropped"), id="no answer"),
    ],
)
def test_an_answer_that_says_nothing(step: Step) -> None:
    """Is no fault of the project."""
    with ApiServer(Step(), Step(), Step(), step) as server:
        transport = SendGridApiTransport(name="api", base_url=server.url, api_key=KEY, **OURS)
        found = [each for each in transport.diagnose() if each.check == "webhook"]

    assert [(each.status, each.found.split(":")[0]) for each in found] == [
        ("skipped", "the event webhook cannot be looked at")
    ]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        pytest.param({"webhook_url": "http://acme.example/"}, "expected where SendGrid calls", id="in clear"),
        pytest.param({"webhook_url": "https://[acme"}, "expected where SendGrid calls", id="no address"),
        pytest.param({"webhook_url": "https://u:p@acme.example/"}, "no user and no password", id="user"),
        pytest.param({"webhook_key": [KEY]}, "it begins with MFkwEwYHKoZI", id="no key"),
        pytest.param({"webhook_key": PUBLIC[:-4]}, "it begins with MFkwEwYHKoZI", id="not whole"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], words: str) -> None:
    """They are refused where they are read."""
    with pytest.raises(ConfigError, match=words):
        SendGridApiTransport(name="api", api_key=KEY, **settings)


CONFIGURATION = f"""\
environments:
  production: {{transport: mail}}
  staging: {{transport: sendgrid, transports: {{sendgrid: {{webhook_key: "{OTHER}, {PUBLIC}"}}}}}}
  bare: {{transport: memory, transports: {{sendgrid: {{webhook_key: ""}}}}}}
  alias: {{transport: mail, transports: {{mail: sendgrid}}}}
  unset: {{transport: memory, transports: {{sendgrid: {{webhook_key: "${{NOT_HERE}}"}}}}}}
  dsn: {{transport: "sendgrid_api://SG.key@default?webhook_key={OTHER.replace("+", "%2B").replace("=", "%3D")}"}}
  wrong: {{transport: memory, transports: {{sendgrid: {{webhook_key: nonsense}}}}}}
default_environment: production
transports:
  mail: {{type: failover, transports: [sendgrid, relay]}}
  relay: {{type: smtp, host: "${{RELAY_HOST}}"}}
  sendgrid: {{api_key: "${{NOT_HERE}}", webhook_key: {PUBLIC}}}
"""


def webhook_of(folder: Path, environment: str, text: str = CONFIGURATION) -> SendGridWebhook:
    """The webhook of a project's environment; its calls may be of any age."""
    (folder / "notify.yaml").write_text(text)
    configuration = Configuration.load(folder)
    notifier = Notifier(configuration=configuration, catalog=Catalog(()), environment=environment)
    return SendGridWebhook.of(notifier, tolerance=float("inf"))


def test_the_key_of_the_configuration(tmp_path: Path) -> None:
    """It stands in notify.yaml once, also beside others, and no other setting's variable is needed for it."""
    key, other = new_key(), new_key()
    text = CONFIGURATION.replace(PUBLIC, shown(key)).replace(OTHER, shown(other))
    found = {name: webhook_of(tmp_path, name, text) for name in ("production", "staging")}
    body = body_of(an_event())

    assert len(found["production"].read(signed(key, body, NOW - 1e9), body).events) == 1
    assert len(found["staging"].read(signed(other, body, NOW - 1e9), body).events) == 1
    with pytest.raises(WebhookError):
        found["production"].read(signed(other, body, NOW - 1e9), body)


def test_the_key_of_a_dsn(tmp_path: Path) -> None:
    """The query of a DSN has settings too; what is configured beside it counts as well."""
    assert len(webhook_of(tmp_path, "dsn")._keys) == 2


def test_the_key_of_an_alias_and_of_a_transport(tmp_path: Path) -> None:
    """A name stands for what it names; a transport that was built elsewhere has its own."""
    transport = SendGridApiTransport(name="mine", api_key=KEY, webhook_key=[PUBLIC])
    notifier = Notifier(catalog=Catalog(()), transport=transport)

    assert len(webhook_of(tmp_path, "alias")._keys) == 1
    assert len(SendGridWebhook.of(notifier)._keys) == 1
    with pytest.raises(ConfigError, match="webhook_key"):
        SendGridWebhook.of(Notifier(catalog=Catalog(()), transport=Memory()))


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        pytest.param("unset", r"notify.yaml:\d+:\d+: the environment variable NOT_HERE is not set", id="unset"),
        pytest.param("bare", "no transport of the environment bare has a webhook_key", id="none"),
        pytest.param("wrong", r"notify.yaml:\d+:\d+: sendgrid: setting 'webhook_key': expected the ver", id="wrong"),
    ],
)
def test_no_key_in_the_configuration(tmp_path: Path, environment: str, words: str) -> None:
    """It is said where it belongs, or where it is wrong."""
    with pytest.raises(ConfigError, match=words):
        webhook_of(tmp_path, environment)
