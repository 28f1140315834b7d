"""Notifications examined one after another, or by several processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from notify.checks.examining import Examiner
from notify.definition.walk import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify.checks.cache import Cache
    from notify.checks.finding import Finding
    from notify.checks.rule import AnyRule
    from notify.definition import Definition
    from notify.notifier import Notifier

_FEW = 24
"""So many notifications are looked at sooner than a process begins."""


class Examined(NamedTuple):
    """What was found in a notification, and the files, relative to the project, that it was found in."""

    files: tuple[str, ...]
    findings: list[Finding]


def examined(
    notifier: Notifier, definitions: Sequence[Definition], rules: Sequence[AnyRule], *, jobs: int, cache: Cache | None
) -> Iterator[Examined]:
    """The findings of each notification, in any order."""
    left = []
    for definition in definitions:
        known = None if cache is None else cache.known(definition.id)
        if known is None:
            left.append(definition)
        else:
            yield Examined(*known)
    several = jobs > 1 and len(left) > _FEW and hasattr(os, "fork")
    work = _together if several else _alone
    results = work(_Worker(notifier, left, rules), range(len(left)), jobs)
    for definition, result in zip(left, results, strict=True):
        if cache is not None:
            cache.put(definition.id, result.files, result.findings)
        yield result


class _Worker:
    """Examines notifications, and notes which files it takes."""

    def __init__(self, notifier: Notifier, definitions: Sequence[Definition], rules: Sequence[AnyRule]) -> None:
        self._notifier = notifier
        self._definitions = definitions
        self._examiner = Examiner(notifier, notifier.configuration.check, rules)

    def __call__(self, number: int) -> Examined:
        definition = self._definitions[number]
        with self._notifier.recording() as recorded:
            findings, read = self._examiner.examine(definition)
        configuration = self._notifier.configuration
        names = [*recorded.templates, *read]
        paths = [folder / name for name in names for folder in configuration.templates]
        paths += [configuration.attachments / path for path in recorded.attachments]
        shown = (shown_path(path, configuration.base) for path in paths)
        return Examined(tuple(dict.fromkeys([definition.location.path, *shown])), findings)


_worker: list[_Worker] = []
"""That of the processes of `_together`, which inherit it: what is compiled cannot be handed over."""


def _alone(worker: _Worker, numbers: range, _: int) -> Iterator[Examined]:
    return map(worker, numbers)


def _together(worker: _Worker, numbers: range, jobs: int) -> Iterator[Examined]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _worker[:] = [worker]
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        yield from pool.map(_examine, numbers, chunksize=8)


def _examine(number: int) -> Examined:
    return _worker[0](number)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
