"""Notifications as items of pytest, below notify.yaml: `notify.yaml::order_shipped[default-en]`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from notify.errors import NotifyError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from notify.definition import Definition
    from notify.errors import Location
    from notify.notifier import Notifier
    from notify.testing.cases import Case
    from notify.testing.goldens import Goldens
    from notify.testing.instrumented import Instrumented
    from notify.testing.wanted import Wanted


class FaultyError(AssertionError):
    """What is wrong with a mail, in words that need no traceback."""


class NotifyFile(pytest.File):
    """A notify.yaml with the items of its notifications."""

    wanted: Wanted

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, wanted: Wanted) -> NotifyFile:
        """The file at a path, with what the command line asks for."""
        file: NotifyFile = cls.from_parent(parent, path=path)
        file.wanted = wanted
        return file

    @cached_property
    def notifier(self) -> Notifier:
        """What renders: the environment is the usual one, and no transport is touched."""
        from notify.notifier import Notifier

        return Notifier.load(self.path).for_samples()

    @cached_property
    def instrumented(self) -> Instrumented:
        """Renders, and knows the templates' own words."""
        from notify.testing.instrumented import Instrumented

        return Instrumented(self.notifier)

    @cached_property
    def goldens(self) -> Goldens:
        """The golden files."""
        from notify.testing.goldens import Goldens

        return Goldens(self.notifier)

    def collect(self) -> Iterator[pytest.Item]:
        """The items that are wanted, by kind."""
        try:
            yield from self._items()
        except NotifyError as error:
            raise self.CollectError(str(error)) from error

    def _items(self) -> Iterator[pytest.Item]:
        from notify.testing.cases import cases, name_of

        found = list(cases(self.notifier))
        if self.wanted.samples:
            for case in found:
                yield SampleItem.of(self, name_of(case), case)
        if self.wanted.golden:
            for case in found:
                yield GoldenItem.of(self, f"golden:{name_of(case)}", case)
            yield OrphansItem.from_parent(self, name="golden:files")
        if self.wanted.properties:
            for name in self.notifier.catalog:
                yield PropertiesItem.of(self, f"properties:{name}", self.notifier.catalog[name])


class _Item(pytest.Item):
    """An item whose faults are told in words."""

    parent: NotifyFile
    location_of: Location | None = None

    def faults(self) -> Iterator[str]:
        """What is wrong, in a sentence each."""
        raise NotImplementedError

    def runtest(self) -> None:
        """Fail where something is wrong."""
        if faults := list(self.faults()):
            raise FaultyError("\n".join(faults))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """The words of an error that is for people; a traceback for all others."""
        if isinstance(excinfo.value, (FaultyError, NotifyError)):
            return "\n".join([str(excinfo.value), *getattr(excinfo.value, "__notes__", ())])
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[os.PathLike[str], int | None, str]:
        """Where it was written."""
        place = self.location_of
        if place is None:
            return self.path, None, self.name
        return self.parent.notifier.configuration.base / place.path, place.line - 1, self.name


class _CaseItem(_Item):
    """An item of one mail."""

    case: Case

    @classmethod
    def of(cls, parent: NotifyFile, name: str, case: Case) -> pytest.Item:
        """The item of a case."""
        item: _CaseItem = cls.from_parent(parent, name=name)
        item.case = case
        item.location_of = case.sample.location
        return item


class SampleItem(_CaseItem):
    """Renders a sample, and checks what it expects and what must hold of every mail."""

    def faults(self) -> Iterator[str]:
        """What is wrong with the mail."""
        from notify.testing.cases import rendered
        from notify.testing.expectations import expectation_of
        from notify.testing.soundness import unsound

        notifier, case = self.parent.notifier, self.case
        expectation = expectation_of(case, notifier.configuration.base)
        message = rendered(notifier, case)
        yield from expectation.unmet(message)

        def says(words: str) -> bool:
            self.parent.instrumented.rendered(case)
            return self.parent.instrumented.says(words)

        yield from unsound(message, case.sample.params, says)


class GoldenItem(_CaseItem):
    """Compares a mail with its golden file, or writes that."""

    def faults(self) -> Iterator[str]:
        """How they differ."""
        from notify.errors import ConfigError
        from notify.testing.goldens import CURE

        goldens = self.parent.goldens
        if self.parent.wanted.update:
            if (path := goldens.update(self.case)) is not None:
                self.add_report_section("call", "notify", f"wrote {path}")
            return
        try:
            difference = goldens.difference(self.case)
        except ConfigError as error:
            difference = f"{error} ({CURE})"
        if difference:
            yield difference


class OrphansItem(_Item):
    """Finds golden files of mails that there are no more; removes them when golden files are updated."""

    def faults(self) -> Iterator[str]:
        """A sentence for each."""
        base = self.parent.notifier.configuration.base
        for path in self.parent.goldens.orphans():
            if self.parent.wanted.update:
                path.unlink()
            else:
                shown = path.relative_to(base).as_posix()
                yield f"{shown}: no sample has this golden file any more (pytest --notify-update removes it)"


class PropertiesItem(_Item):
    """Renders a notification with params that are made of their types."""

    definition: Definition

    @classmethod
    def of(cls, parent: NotifyFile, name: str, definition: Definition) -> pytest.Item:
        """The item of a notification."""
        item: PropertiesItem = cls.from_parent(parent, name=name)
        item.definition = definition
        item.location_of = definition.location
        return item

    def runtest(self) -> None:
        """Let hypothesis look for params with which a mail is not as it must be."""
        from notify.testing.cases import cases
        from notify.testing.properties import check

        file, wanted = self.parent, self.parent.wanted
        for case in cases(file.notifier):
            if case.definition is self.definition:
                file.instrumented.rendered(case)
        try:
            check(
                file.notifier,
                self.definition,
                file.instrumented,
                examples=wanted.examples,
                max_bytes=wanted.max_bytes,
            )
        except AssertionError as error:
            failure = FaultyError(str(error))
            failure.__notes__ = getattr(error, "__notes__", [])
            raise failure from error
