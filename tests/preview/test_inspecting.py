"""The inspector: how every notification stands, found out while nobody waits."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from preview.serving import desk_of, eventually
from preview.shop import shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.preview.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The desk of a shop."""
    desk = desk_of(shop(tmp_path))
    yield desk
    desk.close()


def whole(desk: Desk) -> bool:
    """Whether everything is known."""
    return set(desk.inspector.known()) == set(desk.project.entries)


def test_it_looks_at_everything_once(desk: Desk) -> None:
    """After it was started every notification is known, and its thread ends."""
    assert {} == desk.inspector.known()
    desk.inspector.start()
    desk.inspector.start()
    eventually(lambda: whole(desk))

    eventually(lambda: "notify-preview-inspector" not in {each.name for each in threading.enumerate()})
    assert {"good"} == {each.word for each in desk.inspector.known().values()}


def test_what_is_forgotten_is_looked_at_again(desk: Desk, tmp_path: Path) -> None:
    """A notification that was forgotten is found out again; the others stay known."""
    desk.inspector.start()
    eventually(lambda: whole(desk))
    (tmp_path / "templates/welcome.html").write_text("{{ wrong }}")
    desk.inspector.forget({"welcome", "unheard-of"})
    forgotten = set(desk.inspector.known())
    desk.inspector.start()
    eventually(lambda: whole(desk))

    assert {"billing.receipt", "hostile", "plain"} == forgotten
    assert "error" == desk.inspector.known()["welcome"].word
    desk.inspector.forget()
    assert {} == desk.inspector.known()


def test_what_is_forgotten_meanwhile(desk: Desk, tmp_path: Path) -> None:
    """What it finds out of files that change in the middle of it does not count."""
    for path in (tmp_path / "notifications").rglob("*.yaml"):
        if path.name != "welcome.yaml":
            path.unlink()
    desk.project.refresh()
    desk.inspector.busy()
    desk.inspector.start()
    (tmp_path / "templates/welcome.html").write_text("{{ wrong }}")
    desk.inspector.forget({"welcome"})
    eventually(lambda: whole(desk))

    assert "error" == desk.inspector.known()["welcome"].word


def test_it_stays_out_of_the_way(desk: Desk) -> None:
    """While somebody waits for a page it does nothing."""
    desk.inspector.busy()
    desk.inspector.start()
    time.sleep(0.1)

    assert {} == desk.inspector.known()
    eventually(lambda: whole(desk))


def test_what_is_gone_is_not_known(desk: Desk, tmp_path: Path) -> None:
    """A notification that there is no more is dropped."""
    desk.inspector.start()
    eventually(lambda: whole(desk))
    (tmp_path / "notifications/plain.yaml").unlink()
    desk.project.refresh()
    desk.inspector.start()

    eventually(lambda: "plain" not in desk.inspector.known())


def test_it_ends_when_it_is_closed(desk: Desk) -> None:
    """Closed in the middle of its work it ends soon, and does not begin again."""
    desk.inspector.busy()
    desk.inspector.start()
    before = time.monotonic()
    desk.inspector.close()
    taken = time.monotonic() - before
    desk.inspector.start()

    assert taken < 1
    assert "notify-preview-inspector" not in {each.name for each in threading.enumerate()}
    assert {} == desk.inspector.known()
