"""Environments: which one holds, what it merges, and that variables wait until they are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.addresses import Address
from notify.configuration import Configuration, Environment, Specification, Transports
from notify.configuration.model import EnvironmentSection
from notify.errors import ConfigError, DefinitionError, Location
from notify.plugins import Plugins

if TYPE_CHECKING:
    from pathlib import Path

    from notify import Transport

TEXT = """\
sender: "${SENDER:-Acme <hello@acme.example>}"
globals: {shop: Acme, url: "https://acme.example"}
environments:
  development: {transport: file, globals: {url: "http://localhost:8000"}}
  test: {transport: memory}
  staging:
    transport: sendgrid
    redirect_to: "${QA}"
    allow: ["*@acme.example"]
    subject_prefix: "[staging] "
    transports:
      sendgrid: {timeout: 5}
      extra: "null:"
  production: {transport: {failover: [sendgrid, ses]}}
  inline: {transport: {type: file, folder: kept}}
  dsn: {transport: "${DSN}"}
  silent: {}
  broken: {redirect_to: nobody, sender: "also nobody"}
  wrong: {transport: sengrid}
  typo: {transport: file, transports: {file: {foldr: x}}}
  badtype: {transport: odd, transports: {odd: {type: pigeon}}}
  loop: {transport: a, transports: {a: {failover: [b]}, b: {failover: [a]}}}
  empty: {transport: a, transports: {a: {type: failover, transports: x}}}
  missing: {transport: "smtp://h:port"}
transports:
  sendgrid: {api_key: "${SENDGRID_API_KEY}", verified_senders: [acme.example]}
  ses: {type: smtp, host: localhost}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """The configuration above."""
    (tmp_path / "notify.yaml").write_text(TEXT)
    return Configuration.load(tmp_path)


def transports(environment: Environment, base: Path, override: str | None = None, **environ: str) -> Transports:
    """The environment's transports, ready to be built."""
    return Transports(environment.transports(override), types=Plugins().transports(), base=base, environ=environ)


def test_the_default_environment_is_development(configuration: Configuration) -> None:
    """Where nothing selects one."""
    assert configuration.environment().name == "development"
    assert configuration.environment("test").name == "test"


def test_an_unknown_environment_lists_those_there_are(configuration: Configuration) -> None:
    """With the nearest, if one is near."""
    with pytest.raises(ConfigError, match=r"there is no environment 'stagin' \(did you mean 'staging'\?\)"):
        configuration.environment("stagin")
    with pytest.raises(ConfigError, match=r"there are: .*production"):
        configuration.environment("xyz")


def test_no_environment_can_be_chosen_for_the_user(tmp_path: Path) -> None:
    """Without `development` and without a default, one must be named."""
    (tmp_path / "notify.yaml").write_text("environments: {a: {}, b: {}}\n")

    with pytest.raises(ConfigError, match="set NOTIFY_ENV, or default_environment in notify"):
        Configuration.load(tmp_path).environment()


def test_globals_merge(configuration: Configuration) -> None:
    """An environment's own win."""
    assert configuration.environment("development").globals == {"shop": "Acme", "url": "http://localhost:8000"}
    assert configuration.environment("test").globals == {"shop": "Acme", "url": "https://acme.example"}


def test_params_may_not_have_the_name_of_any_global(tmp_path: Path) -> None:
    """Also of a global that only one environment has."""
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "a.yaml").write_text("subject: x\nparams: {url: str}\n")
    (tmp_path / "notify.yaml").write_text("environments: {a: {}, b: {globals: {url: x}}}\n")

    with pytest.raises(DefinitionError, match="url"):
        Configuration.load(tmp_path).catalog()


def test_sender_and_policy(configuration: Configuration) -> None:
    """Addresses are read, variables resolved."""
    staging = configuration.environment("staging", {"QA": "QA <qa@acme.example>"})

    assert staging.sender == Address("hello@acme.example", "Acme")
    assert staging.policy.redirect_to == Address("qa@acme.example", "QA")
    assert staging.policy.allow == ("*@acme.example",)
    assert staging.policy.subject_prefix == "[staging] "


def test_a_wrong_address_names_its_place(configuration: Configuration) -> None:
    """File, line and key."""
    broken = configuration.environment("broken", {})

    with pytest.raises(ConfigError, match=r"notify\.yaml:18:25: redirect_to: .*nobody"):
        _ = broken.policy
    with pytest.raises(ConfigError, match=r"notify\.yaml:18:41: sender: "):
        _ = broken.sender


def test_without_a_file_a_wrong_address_is_named(tmp_path: Path) -> None:
    """A configuration may be built by hand."""
    shared = EnvironmentSection({"sender": "nobody"})

    with pytest.raises(ConfigError, match=r"sender: .*nobody"):
        _ = Configuration(base=tmp_path, shared=shared).environment("x").sender


def test_specifications_merge_setting_by_setting() -> None:
    """Unless one of them is a name or a DSN; then the environment's stands alone."""
    place = Location("notify.yaml", 1)
    shared = Specification({"type": "smtp", "host": "a"}, {"": place})

    assert shared.merged(Specification({"host": "b"})).value == {"type": "smtp", "host": "b"}
    assert shared.merged(Specification("null:")).value == "null:"


def test_a_missing_key_does_not_break_development(configuration: Configuration, tmp_path: Path) -> None:
    """`${SENDGRID_API_KEY}` is looked up when the transport is built, not before."""
    development = transports(configuration.environment("development", {}), tmp_path)

    assert development["file"].name == "file"
    with pytest.raises(
        ConfigError, match=r"notify\.yaml:\d+:\d+: the environment variable SENDGRID_API_KEY is not set"
    ):
        _ = development["sendgrid"]


def test_the_default_comes_first(configuration: Configuration) -> None:
    """Then the environment's others."""
    names = list(configuration.environment("staging").transports())

    assert names == ["sendgrid", "ses", "extra"]
    assert next(iter(configuration.environment("silent").transports())) == "sendgrid"
    assert next(iter(configuration.environment("production").transports())) == "failover"
    assert next(iter(configuration.environment("inline").transports())) == "file"


def test_an_environment_adds_to_the_settings(configuration: Configuration, tmp_path: Path) -> None:
    """Settings merge one by one."""
    staging = transports(configuration.environment("staging"), tmp_path, SENDGRID_API_KEY="SG.x")["sendgrid"]
    shown = repr(staging)

    assert "timeout=5.0" in shown
    assert "verified_senders=('acme.example',)" in shown
    assert "SG.x" not in shown


def test_an_override_is_a_name_or_a_dsn(configuration: Configuration, tmp_path: Path) -> None:
    """It stands in for the default and leaves the others."""
    development = configuration.environment("development")

    assert transports(development, tmp_path, "memory").names[0] == "memory"
    assert transports(development, tmp_path, "null:").names[0] == "null"
    assert transports(development, tmp_path, "ses")["ses"].name == "ses"
    group = transports(development, tmp_path, "failover(null: memory)")

    assert repr(group["failover"]).startswith("<Failover 'failover'")


def test_a_dsn_from_a_variable(configuration: Configuration, tmp_path: Path) -> None:
    """The whole transport may come from the environment."""
    found = transports(configuration.environment("dsn", {"DSN": "null:"}), tmp_path)

    assert found[found.names[0]].name == "null"


def test_paths_are_below_the_configuration(configuration: Configuration, tmp_path: Path) -> None:
    """Not below the working directory."""
    found = transports(configuration.environment("inline"), tmp_path)["file"]

    assert str(tmp_path / "kept") in repr(found)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wrong", r"notify\.yaml:\d+:\d+: .*there is no transport 'sengrid' \(did you mean 'sendgrid'"),
        ("typo", r"notify\.yaml:20:\d+: file: unknown setting 'foldr' \(did you mean 'folder'\?\)"),
        ("badtype", r"notify\.yaml:21:\d+: the transport 'odd': there is no transport type 'pigeon'"),
        ("loop", "made of itself"),
        ("empty", r"notify\.yaml:23:\d+: .*takes a list of transports"),
        ("missing", r"DSN"),
    ],
)
def test_a_wrong_transport_is_one_clear_error(
    configuration: Configuration, tmp_path: Path, name: str, said: str
) -> None:
    """It names the place where there is one."""

    def build() -> Transport:
        found = transports(configuration.environment(name), tmp_path)
        return found[found.names[0]]

    with pytest.raises(ConfigError, match=said):
        build()


def test_an_unknown_transport_is_suggested(configuration: Configuration, tmp_path: Path) -> None:
    """Configured ones and types alike."""
    with pytest.raises(ConfigError, match="there is no transport 'memry' \\(did you mean 'memory'\\?\\)"):
        _ = transports(configuration.environment("test"), tmp_path)["memry"]


@pytest.mark.parametrize("secret", ["smtp://user:pass-word@host", "SG." + "k" * 60])
def test_what_may_be_a_secret_is_no_name_to_repeat(configuration: Configuration, tmp_path: Path, secret: str) -> None:
    """A DSN or a key in the place of a transport's name is not shown."""
    with pytest.raises(ConfigError, match="the name of a transport is expected here") as caught:
        _ = transports(configuration.environment("test"), tmp_path)[secret]

    assert secret not in str(caught.value)


def test_a_setting_that_is_a_list_is_no_group(tmp_path: Path) -> None:
    """Also as the only setting, and merged with others; a group of the same form stays one."""
    (tmp_path / "notify.yaml").write_text(
        "environments:\n"
        "  alone: {transport: sendgrid}\n"
        "  merged: {transport: sendgrid, transports: {sendgrid: {api_key: SG.x}}}\n"
        "  group: {transport: both}\n"
        "transports:\n"
        "  sendgrid: {verified_senders: [acme.example]}\n"
        "  both: {failover: [console, memory]}\n"
    )
    configuration = Configuration.load(tmp_path)
    alone = transports(configuration.environment("alone"), tmp_path)
    merged = transports(configuration.environment("merged"), tmp_path)
    group = transports(configuration.environment("group"), tmp_path)

    assert alone.specification("sendgrid").value == {"verified_senders": ["acme.example"]}
    assert merged["sendgrid"].verified_senders == ("acme.example",)  # type: ignore[attr-defined]
    assert repr(group["both"]).startswith("<Failover 'both'")


def test_groups_nest_within_reason(configuration: Configuration, tmp_path: Path) -> None:
    """A few levels are fine; without end they are one clear error."""
    for levels, fine in ((5, True), (50, False)):
        found = transports(configuration.environment("test"), tmp_path, "failover(" * levels + "null:" + ")" * levels)
        if fine:
            assert found["failover"].name == "failover"
        else:
            with pytest.raises(ConfigError, match="nest more than 10 levels deep"):
                _ = found["failover"]


def test_transports_are_built_once_and_closed(configuration: Configuration, tmp_path: Path) -> None:
    """The same object each time, until they are closed."""
    found = transports(configuration.environment("test"), tmp_path)
    first = found["memory"]

    assert found["memory"] is first
    assert list(found) == list(found.names)
    found.close()
    assert found["memory"] is not first


def test_without_a_file_conventions_hold(tmp_path: Path) -> None:
    """A program that needs no notify.yaml has the implied environments."""
    default = Configuration.default(tmp_path)

    assert default.notifications == (tmp_path / "notifications",)
    assert next(iter(default.environment("test").transports())) == "memory"
    assert next(iter(default.environment("staging").transports())) == "sendgrid"
