"""What is kept of what became of mails, and how people are named there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration import Configuration
from notify.configuration.categories import Category
from notify.configuration.feedback import Feedback
from notify.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
feedback: {keep: "${KEEP:-90 days}", addresses: hashed, key: "${KEY}", groups: {"17": news}}
categories:
  news: {unsubscribe: required}
  order: {unsubscribe: never, suppression: heed}
  alarm: {suppression: pass}
environments:
  development: {transport: memory, feedback: false}
  test: {transport: memory, feedback: {log: false, addresses: clear}}
  staging: {transport: memory, feedback: true}
  production: {transport: sendgrid}
"""
KEY = "a key of some length"


def read(folder: Path, text: str = TEXT) -> Configuration:
    """What a file says."""
    (folder / "notify.yaml").write_text(text, encoding="utf-8")
    return Configuration.load(folder)


def test_an_environment_is_merged_over_the_file(tmp_path: Path) -> None:
    """Key by key; true takes the file's as it is, and false nothing."""
    configuration = read(tmp_path)
    names = ("development", "test", "staging", "production")
    off, test, staging, production = (configuration.environment(name, {}).feedback for name in names)

    assert off is None
    assert test == Feedback(False, 90 * 86400, "clear", {"17": "news"}, clear_logs=True)  # noqa: FBT003 - as it is read
    assert staging == production == Feedback(keep=90 * 86400, addresses="hashed", groups={"17": "news"})
    assert configuration.environment("staging", {"KEEP": "2 days"}).feedback == Feedback(
        keep=2 * 86400, addresses="hashed", groups={"17": "news"}
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("", None), ("feedback: true", Feedback()), ("feedback: {}", Feedback())]
)
def test_all_by_default(tmp_path: Path, text: str, expected: Feedback | None) -> None:
    """True and an empty mapping say the same; nothing is kept where nothing is said."""
    assert expected == read(tmp_path, f"sender: a@acme.example\n{text}\n").environment("test", {}).feedback


def test_people_are_named_by_their_address_or_by_a_hash(tmp_path: Path) -> None:
    """The hash depends on the key alone, which a variable or its file gives before the file does."""
    configuration = read(tmp_path)
    (tmp_path / "key").write_text(f"{KEY}\n", encoding="utf-8")
    clear = configuration.environment("test", {}).people
    by_file = configuration.environment("production", {"KEY": KEY}).people
    by_variable = configuration.environment("production", {"NOTIFY_FEEDBACK_KEY_FILE": str(tmp_path / "key")}).people
    other = configuration.environment("production", {"KEY": "another key of some length"}).people

    assert clear.name("Ada@Example.com") == "ada@example.com"
    hashed = by_file.name("Ada@Example.com")
    assert hashed.startswith("h:")
    assert len(hashed) == 34
    assert hashed == by_variable.name("ada@example.com") == by_file.name(hashed)
    assert other.name("ada@example.com") != hashed
    assert "ada" not in hashed


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "the environment variable KEY is not set"),
        ({"KEY": ""}, "there is no key: set NOTIFY_FEEDBACK_KEY"),
        ({"KEY": "short"}, "has 5 characters, expected at least 16"),
    ],
    ids=["unset", "empty", "short"],
)
def test_hashed_addresses_need_a_key(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    """One that cannot be guessed."""
    environment = read(tmp_path).environment("production", environ)

    with pytest.raises(ConfigError, match=words):
        _ = environment.people


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "feedback: 7",
            "1:11: feedback: expected true, false or a mapping with log, keep, addresses, key, groups, got the number",
        ),
        ("feedback: [true]", "1:11: feedback: expected true, false or a mapping with"),
        ("feedback:", "groups, got nothing"),
        ("feedback: yes", "groups, got 'yes' (write true or false, without quotes)"),
        ("feedback: {kept: 1 day}", "1:12: unknown key 'kept'"),
        ("feedback: {keep: soon}", "1:18: feedback: keep: "),
        ("feedback: {addresses: plain}", "1:23: feedback: addresses: 'plain' is not one of"),
        (
            "feedback: {groups: {'1': letters}}",
            "1:26: feedback: groups: 1: there is no category 'letters' (there are: marketing, security, transactional)",
        ),
        ("feedback: {keep: 90}", "1:18: feedback: keep: expected a number and a unit, got 90 (such as 90 days)"),
        ("feedback: {keep: true}", "1:18: feedback: keep: expected text, got true"),
        ("feedback: {groups: {'1': 2}}", "1:26: feedback: groups: 1: expected text, got the number 2"),
        ("feedback: {log: yes}", "1:17: feedback: log: expected true or false"),
        ("categories: {news: {suppression: ignore}}", "1:34: suppression: 'ignore' is not one of"),
    ],
    ids=[
        "number",
        "list",
        "nothing",
        "yes",
        "key",
        "keep",
        "addresses",
        "groups",
        "unit",
        "truth",
        "group",
        "log",
        "category",
    ],
)
def test_what_is_wrong_has_its_place(tmp_path: Path, text: str, words: str) -> None:
    """And says what was expected."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)

    assert words in str(caught.value)


def test_a_value_from_a_variable_that_is_wrong(tmp_path: Path) -> None:
    """It is found when the environment is used."""
    environment = read(tmp_path).environment("production", {"KEEP": "soon"})

    with pytest.raises(ConfigError, match=r"notify\.yaml:1:11: feedback: "):
        _ = environment.feedback


def test_categories_and_the_suppression_list(tmp_path: Path) -> None:
    """Mails that have to arrive pass it, unless their category says otherwise."""
    configuration = read(tmp_path)
    passing = {name: configuration.category(name).passes_suppression for name in configuration.categories}

    assert passing == {
        "transactional": False, "security": True, "marketing": False, "news": False, "order": False, "alarm": True,
    }  # fmt: skip
    assert Category("security", "never").passes_suppression
