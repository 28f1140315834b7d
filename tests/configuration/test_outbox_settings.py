"""Where the outbox is, and the keys that seal what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration import Configuration
from notify.configuration.environment import DEFAULT_OUTBOX
from notify.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
outbox: "sqlite:///shared.db"
outbox_key: "${KEY}"
environments:
  development: {transport: file}
  production: {transport: sendgrid, outbox: "${DATABASE_URL}", outbox_key: ["${KEY}", "${OLD_KEY:-old}"]}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """The configuration above."""
    (tmp_path / "notify.yaml").write_text(TEXT, encoding="utf-8")
    return Configuration.load(tmp_path)


def test_an_environment_has_its_own(configuration: Configuration) -> None:
    """Else it has the file's; variables are resolved when they are needed."""
    environ = {"KEY": "new", "DATABASE_URL": "postgresql://db/shop"}
    development = configuration.environment("development", environ)
    production = configuration.environment("production", environ)

    assert ("sqlite:///shared.db", ("new",)) == (development.outbox, development.outbox_keys)
    assert ("postgresql://db/shop", ("new", "old")) == (production.outbox, production.outbox_keys)


def test_variables_go_before_the_file(configuration: Configuration, tmp_path: Path) -> None:
    """NOTIFY_OUTBOX and NOTIFY_OUTBOX_KEY, or the files that they name; several keys are parted by commas or blanks."""
    (tmp_path / "key").write_text("second,third\n", encoding="utf-8")
    environ = {"NOTIFY_OUTBOX": "sqlite:///mine.db", "NOTIFY_OUTBOX_KEY": "first"}
    by_value = configuration.environment("development", environ)
    by_file = configuration.environment("development", {"NOTIFY_OUTBOX_KEY_FILE": str(tmp_path / "key")})

    assert ("sqlite:///mine.db", ("first",)) == (by_value.outbox, by_value.outbox_keys)
    assert ("second", "third") == by_file.outbox_keys


def test_nothing_said(tmp_path: Path) -> None:
    """The outbox is a file beside notify.yaml, and nothing is sealed; an empty variable says nothing."""
    environment = Configuration.default(tmp_path).environment("test", {"NOTIFY_OUTBOX": "", "NOTIFY_OUTBOX_KEY": ""})

    assert (DEFAULT_OUTBOX, ()) == (environment.outbox, environment.outbox_keys)
    assert "sqlite:///.notify/outbox.db" == DEFAULT_OUTBOX


def test_a_variable_that_is_not_set(configuration: Configuration) -> None:
    """It is named with its place, when it is needed."""
    environment = configuration.environment("production", {})

    with pytest.raises(ConfigError, match=r"notify\.yaml:5:\d+: the environment variable DATABASE_URL is not set"):
        _ = environment.outbox
    with pytest.raises(ConfigError, match=r"notify\.yaml:5:\d+: the environment variable KEY is not set"):
        _ = environment.outbox_keys


def test_a_file_that_cannot_be_read(configuration: Configuration, tmp_path: Path) -> None:
    """The variable is named."""
    environment = configuration.environment("development", {"NOTIFY_OUTBOX_KEY_FILE": str(tmp_path / "gone")})

    with pytest.raises(ConfigError, match="the file that NOTIFY_OUTBOX_KEY_FILE names cannot be read"):
        _ = environment.outbox_keys


def test_values_of_another_kind(tmp_path: Path) -> None:
    """Each is a fault with its place, and all are found at once."""
    text = "outbox: [a, b]\noutbox_key: {a: b}\nenvironments:\n  test: {outbox: {a: b}, outbox_key: [[a]]}\n"
    (tmp_path / "notify.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        Configuration.load(tmp_path)
    assert [1, 2, 4, 4] == sorted(fault.location.line for fault in caught.value.faults)
