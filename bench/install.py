"""Install the peers, apart from the project's own environment: into `.bench/venv` and `.bench/node`.

What cannot be installed is said in one line, and is missing from the tables; without npm, all peers on Node.js are.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
PEERS = ROOT / ".bench"


def main() -> None:
    """Make both environments, or bring them up to date."""
    python = PEERS / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(PEERS / "venv", with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    requirements = BENCH / "requirements.txt"
    # notify and its peers stand on the same libraries, so that none is measured on another version.
    if not _done([*pip, "--editable", str(ROOT), "--requirement", str(requirements)]):
        subprocess.run([*pip, "--editable", str(ROOT)], check=True)
        for line in _requirements(requirements.read_text(encoding="utf-8")):
            if not _done([*pip, line]):
                print(f"{line} cannot be installed")
    _install_node(PEERS / "node")


def _requirements(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _install_node(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: no peers on Node.js")
        return
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(BENCH / "node" / "package.json", folder)
    command = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    if not _done(command):
        print("the packages of bench/node/package.json cannot be installed: no peers on Node.js")


def _done(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    main()
