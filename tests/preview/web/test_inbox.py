"""The mailbox over HTTP: list, search, wait, delete, replay."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from preview.serving import query

if TYPE_CHECKING:
    from preview.serving import Preview

GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
MAIL = f"""\
From: Eve <eve@evil.example>
To: Ada <ada@example.com>
Subject: {{subject}}
Message-ID: <{{subject}}@evil.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>Hello <script>alert(1)</script><img src="https://track.example/x.gif"></p>
--b
Content-Type: text/html; name="../../page.html"
Content-Disposition: attachment; filename="../../pa\\"ge\\r.html"

<script>alert(2)</script>
--b
Content-Type: image/gif
Content-Transfer-Encoding: base64

{GIF}
--b
Content-Type: image/svg+xml
Content-Disposition: inline

<svg xmlns="http://www.w3.org/2000/svg"><script>alert(3)</script></svg>
--b--
"""


def put(preview: Preview, subject: str = "hostile", text: str = MAIL) -> str:
    """Put a mail into the mailbox, as another program would; its id."""
    data = text.replace("{subject}", subject).replace("\n", "\r\n").encode()
    return preview.desk.mailbox.add(data, envelope_sender="eve@evil.example", recipients=["ada@example.com"]).id


def test_the_list(preview: Preview) -> None:
    """Mails are listed newest first, and found by a query."""
    for number in range(3):
        put(preview, f"mail{number}")
    found, some = preview.site.api("/mailbox"), preview.site.api("/mailbox" + query(q="subject:mail1"))

    assert (3, ["mail2", "mail1", "mail0"]) == (found["total"], [each["subject"] for each in found["mails"]])
    assert (1, ["mail1"]) == (some["total"], [each["subject"] for each in some["mails"]])
    assert 2 == preview.site.api("/mailbox?offset=2")["offset"]
    assert ["mail0"] == [each["subject"] for each in preview.site.api("/mailbox?offset=2")["mails"]]
    assert "mail2" in preview.site.get("/mailbox").text


@pytest.mark.parametrize("offset", ["-1", "x", "9" * 5000, "²", "1e3"])
def test_an_odd_offset(preview: Preview, offset: str) -> None:
    """What is no number is the beginning."""
    put(preview)

    assert 1 == len(preview.site.api("/mailbox" + query(offset=offset))["mails"])


def test_a_wrong_query(preview: Preview) -> None:
    """A query that cannot be read is said, on the page and as JSON."""
    page, document = preview.site.get("/mailbox?q=before:never"), preview.site.get("/api/mailbox?q=before:never")

    assert (422, 422) == (page.status, document.status)
    assert document.json["error"]
    assert [] == document.json["mails"]
    assert 422 == preview.site.delete("/mailbox?q=before:never").status
    assert 422 == preview.site.get("/api/mailbox/wait?q=before:never&timeout=0").status


def test_one_mail(preview: Preview) -> None:
    """A mail has a page in every view, and everything about it as JSON."""
    site, identifier = preview.site, put(preview)
    document = site.api(f"/mailbox/{identifier}")

    assert ("hostile", ["ada@example.com"]) == (document["subject"], document["recipients"])
    assert "multipart/mixed" == document["mail"]["parts"]["type"]
    for view in ("html", "text", "source", "headers", "mime", "inbox", "x"):
        page = site.get(f"/mailbox/{identifier}" + query(view=view, scheme="dark", q="subject:hostile"))
        assert 200 == page.status
        assert 1 == page.text.count("<script")


def test_its_files(preview: Preview) -> None:
    """Everything but plain pictures is a download, whatever the mail says its type is, and no name leads anywhere."""
    site, identifier = preview.site, put(preview)
    parts = site.api(f"/mailbox/{identifier}")["mail"]["parts"]["parts"]
    answers = {part["type"]: site.get(f"/mailbox/{identifier}/part/{part['index']}") for part in parts}
    eml, html = site.get(f"/mailbox/{identifier}/render.eml"), site.get(f"/mailbox/{identifier}/mail.html")

    assert "image/gif" == answers["image/gif"].headers["Content-Type"]
    assert "application/octet-stream" == answers["text/html"].headers["Content-Type"]
    assert "application/octet-stream" == answers["image/svg+xml"].headers["Content-Type"]
    for answer in (answers["text/html"], answers["image/svg+xml"], eml, html):
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "/" not in answer.headers["Content-Disposition"].partition("filename*=")[2].replace("//", "")
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answers["image/gif"].headers["Content-Security-Policy"]
    assert b"X-Notify" not in eml.body.partition(b"From: ")[2]


def test_its_frame(preview: Preview) -> None:
    """Its HTML runs no script, and loads nothing from elsewhere unless that is asked for."""
    site, identifier = preview.site, put(preview)
    frame = site.get(f"/mailbox/{identifier}/render.html")
    remote = site.get(f"/mailbox/{identifier}/render.html?remote=on")

    assert "Hello" in frame.text
    assert "https:" not in frame.headers["Content-Security-Policy"]
    assert "https:" in remote.headers["Content-Security-Policy"]
    for answer in (frame, remote):
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "allow-scripts" not in answer.headers["Content-Security-Policy"]
    assert "" == site.get(f"/mailbox/{identifier}/render.txt").text


def test_what_there_is_not(preview: Preview) -> None:
    """A mail that is not there, or not any more, is 404, as a word or as JSON."""
    site, below = preview.site, ("", "/render.html", "/render.eml", "/part/1")

    assert [404] * 4 == [site.get(f"/mailbox/none{path}").status for path in below]
    assert {"error": "there is no such mail"} == site.api("/mailbox/none")
    assert {"error": "there is no such mail"} == site.get("/mailbox/none", Accept="application/json").json
    assert {"error": "there is no such mail"} == site.post("/mailbox/none/replay", {}).json
    assert (404, {"deleted": 0}) == ((gone := site.delete("/mailbox/none")).status, gone.json)


def test_delete(preview: Preview) -> None:
    """One, those that a query finds, or all are deleted, and their files with them."""
    site = preview.site
    first, *_ = [put(preview, f"mail{number}") for number in range(4)]

    assert {"deleted": 1} == site.delete(f"/mailbox/{first}").json
    assert {"deleted": 1} == site.delete("/api/mailbox?q=subject:mail2").json
    assert {"deleted": 2} == site.delete("/mailbox").json
    assert [] == list((preview.folder / ".notify/mail").glob("*.eml"))


def test_no_id_names_a_file(preview: Preview) -> None:
    """A file that is no mail of the mailbox cannot be deleted by any id."""
    put(preview)
    for name in ("../../notify.yaml", "..%2F..%2Fnotify.yaml", "%2Fetc%2Fpasswd", "notify.yaml"):
        assert 404 == preview.site.delete(f"/mailbox/{name}").status
    assert (preview.folder / "notify.yaml").exists()


def test_wait_for_what_is_there(preview: Preview) -> None:
    """A mail that was there before counts, unless it is older than `since`."""
    site = preview.site
    put(preview, "here")
    found = site.get("/api/mailbox/wait?q=subject:here&timeout=5")
    late = site.get("/api/mailbox/wait?q=subject:here&timeout=0&since=2100-01-01T00:00:00Z")
    early = site.get("/api/mailbox/wait?timeout=0&since=2020-01-01T00:00:00+00:00")
    day = site.get("/api/mailbox/wait?timeout=0&since=2020-01-01")

    assert (200, "here") == (found.status, found.json["mail"]["subject"])
    assert 408 == late.status
    assert "no such mail came within 0 seconds" == late.json["error"]
    assert (200, 200) == (early.status, day.status)


def test_wait_for_what_comes(preview: Preview) -> None:
    """The answer comes with the mail, also in the first folder ever."""
    timer = threading.Timer(0.3, put, (preview, "late"))
    timer.start()
    before = time.monotonic()

    answer = preview.site.get("/api/mailbox/wait?q=subject:late&timeout=8")

    assert "late" == answer.json["subject"]
    assert 0.2 < time.monotonic() - before < 5
    timer.join()


@pytest.mark.parametrize(
    "wrong",
    ["timeout=x", "timeout=-1", "timeout=nan", "timeout=inf", "since=never", "since=0001-01-01", "since=9999-99"],
)
def test_wait_in_vain(preview: Preview, wrong: str) -> None:
    """What is no time is an error at once."""
    assert preview.site.get(f"/api/mailbox/wait?timeout=0&{wrong}").status in {408, 422}


def test_replay(preview: Preview) -> None:
    """A kept mail is carried once more, to its recipients or to another."""
    site = preview.site
    site.post("/n/billing.receipt/german/send", {"to": "gerda@example.com"})
    (first,) = site.api("/mailbox")["mails"]
    own = site.post(f"/mailbox/{first['id']}/replay", {})
    other = site.post(f"/mailbox/{first['id']}/replay", {"to": "bob@example.com", "transport": "file"})
    wrong = site.post(f"/mailbox/{first['id']}/replay", {"to": "bob@example.com", "transport": "pigeon"})

    assert (["gerda@example.com"], ["bob@example.com"]) == (own.json["accepted"], other.json["accepted"])
    assert 422 == wrong.status
    mails = site.api("/mailbox")["mails"]
    assert 3 == len(mails)
    assert {"Quittung 8"} == {each["subject"] for each in mails}


def test_odd_mails(preview: Preview) -> None:
    """Whatever octets a mail is of, each of its pages answers."""
    odd: list[Any] = ["", "\n", "Subject: =?utf-8?q?=ff=00?=\n\nx", "Content-Type: multipart/mixed\n\nx", "x" * 10_000]
    for text in odd:
        identifier = put(preview, text=text)
        for path in ("", "?view=headers", "?view=mime", "/render.eml", "/render.txt", "/mail.html"):
            assert 200 == preview.site.get(f"/mailbox/{identifier}{path}").status
        json.dumps(preview.site.api(f"/mailbox/{identifier}"))
    assert 5 == preview.site.api("/mailbox")["total"]
