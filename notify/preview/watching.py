"""Watching the files of a project while somebody looks, and telling what changes for whom."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from notify.preview.mailbox import folders_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notify import Notifier
    from notify.preview.events import Hub
    from notify.preview.inspecting import Inspector
    from notify.preview.mailbox import Mailbox
    from notify.preview.project import Project
    from notify.preview.renderings import Renderings

    Places = tuple[list[Path], list[Path]]

_log = logging.getLogger("notify.preview")
_STEP, _DEBOUNCE = 10, 100
"""Milliseconds: changes within a step belong together, and none waits longer than the other."""
_LATER = 1.0
"""Seconds until folders that are not there yet are looked for again."""


class Watcher:
    """Follows the files in the event loop of the first page that listens, until the last one has gone."""

    def __init__(
        self, project: Project, renderings: Renderings, inspector: Inspector, hub: Hub, mailbox: Mailbox
    ) -> None:
        self._project = project
        self._renderings = renderings
        self._inspector = inspector
        self._hub = hub
        self._mailbox = mailbox
        self._task: asyncio.Task[None] | None = None

    def adjust(self) -> None:
        """Start where somebody listens and nothing watches, stop where nobody does. Called in the event loop."""
        if len(self._hub) and self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._watch())
        elif not len(self._hub) and self._task is not None:
            self._task.cancel()
            self._task = None
            self._project.followed = False

    async def _watch(self) -> None:
        mail = self._mailbox.latest_change()
        while True:
            places = roots, above = self._roots(), self._above()
            # Whichever ends first ends both, since what is to be watched is then another.
            loops = [asyncio.create_task(self._follow(roots, places, recursive=True))] if roots else []
            loops += [asyncio.create_task(self._follow(above, places, recursive=False))] if above else []
            try:
                await asyncio.sleep(0)  # now they watch: what nobody told of came before
                self._project.followed = self._project.follows
                await asyncio.to_thread(self._begin)
                if mail != (mail := self._mailbox.latest_change()):
                    self._hub.publish("mail")
                if not loops:
                    await asyncio.sleep(_LATER)
                    continue
                done, _ = await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if (error := task.exception()) is not None:
                        _log.debug("watching again: %s", error)
                        await asyncio.sleep(_LATER)
            finally:
                for task in loops:
                    task.cancel()
                await asyncio.gather(*loops, return_exceptions=True)

    async def _follow(self, folders: list[Path], places: Places, *, recursive: bool) -> None:
        """Take what changes in some folders, until there are other places to watch than these."""
        from watchfiles import awatch

        real = [(folder.resolve(), folder) for folder in folders]
        watch = awatch(*folders, step=_STEP, debounce=_DEBOUNCE, watch_filter=None, recursive=recursive)
        async for changes in watch:
            paths = {_as_given(Path(path), real) for _, path in changes}
            await asyncio.to_thread(self.take, paths)
            if await asyncio.to_thread(lambda: (self._roots(), self._above())) != places:
                return

    def _begin(self) -> None:
        self._inspector.forget()
        self._project.forget_sources()
        self.catch_up()
        self._inspector.start()

    def look(self) -> None:
        """Catch up with the files, unless they are watched."""
        if not self._project.followed:
            self.catch_up()

    def catch_up(self) -> None:
        """Find out what has changed although nobody told of it, and tell it."""
        before, trouble = self._project.notifier, str(self._project.trouble)
        self._tell(self._project.refresh() | self._renderings.changed(), before, trouble)

    def _roots(self) -> list[Path]:
        """The folders that are watched with all that is below them."""
        configuration = self._project.notifier.configuration
        project = (*configuration.notifications, *configuration.templates, configuration.attachments)
        followed = (*project, *configuration.plugins) if self._project.follows else ()
        return sorted({folder for folder in (*followed, *self._mailbox.folders) if folder.is_dir()})

    def _above(self) -> list[Path]:
        """The folders in which notify.yaml lies, and in which roots may appear."""
        configuration = self._project.notifier.configuration
        if not self._project.follows:
            return []
        above = {configuration.base, *(folder.parent for folder in self._mailbox.folders)}
        return sorted(folder for folder in above if folder.is_dir())

    def take(self, paths: Iterable[Path]) -> None:
        """Find out what these changes mean, and tell it."""
        paths = set(paths)
        if any(path.is_relative_to(folder) for path in paths for folder in self._mailbox.folders):
            self._hub.publish("mail")
        if not self._project.follows:
            return
        configuration = self._project.notifier.configuration
        before, trouble = self._project.notifier, str(self._project.trouble)
        if any(_below(path, configuration.plugins) and path.suffix == ".py" for path in paths):
            self._project.reload()
        if any(_below(path, configuration.templates) for path in paths):
            self._project.forget_sources()
        changed = self._renderings.affected(paths)
        if any(path == configuration.path or _below(path, configuration.notifications) for path in paths):
            changed |= self._project.refresh()
        self._tell(changed, before, trouble)

    def _tell(self, changed: set[str], before: Notifier, trouble: str) -> None:
        everything = self._project.notifier.configuration is not before.configuration
        if everything:
            changed = changed | self._project.entries.keys()
            self._mailbox.look_into(folders_of(self._project.notifier))
        if trouble != str(self._project.trouble):
            self._hub.publish("trouble", message=str(self._project.trouble or ""))
        if changed or before is not self._project.notifier:
            self._project.forget_sources()
            self._renderings.forget(changed)
            self._inspector.forget(changed)
            self._inspector.busy()
            self._hub.publish("changed", notifications=sorted(changed), all=everything)
            self._inspector.start()


def _below(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _as_given(path: Path, real: list[tuple[Path, Path]]) -> Path:
    """The path below the folder as it was named, where the system tells the one behind links."""
    for resolved, folder in real:
        if resolved != folder and path.is_relative_to(resolved):
            return folder / path.relative_to(resolved)
    return path
