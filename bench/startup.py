"""CPU seconds, user and system, of whole processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop" / "notify.yaml"
NOTIFY = str(Path(sys.executable).with_name("notify"))
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import click": [sys.executable, "-c", "import click"],
    "import jinja2": [sys.executable, "-c", "import jinja2"],
    "import notify": [sys.executable, "-c", "import notify"],
    "import notify, Notifier": [sys.executable, "-c", "from notify import Notifier"],
    "notify --help": [NOTIFY, "--help"],
    "notify render": [NOTIFY, "--config", str(SHOP), "render", "order_confirmation", "--format", "html"],
}


def main(rounds: int = 11) -> None:
    """Print the medians."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(_cpu(command))
    for name, each in times.items():
        print(f"{name:28} {statistics.median(each):6.3f} s CPU")


def _cpu(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


if __name__ == "__main__":
    main()
