"""Where people unsubscribe, the keys of their links, and what a category says about consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notify.configuration import Configuration
from notify.configuration.categories import Category
from notify.configuration.unsubscribing import Unsubscribing
from notify.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
unsubscribe: {url: "https://${HOST}/mail/", keys: ["${KEY}", "${OLD:-old}"], mailto: Leave@Acme.example}
categories:
  digest: {unsubscribe: required, title: Weekly digest, description: What is new.}
  product_news: {consent: opt-in}
environments:
  test: {transport: memory, unsubscribe: {keys: "one, two", lifetime: 2 days}}
  production: {transport: sendgrid}
"""


def read(folder: Path, text: str = TEXT) -> Configuration:
    """What a file says."""
    (folder / "notify.yaml").write_text(text, encoding="utf-8")
    return Configuration.load(folder)


def test_an_environment_is_merged_over_the_file(tmp_path: Path) -> None:
    """Key by key; variables are resolved when they are needed, those of the keys apart."""
    environ = {"HOST": "acme.example", "KEY": "new"}
    configuration = read(tmp_path)
    test, production = (configuration.environment(name, environ) for name in ("test", "production"))

    assert test.unsubscribe == Unsubscribing("https://acme.example/mail", 2 * 86400, "Leave@acme.example")
    assert production.unsubscribe == Unsubscribing("https://acme.example/mail", 90 * 86400, "Leave@acme.example")
    assert (("one", "two"), ("new", "old")) == (test.unsubscribe_keys, production.unsubscribe_keys)
    assert configuration.environment("production", {"HOST": "a.example"}).unsubscribe is not None


def test_variables_go_before_the_file(tmp_path: Path) -> None:
    """NOTIFY_UNSUBSCRIBE_KEYS, or the file that NOTIFY_UNSUBSCRIBE_KEYS_FILE names."""
    (tmp_path / "key").write_text("third\n", encoding="utf-8")
    configuration = read(tmp_path)
    by_value = configuration.environment("production", {"NOTIFY_UNSUBSCRIBE_KEYS": "first second"})
    by_file = configuration.environment("test", {"NOTIFY_UNSUBSCRIBE_KEYS_FILE": str(tmp_path / "key")})

    assert (("first", "second"), ("third",)) == (by_value.unsubscribe_keys, by_file.unsubscribe_keys)


def test_nothing_said(tmp_path: Path) -> None:
    """There are no pages and no keys."""
    environment = Configuration.default(tmp_path).environment("test", {})

    assert (False, None, ()) == (environment.unsubscribes, environment.unsubscribe, environment.unsubscribe_keys)


def test_what_is_found_only_when_it_is_needed(tmp_path: Path) -> None:
    """A variable that is not set, or holds no address of pages; each with its place."""
    configuration = read(tmp_path)

    with pytest.raises(ConfigError, match=r"notify\.yaml:1:\d+: the environment variable HOST is not set"):
        _ = configuration.environment("production", {}).unsubscribe
    with pytest.raises(ConfigError, match=r"notify\.yaml:1:\d+: the environment variable KEY is not set"):
        _ = configuration.environment("production", {}).unsubscribe_keys
    with pytest.raises(ConfigError, match=r"notify\.yaml:1:\d+: unsubscribe: expected https:// with a host"):
        _ = configuration.environment("production", {"HOST": "a b"}).unsubscribe
    with pytest.raises(ConfigError, match=r"notify\.yaml:1:\d+: unsubscribe: expected url"):
        _ = read(tmp_path, "unsubscribe: {keys: x}").environment("test", {}).unsubscribe


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("unsubscribe: https://acme.example", "notify.yaml:1:14: unsubscribe: expected a mapping"),
        ("unsubscribe: {url: http://acme.example}", "notify.yaml:1:20: unsubscribe: url: expected https://"),
        ('unsubscribe: {url: "https://acme.example/?a=b"}', "notify.yaml:1:20: unsubscribe: url: expected https://"),
        ("unsubscribe: {lifetime: soon}", "notify.yaml:1:25: unsubscribe: lifetime: expected a number and a unit"),
        ("unsubscribe: {mailto: acme}", "notify.yaml:1:23: unsubscribe: mailto: address 'acme'"),
        ("unsubscribe: {key: x}", "notify.yaml:1:15: unknown key 'key' (did you mean 'keys'?)"),
        ("unsubscribe: {keys: {a: b}}", "notify.yaml:1:21: unsubscribe: keys: expected"),
        ("categories: {a: {consent: maybe}}", "notify.yaml:1:27: consent: 'maybe' is not one of opt-out, opt-in"),
        (
            "categories: {a: {unsubscribe: never, consent: opt-in}}",
            "notify.yaml:1:38: the category 'a' says `unsubscribe: never`, so that nobody chooses (remove `consent`)",
        ),
        (
            "feedback: false\ncategories: {a: {consent: opt-in}}",
            "notify.yaml:2:27: the category 'a' says `consent: opt-in`, and nothing says who asked for its mails",
        ),
    ],
)
def test_faults(tmp_path: Path, text: str, fault: str) -> None:
    """Each with its place, when the file is read."""
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)

    assert fault in str(caught.value)


def test_categories(tmp_path: Path) -> None:
    """Those of the file, and the built-in ones; a title comes of the name."""
    configuration = read(tmp_path)
    names = ("digest", "product_news", "security", "marketing")

    assert [
        Category("digest", "required", title="Weekly digest", description="What is new."),
        Category("product_news", "allowed", opt_in=True, title="Product news"),
        Category("security", "never", title="Security"),
        Category("marketing", "required", title="Marketing"),
    ] == [configuration.category(name) for name in names]
    assert [False, False, True, False] == [configuration.category(name).must_deliver for name in names]
    assert Configuration.default(tmp_path).category("marketing").unsubscribe == "required"
