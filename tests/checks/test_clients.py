"""The data of caniemail.com, and how it is made."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from notify.checks.clients.features import _BY_HAND, _COMPANIONS, _ELSEWHERE, _GRACEFUL, BREAKING, asked
from notify.checks.clients.support import clients
from notify.configuration.checking import CLIENTS

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def refreshing() -> ModuleType:
    """The tool that makes the data."""
    spec = importlib.util.spec_from_file_location("refresh_caniemail", ROOT / "tools" / "refresh_caniemail.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_feature_has_a_letter_for_every_client() -> None:
    """The data is whole, and carries its date and its licence."""
    data = clients()

    assert 307 == len(data.features)
    assert {len(data.names)} == {len(each.support) for each in data.features.values()}
    assert set("ynau-") == set("".join(each.support for each in data.features.values()))
    assert "2026-05-13" == data.date
    assert "MIT License" in (ROOT / "notify" / "checks" / "clients" / "caniemail.json").read_text()


def test_every_feature_that_is_named_is_there() -> None:
    """A slug that the data no longer has would be forgotten."""
    named = {*_BY_HAND, *BREAKING, *f"{_GRACEFUL} {_COMPANIONS} {_ELSEWHERE}".split()}

    assert set() == named - set(clients().features)
    assert BREAKING <= set(asked())


def test_the_default_clients_are_known() -> None:
    """A family stands for its clients, but for the one that is no longer made."""
    data = clients()

    assert [] == data.unknown(CLIENTS)
    assert ["lotus", "gmail.palm"] == data.unknown(["lotus", "gmail", "gmail.palm", "gmail.ios"])
    assert 14 == len(data.selected(CLIENTS))
    assert ["outlook.android", "outlook.ios", "outlook.macos", "outlook.outlook-com", "outlook.windows"] == [
        data.names[number] for number in data.selected(["outlook"])
    ]


def test_the_share_counts_only_clients_that_were_tested() -> None:
    """And only those without any support."""
    data = clients()
    lacking, share = data.without("css-display-flex", ["outlook.windows", "apple-mail"])

    assert "Outlook (Windows)" == data.listed(lacking)
    assert 1 / 3 == pytest.approx(share)
    assert ([], 0.0) == data.without("css-display-flex", [])


def test_the_tool_keeps_the_latest_version_of_each_client(refreshing: ModuleType) -> None:
    """With the notes that it has, as a letter and clients by note."""
    data: dict[str, Any] = {
        "last_update_date": "2026-05-13 14:45:41 +0000",
        "nicenames": {"family": {"a": "A"}, "platform": {"ios": "iOS"}},
        "data": [
            {
                "slug": "css-x", "title": " x ", "last_test_date": "2023-12-19",
                "stats": {"a": {"ios": {"1": "n", "2": "a #1 #2"}}},
                "notes_by_num": {"1": "Only\n here."},
            },
            {
                "slug": "css-y", "title": "y", "last_test_date": None,
                "stats": {"b": {"web": {"2020-01": "y"}}}, "notes_by_num": None,
            },
        ],
    }  # fmt: skip

    result = refreshing.compact(data, "caniemail 1", "MIT License\n\nCopyright A\n")

    assert {
        "source": "https://www.caniemail.com, by way of the npm package caniemail 1",
        "date": "2026-05-13",
        "licence": [refreshing.COPYRIGHT, "MIT License", "Copyright A"],
        "families": {"a": "A"},
        "platforms": {"ios": "iOS"},
        "clients": ["a.ios", "b.web"],
        "features": {"css-x": ["x", "a-", "2023-12", {"Only here.": [0]}], "css-y": ["y", "-y", "", {}]},
    } == result
