"""What a power cut leaves of the outbox in SQLite: whatever was promised, and that a mail has left."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from crash.campaign import Campaign, until
from crash.nursing import Nursery
from crash.powercut import WRITE, Disk, library, records
from crash.scale import IS_FULL, SEED
from crash.shop import POLICIES, TWICE
from crash.steps import asked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_CUTS = 400 if IS_FULL else 60
_MAILS = 400 if IS_FULL else 60
_FILES = frozenset({"outbox.db", "outbox.db-wal"})


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc to compile the library that logs writes")
@pytest.mark.parametrize("delivery", POLICIES)
def test_power_cuts(tmp_path: Path, delivery: str, tell: Callable[[str], None]) -> None:
    """At whatever moment: what was promised is in the outbox, and what has left is written down as begun, so that it is
    not sent twice unless it may be."""
    folder, log = tmp_path / "machine", tmp_path / "log"
    folder.mkdir()
    variables = {
        "LD_PRELOAD": str(library(tmp_path)),
        "POWERCUT_FOLDER": str(folder),
        "POWERCUT_LOG": str(log),
    }
    url = f"sqlite:///{folder / 'outbox.db'}"
    with Nursery(variables) as nursery, Campaign(nursery, folder, url, SEED) as campaign:
        disk = Disk(folder)
        enqueuer = campaign.start_enqueuer(delivery, 0.005)
        campaign.staff(2)
        until(lambda: len(campaign.journal.read("accepted")) > _MAILS)
        enqueuer.signal(signal.SIGTERM)
        campaign.nursery.wait(enqueuer)
        campaign.drain()
    chance = random.Random(SEED)  # noqa: S311 - chance, not secrecy
    played = list(records(log))
    moments = set(chance.sample(range(len(played)), min(_CUTS, len(played))))
    promised: set[str] = set()
    left: set[str] = set()
    faults: list[str] = []
    for moment, record in enumerate(played):
        disk.play(record)
        if record.kind == WRITE and disk.path(record).endswith(("/enqueued", "/journal")):
            entry = json.loads(record.data)
            promised.update(entry["names"] if entry["event"] == "promised" else ())
            left.update([asked(entry["recipient"]).name] if entry["event"] == "accepted" else ())
        if moment in moments:
            for loose in (None, chance):
                here = tmp_path / "cut"
                here.mkdir()
                disk.cut(here, _FILES, loose)
                faults += [f"{moment}: {fault}" for fault in _faults(here / "outbox.db", promised, left, delivery)]
                shutil.rmtree(here)
    tell(
        f"power cuts, {delivery}: {2 * len(moments)} at {len(moments)} of {len(played)} moments, with up to "
        f"{len(promised)} mails promised and {len(left)} sent: {len(faults)} faults"
    )

    assert len(promised) >= _MAILS // 2
    assert [] == faults


def _faults(path: Path, promised: set[str], left: set[str], delivery: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        rows = connection.execute("SELECT recipient, state, begun_at FROM notify_jobs").fetchall()
    found = {asked(recipient).name: (state, begun) for recipient, state, begun in rows}
    faults = [] if verdict == "ok" else [verdict]
    faults += [f"lost: {name}" for name in promised - found.keys()]
    if delivery != TWICE:
        for name in left:
            state, begun = found.get(name, ("absent", None))
            if state == "queued" or (state == "leased" and begun is None):
                faults.append(f"twice: {name} has left, and is {state}")
    return faults
