"""The project as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.wholes import whole_of

from notify import Notifier
from notify.checks.whole import Whole

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FILES = {
    "notify.yaml": "sender: a@acme.example\nenvironments:\n  production:\n    transport: {failover: [one, two]}\n"
    "transports:\n  one: {type: smtp, host: '${HOST}', username: shop, password: '${NO_PASSWORD}', limits: 10/second}\n"
    "  two: {type: smtp, host: '${NO_HOST:-mail.acme.example}'}\n",
    "notifications/x.yaml": "subject: Hi\nheaders:\n  X-A: b\ntags: [a, b]\n",
}


def test_places_of_keys(tmp_path: Path) -> None:
    """Or the last one on the way, or the first line."""
    whole = whole_of(tmp_path, FILES, "production")
    (definition,) = whole.definitions
    assert whole.at("environments", "production", "transport").line == 4
    assert whole.at("environments", "staging").line == 2
    assert whole.at("nothing").line == 1
    assert str(whole.place(definition, "headers", "X-A")) == "notifications/x.yaml:3:3"
    assert str(whole.place(definition, "headers", "X-B", "c")) == "notifications/x.yaml:2:1"
    assert str(whole.place(definition, "tags", 1)) == "notifications/x.yaml:4:11"
    assert str(whole.place(definition, "cc")) == "notifications/x.yaml:1:1"


def test_transports_are_made_without_secrets(tmp_path: Path) -> None:
    """A variable that is not set stands for its own name, unless it has a default."""
    whole = whole_of(tmp_path, FILES, "production")
    assert whole.transport is not None
    assert [each.name for each in whole.carriers] == ["one", "two"]
    assert [getattr(each, "host", None) for each in whole.carriers] == ["HOST", "mail.acme.example"]


def test_a_project_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has places all the same."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notifications").mkdir()

    whole = Whole.of(Notifier())
    assert whole.root is None
    assert str(whole.at("sender")) == "notify.yaml:1:1"
    assert whole.definitions == ()
