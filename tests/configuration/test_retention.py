"""How long the outbox keeps jobs after their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration import Configuration
from notify.configuration.retention import Retention
from notify.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def configured(folder: Path, text: str) -> Configuration:
    """What a notify.yaml says."""
    (folder / "notify.yaml").write_text(text, encoding="utf-8")
    return Configuration.load(folder)


def test_one_duration() -> None:
    """It is for what nobody needs to look at."""
    assert {"sent": 2592000, "cancelled": 2592000} == Retention.parse("30 days").seconds


def test_by_state() -> None:
    """It is for what it names."""
    assert {"dead": 3600, "sent": 604800} == Retention.parse({"dead": "1h", "sent": "1 week"}).seconds


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a while", "expected a number and a unit"),
        ({"dead": "0d"}, "expected a number"),
        ({"queued": "1d"}, "'queued'"),
    ],
)
def test_what_is_none(given: str | dict[str, str], words: str) -> None:
    """The message says what is expected."""
    with pytest.raises(ValueError, match=words):
        Retention.parse(given)


def test_of_an_environment(tmp_path: Path) -> None:
    """Its own, else the file's, else none; variables are resolved when it is needed."""
    configuration = configured(
        tmp_path,
        "outbox_retention: '${KEEP:-30 days}'\n"
        "environments: {test: {}, production: {outbox_retention: {sent: 1 week, dead: '${KEEP_DEAD}'}}}\n",
    )
    test, production = (
        configuration.environment(name, {"KEEP_DEAD": "90 days"}).outbox_retention.seconds
        for name in ("test", "production")
    )

    assert {"sent": 2592000, "cancelled": 2592000} == test
    assert {"sent": 604800, "dead": 7776000} == production
    assert {} == Configuration.default(tmp_path).environment("test", {}).outbox_retention.seconds


def test_a_variable_that_says_no_duration(tmp_path: Path) -> None:
    """The place in the file is told."""
    configuration = configured(tmp_path, "environments: {test: {outbox_retention: '${KEEP}'}}\n")

    with pytest.raises(ConfigError, match=r"notify\.yaml:1:\d+: outbox_retention: expected a number and a unit"):
        _ = configuration.environment("test", {"KEEP": "ever"}).outbox_retention


def test_all_faults_of_a_file(tmp_path: Path) -> None:
    """Each with its place."""
    text = (
        "outbox_retention: {sent: ever, gone: 1 day, dead: [1]}\n"
        "environments:\n  test: {outbox_retention: 30}\n  other: {outbox_retention: []}\n"
    )
    with pytest.raises(ConfigError) as found:
        configured(tmp_path, text)

    assert [
        (
            "notify.yaml:1:26: outbox_retention: sent: expected a number and a unit, such as 90s, 15m, 1h or 30 days, "
            "got 'ever'"
        ),
        "notify.yaml:1:32: unknown state under outbox_retention 'gone' (there are: cancelled, dead, failed, sent)",
        "notify.yaml:1:51: outbox_retention: dead: expected text, got a list",
        "notify.yaml:3:28: outbox_retention: expected a number and a unit, got 30 (such as 30 days)",
        "notify.yaml:4:29: outbox_retention: expected text, got a list",
    ] == str(found.value).splitlines()
