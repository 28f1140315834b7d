"""The outbox in the preview: looked at, sent again, taken back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from outbox.operated import change, put
from preview.serving import previewed
from working import until

from notify import Notifier
from notify.outbox.job import STATES
from notify.outbox.operating import get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from preview.serving import Preview, Site

    from notify.database import Database

SECRET = "778899"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def preview(project: Path, database: Database) -> Iterator[Preview]:
    """A preview of a project whose outbox is there."""
    assert database.dialect
    with previewed(project) as found:
        until(lambda: found.site.get("/outbox").status == 200, "the database answers")
        yield found


@pytest.fixture
def site(preview: Preview) -> Site:
    """Where it is."""
    return preview.site


def ids(site: Site, path: str = "") -> list[int]:
    """The jobs that a page lists."""
    return [job["id"] for job in site.api(f"/outbox{path}")["jobs"]]


def test_the_list(site: Site, database: Database) -> None:
    """The newest first, by state, by what is searched, and page by page; counts stand beside."""
    jobs = {state: put(database, state=state) for state in STATES}
    other = put(database, notification="billing.paid", recipient="zoe@acme.example", reason=HOSTILE, state="dead")
    page = site.get("/outbox").text
    document = site.api("/outbox")

    assert [other, *reversed(jobs.values())] == ids(site)
    assert [other, jobs["dead"]] == ids(site, "?state=dead")
    assert (
        [other]
        == ids(site, "?q=*@ACME.example")
        == ids(site, "?q=billing.*")
        == ids(site, "?state=dead&q=zoe@acme.example")
    )
    assert [jobs["sent"]] == ids(site, f"?q={jobs['sent']}")
    assert [] == ids(site, f"?state=dead&q={jobs['sent']}")
    assert len(STATES) + 1 == len(ids(site, "?state=nonsense"))
    assert 2 == document["stats"]["states"]["dead"]
    assert ("Dead 2" in page, HOSTILE in page, "1 due, the first for" in page) == (True, False, True)
    assert page.count('<tr>\n<td><a href="/outbox/') == len(STATES) + 1


def test_page_by_page(site: Site, database: Database) -> None:
    """Fifty a page."""
    jobs = [put(database) for _ in range(51)]
    document = site.api("/outbox")

    assert (jobs[:0:-1], jobs[1]) == ([job["id"] for job in document["jobs"]], document["before"])
    assert f"/outbox?state=&amp;q=&amp;before={jobs[1]}" in site.get("/outbox").text
    assert jobs[:1] == ids(site, f"?before={jobs[1]}")
    assert None is site.api(f"/outbox?before={jobs[1]}")["before"]


def test_a_job(site: Site, database: Database) -> None:
    """What it is, and each attempt with its whole error; nothing of it is taken for HTML."""
    put(database)
    error = {"class": "RefusedError", "reply": HOSTILE, "code": 550, "transcript": ["> RCPT TO:<a@x.example>", "< 550"]}
    history = [{"at": 1764250000.5, "event": "attempt", "transport": "smtp", "error": error, "unknown": True}]
    job = put(
        database,
        state="dead",
        reason=HOSTILE,
        history=history,
        key="order:1",
        losses=1,
        pending=["b@x.example"],
        leader=1,
    )
    page = site.get(f"/outbox/{job}").text
    document = site.api(f"/outbox/{job}")

    for words in (
        "RCPT TO:",
        "RefusedError",
        "order:1",
        "b@x.example",
        "1 worker was lost with it",
        "It may have arrived",
        'href="/outbox/1"',
        ">true<",
    ):
        assert words in page
    assert HOSTILE not in page
    assert ("dead", error, True) == (document["state"], document["history"][0]["error"], document["may_have_arrived"])


def test_its_mail(site: Site, preview: Preview, database: Database) -> None:
    """As it would be sent now, in a frame of its own; also of a message that was rendered before."""
    with Notifier.load(preview.folder) as notifier:
        called = notifier.enqueue("hello", to="Ada <ada@example.com>", params={"name": "Ada"}, cc="b@example.com")
        message = notifier.render("hello", to="ada@example.com", params={"name": "Zoe"}).replace(html="<p>Hi, Zoe")
        frozen = notifier.enqueue_message(message)
    wrong = put(database, contract=called.contract, params="{}")
    broken = put(database, params=None, frozen='{"subject": "x"}', notification=None)

    assert {"name": "Ada"} == site.api(f"/outbox/{called.id}")["params"]
    assert "Good day, Ada." in site.get(f"/outbox/{called.id}").text
    assert "b@example.com" in site.get(f"/outbox/{called.id}").text
    assert "Hi, Zoe" in site.get(f"/outbox/{frozen.id}/render.html").text
    assert "sandbox" in site.get(f"/outbox/{frozen.id}/render.html").headers["Content-Security-Policy"]
    assert "Wrong params for hello" in site.get(f"/outbox/{wrong}").text
    assert "cannot be read" in site.get(f"/outbox/{broken}").text
    assert 422 == site.get(f"/outbox/{wrong}/render.html").status


@pytest.mark.parametrize("change_", ["", "sealed", "gone", "faulty", "other"])
def test_no_sensitive_value_on_any_page(
    project: Path, database: Database, change_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed or not, and whatever became of the definition since; its mail is not shown."""
    from notify.outbox.sealing import Seal

    if change_ == "sealed":
        monkeypatch.setenv("NOTIFY_OUTBOX_KEY", Seal.new_key())
    with Notifier.load(project) as notifier:
        job = notifier.enqueue("code", to="ada@example.com", params={"code": SECRET}).id
        message = notifier.render("code", to="ada@example.com", params={"code": SECRET})
        frozen = notifier.enqueue_message(message).id
    file = project / "notifications" / "code.yaml"
    if change_ == "gone":
        file.unlink()
    elif change_ == "faulty":
        file.write_text("nonsense: [")
    elif change_ == "other":
        file.write_text("subject: Your code\ntext: '{{ pin }}'\nparams: {pin: {type: str, sensitive: true}}\n")
    assert database.dialect
    with previewed(project) as preview:
        paths = ["", f"/{job}", f"/{frozen}", f"/{job}/render.html", f"/{frozen}/render.html"]
        shown = [preview.site.get(f"{root}/outbox{path}").text for root in ("", "/api") for path in paths]

    assert SECRET not in "".join(shown)
    assert '"code":"***"' in shown[6]


def test_send_again(site: Site, database: Database) -> None:
    """What is dead or failed; what may have arrived only if that is said."""
    dead, unknown, sent = put(database, state="dead"), put(database, state="failed"), put(database, state="sent")
    change(database, unknown, begun_at=1.0)
    answers = [
        site.post(f"/outbox/{dead}/retry"),
        site.post(f"/outbox/{unknown}/retry"),
        site.post(f"/outbox/{unknown}/retry", {"unknown": True}),
        site.post(f"/outbox/{sent}/retry"),
    ]

    assert [200, 409, 200, 409] == [answer.status for answer in answers]
    assert {"state": "queued", "message": "it is due again"} == answers[0].json
    assert {"error": "it is failed, and stays so", "state": "failed"} == answers[1].json
    assert ["queued", "queued", "sent"] == [
        job.state for each in (dead, unknown, sent) if (job := get(database, each)) is not None
    ]


def test_take_back(site: Site, database: Database) -> None:
    """What no worker has."""
    queued, leased = put(database), put(database, state="leased")

    assert (200, "cancelled") == ((answer := site.post(f"/outbox/{queued}/cancel")).status, answer.json["state"])
    assert (409, "leased") == ((answer := site.post(f"/outbox/{leased}/cancel")).status, answer.json["state"])
    after = site.get(f"/outbox/{queued}")
    assert (200, True, False) == (after.status, "Send again" in after.text, "Take back" in after.text)


def test_changes_need_the_token(site: Site, database: Database) -> None:
    """As everywhere in the preview."""
    job = put(database)

    assert 403 == site.ask("POST", f"/outbox/{job}/cancel").status
    assert (job, "queued") == (job, getattr(get(database, job), "state", None))


def test_what_there_is_not(site: Site) -> None:
    """A job that is not there is 404, as a word or as JSON."""
    for path in ("/999", "/x", "/" + "9" * 40, "/999/render.html"):
        assert 404 == site.get(f"/outbox{path}").status
    assert {"error": "there is no such job, or no outbox"} == site.api("/outbox/999")
    assert 404 == site.post("/outbox/999/retry").status


def test_the_way_there(site: Site) -> None:
    """Every page leads to an outbox that is there."""
    assert 'href="/outbox"' in site.get("/").text


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_none_is_made_by_looking(project: Path, tmp_path: Path, url: str) -> None:
    """Where there is none no page leads there; once there is, it does."""
    with previewed(project) as preview:
        before = [preview.site.get(path) for path in ("/", "/outbox", "/api/outbox")]
        there = (tmp_path / "outbox.db").exists()
        with Notifier.load(project) as notifier:
            notifier.enqueue("hello", to="ada@example.com", params={"name": "Ada"})
        after = preview.site.get("/")

    assert [200, 404, 404] == [answer.status for answer in before]
    assert (False, False, True) == (there, 'href="/outbox"' in before[0].text, 'href="/outbox"' in after.text), url


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/none", "mysql://x/y", "${NOT_SET}", "nonsense"], ids=str
)
def test_one_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    """No page leads there, and all others work."""
    (tmp_path / "notify.yaml").write_text(
        f"outbox: '{url}'\nenvironments: {{test: {{transport: memory}}}}\ndefault_environment: test\n"
    )
    with previewed(tmp_path) as preview:
        pages = [preview.site.get(path) for path in ("/", "/outbox", "/transports")]

    assert [200, 404, 200] == [page.status for page in pages]
    assert 'href="/outbox"' not in pages[0].text


def test_without_the_extra(project: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page leads to an outbox that cannot be read."""
    assert database.dialect
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with previewed(project) as preview:
        page = preview.site.get("/")

    assert (200, False) == (page.status, 'href="/outbox"' in page.text)
