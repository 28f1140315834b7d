"""Golden files: mails as they were found right, which later renderings are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.atomic import write_atomically
from notify.errors import ConfigError
from notify.preview.state import NO_SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from notify.preview.state import State


class Golden:
    """A folder with `<notification>/<sample>.<locale>.eml` for each mail that was kept.

    Args:
        folder: the folder; need not exist.
        base: paths in messages are relative to it.
        writable: whether mails may be kept.
    """

    def __init__(self, folder: Path, base: Path, *, writable: bool) -> None:
        self._folder = folder
        self._base = base
        self.writable = writable

    def read(self, state: State, locale: str) -> bytes:
        """The golden file of a mail.

        Raises:
            ConfigError: there is none, or it cannot be read.
        """
        path = self._path(state, locale)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise ConfigError(f"there is no golden file {self.shown(state, locale)} yet") from None
        except OSError as error:
            raise ConfigError(f"{self.shown(state, locale)} cannot be read: {error.strerror}") from error

    def write(self, state: State, locale: str, data: bytes) -> str:
        """Keep a mail; the path of the file, as it is shown.

        Raises:
            ConfigError: it cannot be written.
        """
        if not self.writable:
            raise ConfigError("golden files are written on the machine where the files are, with `notify preview`")
        path = self._path(state, locale)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)
        except OSError as error:
            raise ConfigError(f"{self.shown(state, locale)} cannot be written: {error.strerror}") from error
        return self.shown(state, locale)

    def shown(self, state: State, locale: str) -> str:
        """The path of a mail's golden file, for people."""
        path = self._path(state, locale)
        return path.relative_to(self._base).as_posix() if path.is_relative_to(self._base) else str(path)

    def _path(self, state: State, locale: str) -> Path:
        # The notification and the sample are known ones by now; a theme is a name that notify.yaml checked.
        parts = ("none" if state.sample == NO_SAMPLE else state.sample, locale)
        theme = (state.theme,) if state.theme else ()
        return self._folder / state.notification / f"{'.'.join((*parts, *theme))}.eml"
