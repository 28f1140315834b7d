"""`notify.receipt`: a transport's word, which keeps."""

from __future__ import annotations

import copy
import dataclasses
import pickle

from notify.errors import RefusedError
from notify.receipt import Receipt


def test_can_be_handed_to_another_process() -> None:
    """Pickled or copied, with or without refused recipients, a receipt says the same."""
    plain = Receipt("<1@x.example>", "smtp", ("a@x.example",))
    partial = Receipt("<1@x.example>", "smtp", (), {"b@x.example": RefusedError("no", code=550)}, "250 ok", "7")

    again = pickle.loads(pickle.dumps(partial))  # noqa: S301 - made just now

    assert plain == pickle.loads(pickle.dumps(plain)) == copy.deepcopy(plain)  # noqa: S301 - made just now
    assert ("no", 550) == (again.rejected["b@x.example"].reason, again.rejected["b@x.example"].code)
    assert dataclasses.replace(partial, rejected={}) == dataclasses.replace(again, rejected={})
    assert {} == dataclasses.asdict(plain)["rejected"]


def test_is_a_value() -> None:
    """What a transport does with its own dict afterwards does not change the receipt; it can be a key."""
    rejected = {"b@x.example": RefusedError("no")}
    receipt = Receipt("<1@x.example>", "smtp", (), rejected)

    rejected.clear()

    assert ["b@x.example"] == list(receipt.rejected)
    assert {receipt: 1}[dataclasses.replace(receipt)] == 1
