"""The files of a project as they were at a git revision, and which have changed since."""

from __future__ import annotations

import io
import subprocess
import tarfile
from typing import TYPE_CHECKING

from notify.configuration import Configuration
from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PATIENCE = 30


class Repository:
    """The git repository that a configuration lies in.

    Args:
        configuration: the project as it is now.

    Raises:
        ConfigError: the configuration has no file.
    """

    def __init__(self, configuration: Configuration) -> None:
        if configuration.path is None:
            raise ConfigError("there is no notify.yaml, so that no revision of it can be found")
        self._base = configuration.base
        self._file = configuration.path.name

    def commit(self, revision: str) -> str:
        """The full name of the commit that a revision means.

        Raises:
            ConfigError: git is not there, or knows no such revision.
        """
        if "\0" in revision:
            raise ConfigError("git knows no such revision")
        found = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return found.decode().strip()

    def extract(self, commit: str, folder: Path, *, revision: str) -> Configuration:
        """Write notify.yaml of a commit, and the folders that it names, below `folder`; the configuration there.

        Raises:
            ConfigError: notify.yaml was not there, or wrong; the message calls the commit `revision`.
        """
        self._extract(commit, folder, [self._file])
        if not (folder / self._file).is_file():
            raise ConfigError(f"there was no {self._file} here at {revision}")
        configuration = Configuration.load(folder / self._file)
        named = (*configuration.notifications, *configuration.templates, configuration.attachments)
        below = [path.relative_to(folder).as_posix() for path in named if _is_below(path, folder)]
        self._extract(commit, folder, below)
        return configuration

    def changed(self, commit: str) -> set[str]:
        """The files, relative to the project, that differ from a commit or are not in it; those that were removed, too.

        Raises:
            ConfigError: git is not there, or fails.
        """
        differing = self._git("diff", "--name-only", "--relative", "--no-renames", "-z", commit, "--", ".")
        others = self._git("ls-files", "--others", "--exclude-standard", "-z", "--", ".")
        return {name for name in (differing + others).decode("utf-8", "surrogateescape").split("\0") if name}

    def _extract(self, commit: str, folder: Path, names: Sequence[str]) -> None:
        """Those of the files and folders that there were; a repository may hold much besides."""
        there = self._git("ls-tree", "--name-only", "-z", commit, "--", *names).decode("utf-8", "surrogateescape")
        found = [name for name in there.split("\0") if name]
        if found:
            archive = self._git("archive", "--format=tar", commit, "--", *found)
            with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
                for member in tar:
                    tar.extract(member, folder, filter=_harmless)

    def _git(self, *arguments: str) -> bytes:
        command = ["git", "--literal-pathspecs", "-C", str(self._base), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603
        except OSError:
            raise ConfigError("git is not there, so that nothing can be compared with a revision") from None
        except subprocess.TimeoutExpired:
            raise ConfigError(f"git takes longer than {_PATIENCE} seconds") from None
        if done.returncode != 0:
            words = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ConfigError(f"git knows no such revision: {words[0]}" if words else "git knows no such revision")
        return done.stdout


def _is_below(path: Path, folder: Path) -> bool:
    return path != folder and path.is_relative_to(folder) and ".." not in path.parts


def _harmless(member: tarfile.TarInfo, folder: str) -> tarfile.TarInfo | None:
    """The file, unless it is a link that leads out of the folder, or the like (PEP 706)."""
    try:
        return tarfile.data_filter(member, folder)
    except tarfile.FilterError:
        return None
