"""Several workers send many mails to a server at which about every tenth meets a fault."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from crash.account import rows_of
from crash.campaign import Campaign
from crash.scale import IS_FULL, SEED
from crash.shop import TWICE
from crash.steps import asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pytest
    from crash.nursing import Nursery

_WORKERS = 4
_MAILS = 10_000 if IS_FULL else 300


def test_faults_by_chance(
    nursery: Nursery, url: str, tmp_path: Path, request: pytest.FixtureRequest, tell: Callable[[str], None]
) -> None:
    """Each mail arrives or is dead with a reason, and there are no more duplicates than outcomes that nobody knew."""
    with Campaign(nursery, tmp_path, url, SEED, "crash.faulty") as campaign:
        campaign.enqueue(TWICE, _MAILS)
        campaign.drain(_WORKERS)
        rows = rows_of(url)
        copies: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for mail in campaign.journal.read("accepted"):
            copies[asked(mail["recipient"]).name].append(mail)
    doubts = {name: _doubts(row["history"]) for name, (row,) in rows.items()}
    duplicates = sum(len(mails) - 1 for mails in copies.values())
    states = Counter(row["state"] for (row,) in rows.values())
    tell(
        f"{request.node.name}: {_MAILS} mails by {_WORKERS} workers: {dict(states)}, "
        f"{sum(map(len, copies.values()))} arrived, {duplicates} duplicates, {sum(doubts.values())} unknown outcomes"
    )
    faults = [fault for name, (row,) in rows.items() for fault in _faults(name, row, copies[name], doubts[name])]

    assert _MAILS == len(rows)
    assert [] == faults
    assert duplicates <= sum(doubts.values())


def _doubts(history: str) -> int:
    return sum(1 for entry in json.loads(history) if entry.get("unknown"))


def _faults(name: str, row: Mapping[str, Any], mails: Sequence[Mapping[str, Any]], doubts: int) -> list[str]:
    """What is wrong with the end of one mail."""
    sent = row["state"] == "sent"
    right = {
        "it is sent, or dead with a reason": sent or (row["state"] == "dead" and bool(row["reason"])),
        "what is sent arrived": bool(mails) or not sent,
        "no more copies than outcomes allow": len(mails) <= doubts + sent,
        "one Message-ID": {mail["message_id"] for mail in mails} <= {row["message_id"]},
        "the same octets": len({mail["digest"] for mail in mails}) <= 1,
    }
    return [f"{name}, {row['state']}, {len(mails)} copies: {what}" for what, holds in right.items() if not holds]
