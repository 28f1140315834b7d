"""The log in the preview: looked at, by what is searched, and to the outbox and back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from log.logged import ONE, a_record, an_event, put
from outbox import operated
from preview.serving import previewed

from notify.feedback import Kind
from notify.log import LogSink, Status
from notify.people import People

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from preview.serving import Site

    from notify.database import Database

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def logging_project(project: Path) -> Path:
    """The project, which logs."""
    with (project / "notify.yaml").open("a", encoding="utf-8") as file:
        file.write("feedback: {log: true}\n")
    return project


@pytest.fixture
def site(logging_project: Path, database: Database) -> Iterator[Site]:
    """Where its preview is."""
    assert database.dialect
    with previewed(logging_project) as found:
        yield found.site


def people(site: Site, path: str = "") -> list[str]:
    """The recipients of the entries that a page lists."""
    return [each["person"].partition("@")[0] for each in site.api(f"/log{path}")["entries"]]


def test_the_list(site: Site, database: Database) -> None:
    """The newest first, by status, by what is searched; counts stand beside."""
    put(
        database,
        *(a_record(status, person=f"{status}@example.com") for status in (Status.SENT, Status.FAILED)),
        a_record(Status.SENT, person="zoe@acme.example", message_id="<2@acme.example>", notification="billing.paid"),
    )
    LogSink(database, People()).record(
        [
            an_event(1, Kind.BOUNCED, recipient="sent@example.com", reason=HOSTILE),
            an_event(2, recipient="x@example.com"),
        ]
    )
    page = site.get("/log").text
    first = site.api("/log")["entries"][0]["id"]

    assert {"zoe", "failed", "sent"} == set(people(site))
    assert "zoe" == people(site)[0]
    assert ["sent"] == people(site, "?status=bounced") == people(site, "?status=bounced&q=*@EXAMPLE.com")
    assert ["zoe"] == people(site, "?q=billing.*") == people(site, f"?q={first}") == people(site, "?q=zoe@acme.example")
    assert {"sent", "failed"} == set(people(site, f"?q={quote(ONE)}"))
    assert [] == people(site, f"?status=failed&q={first}")
    assert 3 == len(people(site, "?status=nonsense"))
    assert ("Bounced 1" in page, "Delivered" in page, HOSTILE in page) == (True, False, False)
    assert "1 of pigeon about messages that are not in the log." in page
    assert {"pigeon": 1} == site.api("/log")["stats"]["unknown"]


def test_page_by_page(site: Site, database: Database) -> None:
    """Fifty a page."""
    put(database, *(a_record(person=f"p{number:02}@example.com") for number in range(51)))
    document = site.api("/log")
    last = document["entries"][-1]["id"]

    assert (50, last) == (len(document["entries"]), document["before"])
    assert f"/log?status=&amp;q=&amp;before={last}" in site.get("/log").text
    assert ["p00"] == people(site, f"?before={last}")
    assert None is site.api(f"/log?before={last}")["before"]


def test_an_entry(site: Site, database: Database) -> None:
    """Its events in the order of time, its other recipients, its job and back; nothing of it is taken for HTML."""
    job = operated.put(database, state="sent")
    put(database, a_record(notification="hello", job=job), a_record(person="bob@example.com", job=job))
    LogSink(database, People()).record(
        [an_event(3, Kind.BOUNCED, reason=HOSTILE, code=550), an_event(1, Kind.QUEUED), an_event(2, machine=True)]
    )
    bob, ada = (each["id"] for each in site.api("/log")["entries"])
    page = site.get(f"/log/{ada}").text
    document = site.api(f"/log/{ada}")

    assert ["queued", "delivered", "bounced"] == [event["kind"] for event in document["events"]]
    assert page.index("event-1") < page.index("event-2") < page.index("event-3")
    for words in (
        f'href="/outbox/{job}"',
        f'href="/log/{bob}"',
        'href="/n/hello"',
        "bounced, hard",
        "by a machine",
        "id at pigeon",
    ):
        assert words in page
    assert HOSTILE not in page
    assert f'href="/log?q={quote(ONE)}"' in site.get(f"/outbox/{job}").text


def test_what_there_is_not(site: Site) -> None:
    """An entry that is not there is 404, as a word or as JSON."""
    for path in ("/999", "/x", "/" + "9" * 40):
        assert 404 == site.get(f"/log{path}").status
    assert {"error": "there is no such entry"} == site.api("/log/999")
    assert "Nothing was logged yet." in site.get("/log").text


def test_the_way_there(site: Site) -> None:
    """Every page leads to a log that is there."""
    assert 'href="/log"' in site.get("/").text


def test_hashed(logging_project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address finds its entries, a part of one none, which is said beside the search; so is a missing key."""
    file = logging_project / "notify.yaml"
    file.write_text(file.read_text().replace("{log: true}", "{addresses: hashed}"), encoding="utf-8")
    name = People("0123456789abcdef").name("ada@example.com")
    put(database, a_record(person=name))
    with previewed(logging_project) as preview:
        without = preview.site.get("/log")
    monkeypatch.setenv("NOTIFY_FEEDBACK_KEY", "0123456789abcdef")
    with previewed(logging_project) as preview:
        found = preview.site.api("/log?q=ADA@example.com")["entries"]
        part, told = preview.site.get("/log?q=*@example.com"), preview.site.api("/log?q=*@example.com")

    assert (422, True, True) == (part.status, "give a whole one" in part.text, 'id="search"' in part.text)
    assert "give a whole one" in told["error"]
    assert (422, True) == (without.status, "NOTIFY_FEEDBACK_KEY" in without.text)
    assert [name] == [each["person"] for each in found]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_none_is_made_by_looking(logging_project: Path, tmp_path: Path, url: str) -> None:
    """Where there is none no page leads there."""
    with previewed(logging_project) as preview:
        pages = [preview.site.get(path) for path in ("/", "/log", "/log/1", "/api/log")]

    assert [200, 404, 404, 404] == [page.status for page in pages], url
    assert 'href="/log"' not in pages[0].text
    assert not (tmp_path / "outbox.db").exists()


def test_a_project_that_logs_nothing(project: Path, database: Database) -> None:
    """No page leads to a log that stays empty."""
    assert database.dialect
    with previewed(project) as preview:
        page = preview.site.get("/")

    assert (True, False) == ('href="/outbox"' in page.text, 'href="/log"' in page.text)


def test_without_the_extra(logging_project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page leads to a log that cannot be read."""
    assert database.dialect
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with previewed(logging_project) as preview:
        page = preview.site.get("/")

    assert (200, False) == (page.status, 'href="/log"' in page.text)
