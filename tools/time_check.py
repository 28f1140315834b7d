"""Measures `notify check`: the examples' shop, and many notifications made of the shop's, cold and warm.

```
python tools/time_check.py [HOW_MANY]
```
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
_NOT_COPIED = shutil.ignore_patterns(".notify", "golden")
_WARM_RUNS = 3


def multiplied(folder: Path, count: int) -> Path:
    """A copy of the shop with so many notifications: its own again and again, under new names, templates too."""
    shutil.copytree(SHOP, folder, ignore=_NOT_COPIED)
    definitions = sorted((folder / "notifications").glob("*.yaml"))
    for number in range(len(definitions), count):
        definition = definitions[number % len(definitions)]
        name = definition.stem
        copied = f"{name}_{number}"
        text = definition.read_text(encoding="utf-8").replace(f"{name}.", f"{copied}.")
        definition.with_stem(copied).write_text(text, encoding="utf-8")
        for template in sorted((folder / "templates").glob(f"{name}.*")):
            shutil.copyfile(template, template.with_name(copied + template.name.removeprefix(name)))
    return folder


def seconds(project: Path, *options: str) -> float:
    """How long `notify check` takes, from the start of its process to the end."""
    command = [sys.executable, "-m", "notify", "--config", str(project), "check", "--jobs", "2", *options]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - the project's own command
    return time.perf_counter() - start


def main() -> None:
    """Print how long the shop takes, and the many."""
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    with tempfile.TemporaryDirectory() as name:
        for many in (0, count):
            project = multiplied(Path(name) / str(many), many)
            what = f"{many} notifications" if many else "the shop"
            cold = seconds(project)
            warm = min(seconds(project) for _ in range(_WARM_RUNS))
            print(f"{what}: {cold:.2f} s cold, {warm:.2f} s warm")


if __name__ == "__main__":
    main()
