"""notify.yaml: what it may say, and what is said of a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration import Configuration, find_configuration
from notify.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

FULL = """\
sender: "Acme Shop <hello@acme.example>"
notifications: [notifications, more]
templates: views
attachments: files
plugins: plugins
globals: {shop: {name: Acme, url: "${SHOP_URL:-https://acme.example}"}}
default_locale: fr
default_environment: staging
categories: {digest: {unsubscribe: required}, receipts: {}}
types:
  Money: Decimal
jinja: {sandbox: false}
environments:
  staging:
    transport: sendgrid
    redirect_to: qa@acme.example
    allow: "*@acme.example"
    subject_prefix: "[staging] "
    transports:
      sendgrid: {verified_senders: [staging.acme.example]}
  production: {transport: {failover: [sendgrid, ses]}}
transports:
  sendgrid: {api_key: "${SENDGRID_API_KEY}", verified_senders: [acme.example]}
  ses: {type: smtp, preset: ses}
  relay: "smtp://localhost:25"
  both: {failover: [sendgrid, relay]}
"""


def load(folder: Path, text: str) -> Configuration:
    """Load notify.yaml with this text."""
    (folder / "notify.yaml").write_text(text)
    return Configuration.load(folder)


def faults(folder: Path, text: str) -> list[str]:
    """The faults of notify.yaml with this text."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return [str(fault) for fault in caught.value.faults]


def test_everything_it_may_say(tmp_path: Path) -> None:
    """Each key arrives; paths are below the file's folder."""
    found = load(tmp_path, FULL)

    assert found.base == tmp_path
    assert found.notifications == (tmp_path / "notifications", tmp_path / "more")
    assert found.templates == (tmp_path / "views",)
    assert found.attachments == tmp_path / "files"
    assert found.plugins == (tmp_path / "plugins",)
    assert found.default_locale == "fr"
    assert found.default_environment == "staging"
    assert found.categories["digest"] == "required"
    assert found.categories["receipts"] == "allowed"
    assert found.categories["security"] == "never"
    assert found.types is not None
    assert found.sandbox is False
    assert list(found.environments) == ["staging", "production"]
    assert list(found.shared.transports) == ["sendgrid", "ses", "relay", "both"]


def test_an_empty_mapping_has_the_conventions(tmp_path: Path) -> None:
    """Conventional folders, three environments, the sandbox."""
    found = load(tmp_path, "sender: a@example.com\n")

    assert found.notifications == (tmp_path / "notifications",)
    assert found.templates == (tmp_path / "templates",)
    assert found.attachments == tmp_path / "attachments"
    assert found.plugins == ()
    assert found.sandbox is True
    assert list(found.environments) == ["development", "test", "production"]


def test_all_faults_come_at_once_with_their_places(tmp_path: Path) -> None:
    """Line and column of each, and a suggestion."""
    text = """\
sendr: a@example.com
sender: 5
jinja: {sandbox: no}
default_environment: prod
environments:
  production: {transprt: file}
  other: 5
categories: {digest: {unsubscribe: sometimes}, odd: 5}
transports: {ses: 5}
"""

    assert faults(tmp_path, text) == [
        "notify.yaml:1:1: unknown key 'sendr' (did you mean 'sender'?)",
        'notify.yaml:2:9: sender: expected text, got the number 5 (put it in quotes: "5")',
        "notify.yaml:3:18: sandbox: expected true or false, got 'no' (write true or false, without quotes)",
        "notify.yaml:4:22: there is no environment 'prod' (did you mean 'production'?)",
        "notify.yaml:6:16: unknown key 'transprt' (did you mean 'transport'?)",
        "notify.yaml:7:10: the environment 'other': expected a mapping, got the number 5",
        (
            "notify.yaml:8:36: unsubscribe: 'sometimes' is not one of required, allowed, never "
            "(there are: allowed, never, required)"
        ),
        "notify.yaml:8:53: the category 'odd': expected a mapping, got the number 5",
        "notify.yaml:9:19: the transport 'ses': expected text, got the number 5 (put it in quotes: \"5\")",
    ]


def test_the_null_transport_needs_no_quotes(tmp_path: Path) -> None:
    """`transport: null` can mean nothing else."""
    environment = load(tmp_path, "environments: {test: {transport: null}}\n").environment("test")

    assert list(environment.transports()) == ["null"]


def test_globs_are_ascii_as_addresses_are(tmp_path: Path) -> None:
    """One that can never match would redirect everybody in silence."""
    assert faults(tmp_path, "environments: {test: {allow: ['*@b\u00fccher.example']}}\n") == [
        (
            "notify.yaml:1:30: allow: '*@b\u00fccher.example' matches no address "
            "(addresses have their domain in ASCII: xn--...)"
        )
    ]


def test_the_default_locale_is_a_locale(tmp_path: Path) -> None:
    """It becomes part of file names and of the HTML."""
    assert load(tmp_path, "default_locale: pt_BR\n").default_locale == "pt-BR"
    assert faults(tmp_path, "default_locale: the best\n") == [
        "notify.yaml:1:17: default_locale: 'the best' is not a locale (such as en or pt-BR)"
    ]


def test_a_transport_mapping_without_a_type_is_a_fault(tmp_path: Path) -> None:
    """The four forms are named."""
    text = "environments:\n  production: {transport: {a: 1, b: 2}}\n"

    assert "expected a name, a DSN, {failover: [...]} or {type: ..., ...}" in faults(tmp_path, text)[0]


def test_a_list_is_no_configuration(tmp_path: Path) -> None:
    """Faults of YAML itself have a place too."""
    assert faults(tmp_path, "- a\n")[0].startswith("notify.yaml:1:1: the file: expected a mapping")
    assert faults(tmp_path, "a: 'b\n")[0].startswith("notify.yaml:")


def test_it_is_found_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder deep in the project."""
    (tmp_path / "notify.yaml").write_text("sender: a@example.com\n")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.delenv("NOTIFY_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path / "a" / "b")

    assert find_configuration() == tmp_path / "notify.yaml"


def test_notify_config_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a folder, and an argument wins."""
    (tmp_path / "other.yaml").write_text("sender: a@example.com\n")
    monkeypatch.setenv("NOTIFY_CONFIG", str(tmp_path / "other.yaml"))

    assert find_configuration() == tmp_path / "other.yaml"
    with pytest.raises(ConfigError, match="there is no configuration file"):
        find_configuration(tmp_path)


def test_none_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how to make one."""
    monkeypatch.delenv("NOTIFY_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigError, match="`notify init` makes one"):
        Configuration.load()
