"""The stream of events."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING

from patience import PATIENCE
from preview.serving import Site, served
from preview.shop import shop

import notify.preview
from notify import Notifier
from notify.configuration import Configuration
from notify.preview.web import live

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from preview.serving import Preview


def test_a_hello_and_what_follows(preview: Preview) -> None:
    """A page hears who it talks to, how notifications stand, and of mail that was sent."""
    with preview.site.events() as stream:
        hello = stream.next("hello")
        status = stream.next("status")
        preview.site.post("/n/welcome/default/send", {"to": "a@example.com"})

        assert {"version": preview.site.token[:8]} == hello
        assert status is not None
        assert {"good"} == set(status["standings"].values())
        assert {} == stream.next("mail")


def test_it_is_a_stream(preview: Preview) -> None:
    """It is of the type that browsers want, and nobody keeps it."""
    connection = http.client.HTTPConnection("127.0.0.1", preview.site.port, timeout=5)
    connection.request("GET", "/events")
    response = connection.getresponse()
    response.close()
    connection.close()

    assert 200 == response.status
    assert "text/event-stream; charset=utf-8" == response.headers["Content-Type"]
    assert "no-store" == response.headers["Cache-Control"]


def test_it_ends_with_the_preview(preview: Preview) -> None:
    """When the preview is closed, each stream ends."""
    with preview.site.events() as one, preview.site.events() as other:
        one.next("hello")
        other.next("hello")
        before = time.monotonic()
        preview.desk.close()

        assert one.ended()
        assert other.ended()
        assert time.monotonic() - before < 3


def test_who_leaves_is_forgotten(preview: Preview) -> None:
    """A page that goes away is no subscriber any more."""
    with preview.site.events() as stream:
        stream.next("hello")
        assert 1 == len(preview.desk.hub)
    end = time.monotonic() + PATIENCE
    while len(preview.desk.hub) and time.monotonic() < end:
        time.sleep(0.01)

    assert 0 == len(preview.desk.hub)


def test_silence_is_filled(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some silence a comment shows that the stream is alive."""
    monkeypatch.setattr(live, "_PING", 0.05)
    with preview.site.events() as stream:
        stream.next("status", within=1)
        stream.next("none", within=0.3)

        assert not stream.ended(within=0.2)
        assert b": still here" in stream._seen


def test_switched_off(tmp_path: Path) -> None:
    """A preview that is not live has no stream, and its pages know."""
    shop(tmp_path)
    with (
        Notifier(configuration=Configuration.load(tmp_path)) as notifier,
        served(notify.preview.app(notifier, live=False)) as port,
    ):
        site = Site(port)

        assert 404 == site.get("/events").status
        assert '<meta name="notify-live" content="no">' in site.get("/").text
