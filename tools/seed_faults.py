"""Plants the faults of `tools/faults.yaml` into copies of the examples' shop, one at a time, and says which are found.

```
python tools/seed_faults.py [WORD]
```

With a word, only the faults that have it in their description. The exit code is 1 if one is missed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from notify import Catalog, Notifier
from notify.checks.checking import check
from notify.configuration import Configuration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.checks.finding import Finding

FAULTS = Path(__file__).with_name("faults.yaml")
SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
_NOT_COPIED = shutil.ignore_patterns(".notify", "golden")


class Edit(NamedTuple):
    """A change of one file: `find` is replaced once, or all of it if that is None; without `write` it is taken away."""

    path: str
    find: str | None
    write: str | None

    def make(self, folder: Path) -> None:
        """Change the file in a folder.

        Raises:
            ValueError: what is to be replaced is not there.
        """
        file = folder / self.path
        if self.write is None:
            file.unlink()
        elif self.find is None:
            file.write_text(self.write, encoding="utf-8")
        else:
            before, found, after = file.read_text(encoding="utf-8").partition(self.find)
            if not found:
                raise ValueError(f"{self.path} does not have {self.find!r}: bring {FAULTS.name} up to date")
            file.write_text(before + self.write + after, encoding="utf-8")


class Fault(NamedTuple):
    """A fault, and where it has to be found.

    Attributes:
        description: what is wrong.
        edits: what makes it wrong, the fault itself first.
        rules: the rules of which one has to find it.
        at: the file where, and the first words of it in the line; None for the first line that differs.
        environment: the environment that is checked.
    """

    description: str
    edits: tuple[Edit, ...]
    rules: tuple[str, ...]
    at: tuple[str, str] | None
    environment: str | None

    def place(self, folder: Path, original: Path) -> tuple[str, int]:
        """The file and the line where it has to be found.

        Raises:
            ValueError: the file does not have the words of `at`.
        """
        if self.at is None:
            path = self.edits[0].path
            return path, _first_difference(_lines(original / path), _lines(folder / path))
        path, words = self.at
        for number, line in enumerate(_lines(folder / path), start=1):
            if words in line:
                return path, number
        raise ValueError(f"{path} does not have {words!r}: bring {FAULTS.name} up to date")


def read_faults() -> list[Fault]:
    """The faults of `tools/faults.yaml`."""
    document = yaml.safe_load(FAULTS.read_text(encoding="utf-8"))
    return [_fault(path, entry) for path, entries in document.items() for entry in entries]


def clean_copy(folder: Path) -> Path:
    """A copy of the shop in which all has been looked at, so that only what is changed is looked at again."""
    copy(SHOP, folder)
    findings(folder)
    return folder


def copy(project: Path, folder: Path) -> None:
    """Copy what a person wrote of a project."""
    shutil.copytree(project, folder, ignore=_NOT_COPIED)


def look_for(fault: Fault, clean: Path, folder: Path) -> tuple[str, tuple[Finding, ...]]:
    """Plant a fault into a copy.

    Args:
        fault: the fault.
        clean: what `clean_copy` made.
        folder: where the copy is to be; must not exist.

    Returns:
        Where the fault is, and what is found in the copy.
    """
    shutil.copytree(clean, folder)
    for edit in fault.edits:
        edit.make(folder)
    path, line = fault.place(folder, clean)
    return f"{path}:{line}", findings(folder, fault.environment)


def is_found(fault: Fault, place: str, found: Sequence[Finding]) -> bool:
    """Whether one of the fault's rules has found something in its line."""
    return any(each.rule in fault.rules and f"{each.location.path}:{each.location.line}" == place for each in found)


def findings(folder: Path, environment: str | None = None) -> tuple[Finding, ...]:
    """What `notify check` finds in a project."""
    with _notifier(folder, environment) as notifier:
        return check(notifier).findings


def _notifier(folder: Path, environment: str | None) -> Notifier:
    return Notifier(configuration=Configuration.load(folder), catalog=Catalog(()), environment=environment)


def _fault(path: str, entry: dict[str, Any]) -> Fault:
    first = Edit(path, entry.pop("find", None), entry.pop("write", None))
    also = entry.pop("also", None)
    rule, at = entry.pop("rule"), entry.pop("at", None)
    rules = (rule,) if isinstance(rule, str) else tuple(rule)
    edits = (first,) if also is None else (first, Edit(*also))
    fault = Fault(entry.pop("fault"), edits, rules, None if at is None else tuple(at), entry.pop("environment", None))
    if entry:
        raise ValueError(f"{FAULTS.name}: {fault.description}: unknown keys: {', '.join(entry)}")
    return fault


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    same = next((number for number, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    return (min(len(one), len(other)) if same is None else same) + 1


def main() -> int:
    """Print each fault and whether it was found; the exit code."""
    wanted = [fault for fault in read_faults() if not sys.argv[1:] or sys.argv[1] in fault.description]
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        clean = clean_copy(Path(name) / "clean")
        for number, fault in enumerate(wanted):
            place, found = look_for(fault, clean, Path(name) / str(number))
            is_missed = not is_found(fault, place, found)
            missed += is_missed
            print(f"{'missed' if is_missed else 'found '}  {place}  {'|'.join(fault.rules)}: {fault.description}")
            for finding in found if is_missed else ():
                print(f"        {finding}")
    print(f"{len(wanted) - missed} of {len(wanted)} faults found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
