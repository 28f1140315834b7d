"""The settings of `smtp`: presets, DSNs, and what contradicts what. Nothing here connects."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from servers.scripted import a_message

import notify_smtp
from notify import Capabilities
from notify.dsn import Dsn
from notify.errors import ConfigError, RefusedError
from notify.secret import Secret
from notify.settings import setting
from notify_smtp import SmtpTransport
from notify_smtp.endpoint import Credentials, Endpoint
from notify_smtp.presets import ANY, PRESETS, Preset
from notify_smtp.relay import Relay
from notify_smtp.resolve import resolve
from notify_smtp.ses import smtp_password

if TYPE_CHECKING:
    from pathlib import Path


LOGIN: dict[str, Any] = {"username": "ada", "password": "hunter2"}


def endpoint(**settings: Any) -> Endpoint:
    """The endpoint that these settings describe."""
    return SmtpTransport(name="relay", **settings).endpoint()


def from_dsn(text: str) -> Endpoint:
    """The endpoint that a DSN describes."""
    return endpoint(**SmtpTransport.settings_of_dsn(Dsn.parse(text)))


def test_offers_smtp() -> None:
    """The plugin offers one transport by name, which delivers to real people."""
    assert {"smtp": SmtpTransport} == notify_smtp.notify_transports()
    assert SmtpTransport.capabilities.delivers
    assert SmtpTransport.schemes == ("smtps",)


def test_importing_costs_little() -> None:
    """What opens connections is imported when the first message is sent."""
    code = "import sys, notify_smtp, notify_sendgrid; print(sorted({'ssl', 'socket', 'smtplib'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env={"PYTHONPATH": ":".join(path for path in sys.path if path)})  # fmt: skip

    assert done.stdout.strip() == "[]"


def test_the_plainest_settings() -> None:
    """A host is enough: STARTTLS at 587, nobody logs in."""
    found = endpoint(host="mail.example.com")

    assert (found.host, found.port, found.tls, found.credentials) == ("mail.example.com", 587, "starttls", None)
    assert (found.timeout, found.deadline, found.pool, found.retries) == (30.0, 300.0, 2, 0)
    assert found.messages_per_connection == 100


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("implicit", 465), ("none", 587)])
def test_the_port_follows_the_kind_of_tls(tls: str, port: int) -> None:
    """Each kind of TLS has its usual port."""
    assert port == endpoint(host="mail.example.com", tls=tls).port


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 587, "starttls", None)),
        ("smtp+starttls://u%40x:p%2Fw@mail.example.com:2525", ("mail.example.com", 2525, "starttls", "u@x")),
        ("smtps://u:p@mail.example.com", ("mail.example.com", 465, "implicit", "u")),
        ("smtp+implicit://u:p@mail.example.com", ("mail.example.com", 465, "implicit", "u")),
        ("smtps+implicit://u:p@mail.example.com", ("mail.example.com", 465, "implicit", "u")),
        ("smtp+none://127.0.0.1:25", ("127.0.0.1", 25, "none", None)),
        ("smtp://[::1]:25?tls=none", ("::1", 25, "none", None)),
        ("smtp://:key@default?preset=resend", ("smtp.resend.com", 587, "starttls", "resend")),
        ("smtps://u:p@default?preset=gmail", ("smtp.gmail.com", 465, "implicit", "u")),
    ],
)
def test_a_dsn_says_it_in_one_line(dsn: str, expected: tuple[object, ...]) -> None:
    """Host, port, TLS and login are read from it; `default` is the preset's own host."""
    found = from_dsn(dsn)

    user = found.credentials.username if found.credentials else None
    assert expected == (found.host, found.port, found.tls, user)


def test_a_dsn_s_query_holds_settings() -> None:
    """Anything else is said in the query."""
    found = from_dsn("smtp+starttls://u:p@mail.example.com:587?timeout=10&pool=4&retries=1&messages_per_connection=7")

    assert (found.timeout, found.pool, found.retries, found.messages_per_connection) == (10.0, 4, 1, 7)


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("smtp+tls://mail.example.com", "starttls, implicit, none"),
        ("smtp://mail.example.com/inbox", "a path means nothing"),
        ("smtps://mail.example.com?tls=none", "says twice what tls is"),
        ("smtp://u:p@mail.example.com?username=v", "says twice what username is"),
        ("smtp://mail.example.com?timeut=3", "did you mean 'timeout'"),
        ("smtp://default", "setting 'host' is missing"),
        ("smtps+starttls://mail.example.com", "smtps is TLS from the start"),
        ("smtps+none://mail.example.com", "smtps is TLS from the start"),
    ],
)
def test_a_dsn_that_means_nothing_is_an_error(dsn: str, words: str) -> None:
    """Each contradiction and each part that nobody reads is named."""
    with pytest.raises(ConfigError, match=words):
        from_dsn(dsn)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "'host' is missing"),
        ({"host": "mail example"}, "not the name of a host"),
        ({"host": "https://mail.example"}, "not the name of a host"),
        ({"host": "m\r\nx"}, "not the name of a host"),
        ({"host": "a" * 64 + ".example"}, "not the name of a host"),
        ({"host": "mail.example", "port": 0}, "between 1 and 65535"),
        ({"host": "mail.example", "port": 65536}, "between 1 and 65535"),
        ({"host": "mail.example", "timeout": 0}, "more than 0"),
        ({"host": "mail.example", "deadline": -1}, "more than 0"),
        ({"host": "mail.example", "pool": 0}, "more than 0"),
        ({"host": "mail.example", "retries": -1}, "0 or more"),
        ({"host": "mail.example", "tls": "ssl"}, "starttls | implicit | none"),
        ({"host": "mail.example", "ca_file": "no-such-file.pem"}, "there is no file"),
        ({"host": "mail.example", "local_hostname": "a b"}, "not the name of a host"),
        ({"host": "mail.example", "username": "ada"}, "'password' is missing"),
        ({"host": "mail.example", "password": "secret"}, "'username' is missing"),
        ({"host": "mail.example", "tls": "none", **LOGIN}, "in clear"),
        ({"host": "mail.example", **LOGIN, "access_token": "t"}, "one of password and access_token"),
        ({"host": "mail.example", "username": "a", "access_token": "t", "auth": "plain"}, "for auth: xoauth2"),
        ({"host": "mail.example", "username": "a", "secret_access_key": "k"}, "preset: ses with a region"),
        ({"host": "mail.example", "username": "a\0b", "password": "c"}, "NUL"),
        ({"host": "mail.example", "username": "a", "password": "c\0d"}, "NUL"),
        ({"host": "mail.example", "region": "eu"}, "no region 'eu'"),
        ({"preset": "sendgird"}, "did you mean 'sendgrid'"),
        ({"preset": "gmail", "password": "p"}, "'username' is missing. The user name is the full address"),
        ({"preset": "brevo", "username": "u"}, "so is the environment variable BREVO_SMTP_KEY"),
        ({"preset": "resend", "username": "me", "password": "p"}, "the word 'resend' for everybody"),
        ({"preset": "microsoft365", "tls": "implicit", **LOGIN}, "has no port for tls: implicit"),
        ({"preset": "ses", **LOGIN}, "such as eu-west-1"),
        ({"preset": "ses", "region": "mars", **LOGIN}, "such as eu-west-1"),
        ({"preset": "ses", "region": "eu-west-1", "username": "ASIAX", "password": "p"}, "temporary credentials"),
        ({"preset": "mailgun", "region": "eux", **LOGIN}, "did you mean 'eu'"),
        ({"preset": "gmail", "region": "eu", **LOGIN}, "there are no regions"),
    ],
)
def test_settings_that_make_no_sense_are_errors(
    settings: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are found when the transport is made, named, and never show a secret."""
    monkeypatch.delenv("BREVO_SMTP_KEY", raising=False)

    with pytest.raises(ConfigError) as caught:
        endpoint(**settings)

    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_makes_an_endpoint(name: str) -> None:
    """With a login, and a region where one is needed, each preset says host, port and TLS."""
    preset = PRESETS[name]
    settings: dict[str, Any] = {"password": "secret"}
    if not preset.username and not preset.username_is_secret:
        settings["username"] = "ada"
    if "{region}" in preset.host:
        settings["region"] = "eu-west-1"

    found = endpoint(preset=name, **settings)

    assert found.credentials is not None
    assert "." in found.host
    assert "{" not in found.host
    assert found.port == {"starttls": (*preset.starttls, 0), "implicit": preset.implicit}[preset.tls][0]
    assert found.pool <= (preset.max_connections or 2)


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"preset": "ses", "region": "us-gov-east-1"}, "email-smtp.us-gov-east-1.amazonaws.com"),
        ({"preset": "mailgun"}, "smtp.mailgun.org"),
        ({"preset": "mailgun", "region": "eu"}, "smtp.eu.mailgun.org"),
        ({"preset": "postmark", "region": "broadcast"}, "smtp-broadcasts.postmarkapp.com"),
        ({"preset": "ses", "host": "127.0.0.1"}, "127.0.0.1"),
    ],
)
def test_regions_have_hosts(settings: dict[str, Any], host: str) -> None:
    """A region chooses the host; a host of one's own stands in for any."""
    assert host == endpoint(**LOGIN, **settings).host


def test_a_token_can_be_user_and_password() -> None:
    """Postmark wants its token twice, and nothing shows it."""
    found = endpoint(preset="postmark", password="token-1")

    assert found.credentials is not None
    assert found.credentials.username == "token-1"
    assert "token-1" not in repr(found)


def test_a_user_name_that_is_a_token_is_not_shown() -> None:
    """Neither in the transport's own words nor where its settings are listed; any other user name is."""
    token = SmtpTransport(name="relay", preset="postmark", username="token-1", password="token-2")
    person = SmtpTransport(name="relay", host="mail.example.com", **LOGIN)

    shown = [repr(token), *(f"{getattr(token, name)}" for name in token.declared_settings())]
    found = token.endpoint().credentials
    assert not [text for text in shown if "token-" in text]
    assert "username='ada'" in repr(person)
    assert found is not None
    assert (found.username, found.secret.reveal()) == ("token-1", "token-2")


def test_a_secret_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preset knows the variable that its service's manual names; the setting wins."""
    monkeypatch.setenv("RESEND_API_KEY", "from-environment")

    found, given = endpoint(preset="resend"), endpoint(preset="resend", password="given")

    assert found.credentials is not None
    assert given.credentials is not None
    assert Secret("from-environment") == found.credentials.secret
    assert Secret("given") == given.credentials.secret


def test_too_many_connections_are_capped(caplog: pytest.LogCaptureFixture) -> None:
    """A pool larger than a service allows is cut, and the log says so."""
    with caplog.at_level(logging.WARNING):
        found = endpoint(preset="microsoft365", pool=8, **LOGIN)

    assert found.pool == 3
    assert "Microsoft 365 allows 3 connections" in caplog.text


@pytest.mark.parametrize(
    ("secret", "region", "password"),
    [
        # from the tests of Terraform's AWS provider, which log in with them
        ("some+secret+key", "eu-central-1", "BMXhUYlu5Z3gSXVQORxlVa7XPaz91aGWdfHxvkOZdWZ2"),
        ("another+secret+key", "eu-central-1", "BBbphbrQmrKMx42d1N6+C7VINYEBGI5v9VsZeTxwskfh"),
        ("some+secret+key", "us-west-1", "BH+jbMzper5WwlwUar9E1ySBqHa9whi0GPo+sJ0mVYJj"),
        ("another+secret+key", "us-west-1", "BKVmjjMDFk/qqw8EROW99bjCS65PF8WKvK5bSr4Y6EqF"),
    ],
)
def test_the_password_of_ses(secret: str, region: str, password: str) -> None:
    """It is derived from the secret access key and the region."""
    found = endpoint(preset="ses", region=region, username="AKIAX", secret_access_key=secret)

    assert password == smtp_password(secret, region)
    assert found.credentials is not None
    assert Secret(password) == found.credentials.secret


def test_secrets_are_not_shown() -> None:
    """Neither a transport nor its endpoint shows a password."""
    transport = SmtpTransport(name="relay", host="mail.example.com", **LOGIN)

    assert "hunter2" not in repr(transport)
    assert "hunter2" not in repr(transport.endpoint())


def test_refuses_more_recipients_than_the_service_takes() -> None:
    """The error has both figures, and nothing is connected."""
    transport = SmtpTransport(name="relay", preset="postmark", password="t", host="127.0.0.1", port=1)

    with pytest.raises(RefusedError, match=r"51 recipients, and the service takes 50"):
        transport.send(a_message(*[f"r{n}@example.com" for n in range(51)]))


def test_a_transport_takes_relative_paths_from_its_base(tmp_path: Path) -> None:
    """ca_file is looked for beside the configuration."""
    (tmp_path / "ca.pem").write_text("")

    found = SmtpTransport(name="relay", base=tmp_path, host="mail.example.com", ca_file="ca.pem").endpoint()

    assert tmp_path / "ca.pem" == found.ca_file


@pytest.mark.parametrize(
    ("preset", "headers"),
    [
        ("postmark", [("X-PM-Tag", "orders"), ("X-PM-Metadata-order", "A-1"), ("X-PM-Metadata-n", "2")]),
        ("mailgun", [("X-Mailgun-Tag", "orders"), ("X-Mailgun-Variables", '{"order": "A-1", "n": "2"}')]),
        ("brevo", [("X-Mailin-Tag", "orders"), ("X-Mailin-custom", '{"order": "A-1", "n": "2"}')]),
        ("ses", [("X-SES-MESSAGE-TAGS", "order=A-1, n=2")]),
        ("gmail", []),
    ],
)
def test_tags_and_metadata_go_where_a_service_reads_them(
    preset: str, headers: list[tuple[str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    """Each service has its own headers; a tag too many is left out with a word in the log."""
    transport = SmtpTransport(name="relay", preset=preset, username=None if preset == "postmark" else "u", password="t",
                              region="eu-west-1" if preset == "ses" else None)  # fmt: skip
    message = a_message(tags=("orders", "spring"), metadata={"order": "A-1", "n": "2"})

    prepared = transport.prepare(message)

    assert tuple(headers) == prepared.headers
    assert ("left out: spring" in caplog.text) is (preset not in {"gmail", "ses"})
    assert message.message_id == prepared.message_id


@pytest.mark.parametrize("metadata", [{"order": "A 1"}, {"größe": "1"}, {"order": "1,x=2"}, {"order": ""}])
def test_metadata_that_a_service_would_misread_is_refused(metadata: dict[str, str]) -> None:
    """SES takes letters, digits, _ and - in keys and values; a comma or an equals sign would make another pair."""
    transport = SmtpTransport(name="relay", preset="ses", region="eu-west-1", **LOGIN)

    with pytest.raises(RefusedError, match="Amazon SES takes letters, digits, _ and - only"):
        transport.prepare(a_message(metadata=metadata))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"host": "mail.example.com"}, Capabilities(delivers=True)),
        ({"preset": "brevo"}, Capabilities(delivers=True, tags=True, metadata=True)),
        ({"preset": "postmark"}, Capabilities(
            delivers=True, tags=True, metadata=True, max_bytes=10 * 2**20, max_recipients=50)),
        ({"preset": "ses", "region": "eu-west-1"}, Capabilities(
            delivers=True, metadata=True, max_bytes=40 * 2**20, max_recipients=50)),
        ({"preset": "gmail"}, Capabilities(delivers=True, max_bytes=25 * 2**20, max_recipients=100)),
    ],
)  # fmt: skip
def test_what_it_can_do_follows_from_the_preset(settings: dict[str, Any], expected: Capabilities) -> None:
    """Tags and metadata where the service reads them, and its limits."""
    assert expected == SmtpTransport(name="relay", **LOGIN, **settings).capabilities


def test_one_tag_needs_no_word(caplog: pytest.LogCaptureFixture) -> None:
    """A service that takes one tag takes one without a warning."""
    transport = SmtpTransport(name="relay", preset="postmark", password="t")

    prepared = transport.prepare(a_message(tags=("orders",)))

    assert prepared.headers == (("X-PM-Tag", "orders"),)
    assert caplog.text == ""


def test_another_plugin_builds_on_it() -> None:
    """A provider's own transport says who logs in where, and has all settings and DSNs of SMTP."""
    pigeon = Preset("Pigeon", "smtp.pigeon.example", tag_header="X-Pigeon-Tag", max_bytes=200)

    class Pigeon(Relay):
        """Sends through Pigeon."""

        capabilities = pigeon.capabilities

        token: Secret = setting("The token.")

        def endpoint(self) -> Endpoint:
            """Pigeon's server."""
            return resolve(self, Credentials("pigeon", self.token), pigeon)

        @classmethod
        def settings_of_user(cls, user: str, password: str) -> dict[str, object]:  # noqa: ARG003
            """The token is the user."""
            return {"token": user}

    settings: dict[str, Any] = Pigeon.settings_of_dsn(Dsn.parse("pigeon+implicit://t@127.0.0.1:4650?timeout=3"))
    transport = Pigeon(name="pigeon", **settings)
    message = a_message()

    found = transport.endpoint()
    assert (found.host, found.port, found.tls, found.timeout) == ("127.0.0.1", 4650, "implicit", 3.0)
    assert message is transport.prepare(message)
    assert transport.capabilities.tags
    with pytest.raises(RefusedError, match="the service takes 200"):
        transport.send(message)


def test_a_message_without_tags_stays_as_it_is() -> None:
    """Where there is nothing to add, nothing is."""
    message = a_message(tags=("orders",))
    transport = SmtpTransport(name="relay", host="mail.example.com")

    assert message is transport.prepare(message)
    assert transport.service is ANY
