"""The rule about the clients that are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.mails import CONFIGURATION

from notify import Notifier
from notify.checks.rules.css_clients import unknown_client
from notify.checks.whole import Whole
from notify.configuration import Configuration

if TYPE_CHECKING:
    from pathlib import Path


def found_in(folder: Path, clients: str) -> list[str]:
    """What is found where these clients are selected."""
    (folder / "notifications").mkdir()
    (folder / "notify.yaml").write_text(f"{CONFIGURATION}check:\n  clients: {clients}\n")
    whole = Whole.of(Notifier(configuration=Configuration.load(folder)))
    return [f"{each.location}: {each.message} ({each.hint})" for each in unknown_client.check(whole)]


def test_finds_an_unknown_client(tmp_path: Path) -> None:
    """Where it stands, with what was probably meant."""
    (found,) = found_in(tmp_path, "[gmail, outlok]")

    assert "notify.yaml:4:20: the client 'outlok' is not known: expected a family" in found
    assert "(did you mean 'outlook'?)" in found


def test_families_and_platforms_are_known(tmp_path: Path) -> None:
    """As caniemail.com calls them."""
    assert [] == found_in(tmp_path, "[gmail, outlook.windows, hey]")
