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
from crash.shop import ONCE, POLICIES
from crash.steps import asked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crash.powercut import Record

_CUTS = 250 if IS_FULL else 40
_MAILS = 250 if IS_FULL else 40
_PAUSE = 0.005
_WORKERS = 2
_FILES = frozenset({"outbox.db", "outbox.db-wal"})


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc to compile the library that logs writes")
@pytest.mark.parametrize("delivery", POLICIES)
def test_power_cuts(tmp_path: Path, delivery: str, tell: Callable[[str], None]) -> None:
    """At whatever moment: what was promised is kept, and of what has left it is known that it may have."""
    folder, log = tmp_path / "machine", tmp_path / "log"
    folder.mkdir()
    variables = {"LD_PRELOAD": str(library(tmp_path)), "POWERCUT_FOLDER": str(folder), "POWERCUT_LOG": str(log)}
    url = f"sqlite:///{folder / 'outbox.db'}"
    with Nursery(variables) as nursery, Campaign(nursery, folder, url, SEED) as campaign:
        disk = Disk(folder)
        _work(campaign, delivery)
    known = _Known()
    cuts = _Cuts(tmp_path / "cut", delivery)
    played = [*records(log)]
    moments = cuts.chance.sample(range(len(played)), min(_CUTS, len(played)))
    for moment, record in enumerate(played):
        disk.play(record)
        known.hear(disk, record)
        if moment in moments:
            cuts.cut(disk, known)
    tell(
        f"power cuts, {delivery}: {cuts.number} at {len(moments)} of {len(played)} moments, with up to "
        f"{len(known.promised)} mails promised and {len(known.left)} sent: {len(cuts.faults)} faults"
    )

    assert len(known.promised) >= _MAILS // 2 <= len(known.left)
    assert [] == cuts.faults


def _work(campaign: Campaign, delivery: str) -> None:
    enqueuer = campaign.start_enqueuer(delivery, _PAUSE)
    campaign.staff(_WORKERS)
    until(lambda: len(campaign.journal.read("accepted")) > _MAILS)
    enqueuer.signal(signal.SIGTERM)
    campaign.nursery.wait(enqueuer)
    campaign.drain()


class _Known:
    """What others know at some moment: the mails that were promised, and those that have left."""

    def __init__(self) -> None:
        self.promised: set[str] = set()
        self.left: set[str] = set()

    def hear(self, disk: Disk, record: Record) -> None:
        """What the processes wrote into their journals is known."""
        if record.kind == WRITE and disk.path(record).endswith(("/enqueued", "/journal")):
            entry = json.loads(record.data)
            if entry["event"] == "promised":
                self.promised.update(entry["names"])
            elif entry["event"] == "accepted":
                self.left.add(asked(entry["recipient"]).name)


class _Cuts:
    """Power cuts, each with nothing of what was not kept, and with some of it."""

    def __init__(self, folder: Path, delivery: str) -> None:
        self._folder = folder
        self._delivery = delivery
        self.chance = random.Random(SEED)  # noqa: S311 - chance, not secrecy
        self.number = 0
        self.faults: list[str] = []

    def cut(self, disk: Disk, known: _Known) -> None:
        """Look at what is there if the power is cut now."""
        for chance in (None, self.chance):
            self._folder.mkdir()
            disk.cut(self._folder, _FILES, chance)
            self.faults += _faults(self._folder / "outbox.db", known, self._delivery)
            shutil.rmtree(self._folder)
            self.number += 1


def _faults(path: Path, known: _Known, delivery: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        rows = connection.execute("SELECT recipient, state, begun_at FROM notify_jobs").fetchall()
    found = {asked(recipient).name: (state, begun) for recipient, state, begun in rows}
    faults = [] if verdict == "ok" else [verdict]
    faults += [f"lost: {name} was promised" for name in known.promised - found.keys()]
    for name in known.left if delivery == ONCE else ():
        state, begun = found.get(name, ("absent", None))
        if state == "queued" or (state == "leased" and begun is None):
            faults.append(f"twice: {name} has left, and is {state}")
    return faults
