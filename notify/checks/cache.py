"""What was found before, for as long as nothing changes that it was found in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import notify
from notify.atomic import write_atomically
from notify.checks.finding import Finding
from notify.errors import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FORMAT = 1


class Cache:
    """Findings of notifications by id, each with the files that they depend on and the digests of these.

    Args:
        path: the file that it is kept in.
        base: the folder that the paths of files are relative to.
        key: what else the findings depend on; another key is another cache.
    """

    def __init__(self, path: Path, base: Path, key: str) -> None:
        self._path = path
        self._base = base
        self._key = key
        self._digests: dict[str, str | None] = {}
        self._entries: dict[str, Any] = self._read()
        self._changed = False
        self._used: set[str] = set()

    def known(self, name: str) -> tuple[tuple[str, ...], list[Finding]] | None:
        """The files and the findings of a notification, if they still hold."""
        entry = self._entries.get(name)
        if entry is None or any(self._digest(path) != digest for path, digest in entry["files"].items()):
            return None
        self._used.add(name)
        return tuple(entry["files"]), [_finding(each) for each in entry["findings"]]

    def put(self, name: str, files: Iterable[str], findings: Sequence[Finding]) -> None:
        """Keep what was found."""
        digests = {path: self._digest(path) for path in files}
        self._entries[name] = {"files": digests, "findings": [each.document() for each in findings]}
        self._used.add(name)
        self._changed = True

    def save(self, names: Iterable[str]) -> None:
        """Write down what is known of these notifications, and what was asked for; without the file if that fails."""
        wanted = {*names, *self._used}
        kept = {name: entry for name, entry in self._entries.items() if name in wanted}
        if not self._changed and kept.keys() == self._entries.keys():
            return
        document = {"format": _FORMAT, "key": self._key, "notifications": kept}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._path, json.dumps(document).encode())
        except OSError:
            return

    def _read(self) -> dict[str, Any]:
        try:
            document = json.loads(self._path.read_bytes())
            if document["format"] != _FORMAT or document["key"] != self._key:
                return {}
            entries: dict[str, Any] = document["notifications"]
        except (OSError, ValueError, LookupError, TypeError):
            return {}
        return entries

    def _digest(self, path: str) -> str | None:
        if path not in self._digests:
            self._digests[path] = digest(self._base / path)
        return self._digests[path]


def digest(path: Path) -> str | None:
    """A digest of a file's content; None if there is no such file."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return None


def code_digest(folders: Iterable[Path]) -> str:
    """A digest of notify itself and of all Python files below the folders of a project's plugins."""
    whole = hashlib.blake2b(notify.__version__.encode(), digest_size=16)
    own = Path(notify.__file__).parent
    for folder in (own / "checks", own / "rendering", own / "markup", *folders):
        for path in sorted(folder.rglob("*.py")):
            whole.update(f"{path.relative_to(folder)}\0{digest(path)}\0".encode())
    return whole.hexdigest()


def _finding(document: Mapping[str, Any]) -> Finding:
    rest = {
        name: document[name] for name in ("rule", "severity", "message", "hint", "notification", "sample", "locale")
    }
    return Finding(Location(document["path"], document["line"], document["column"]), **rest)
