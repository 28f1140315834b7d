"""The process of one contender: `python -m bench.worker MODULE FUNCTION ARGUMENTS SCRATCH`.

A contender's function takes its arguments and gives its work: a callable that takes a list of inputs and does all of
them; what it makes, if anything, is an iterable of octets. It imports the measured library itself.
"""

from __future__ import annotations

import base64
import gc
import importlib
import json
import os
import random
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.workload import CASES, contexts

if TYPE_CHECKING:
    from collections.abc import Sequence

MEGABYTE = 1_000_000


def main() -> None:
    """Make the work, then answer one line after the other."""
    module, function, arguments, scratch = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        given = json.loads(arguments)
        work = getattr(importlib.import_module(f"bench.contenders.{module}"), function)(*given)
        items = inputs(function, given, Path(scratch))
        _say(answers, {})
    except ImportError as error:
        _say(answers, {"error": f"{error.name} is not installed" if error.name else str(error)})
        return
    for line in sys.stdin:
        try:
            _say(answers, _answer(json.loads(line), work, items))
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is why its row is missing
            _say(answers, {"error": f"{type(error).__name__}: {error}"[:300]})


def inputs(function: str, arguments: Sequence[Any], scratch: Path) -> list[Any]:
    """What a contender's work takes: contexts; for `deliver`, (address, octets) pairs; for `attach`, octets."""
    if function == "deliver":
        pairs = json.loads((scratch / "messages.json").read_text())
        return [(address, base64.b64decode(octets)) for address, octets in pairs]
    if function == "attach":
        chance = random.Random(7)  # noqa: S311 - nothing secret
        return [chance.randbytes(MEGABYTE) for _ in range(8)]
    return list(contexts(arguments[0] if arguments and arguments[0] in CASES else "order_shipped"))


def _answer(question: dict[str, Any], work: Any, items: list[Any]) -> dict[str, Any]:
    if "sample" in question:
        return {"octets": base64.b64encode(next(iter(work([items[question["sample"]]])))).decode()}
    offset = question["offset"]
    todo = [items[(offset + number) % len(items)] for number in range(question["count"])]
    gc.collect()
    begin, begin_cpu = time.perf_counter(), time.process_time()
    deque(work(todo) or (), maxlen=0)
    return {"seconds": time.perf_counter() - begin, "cpu": time.process_time() - begin_cpu}


def _say(answers: Any, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
