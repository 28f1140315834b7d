"""Run the benchmarks that are named, or all."""

from __future__ import annotations

import importlib
import sys

SUITES = ("render", "startup")


def main() -> None:
    """Run each suite under its name."""
    for name in sys.argv[1:] or SUITES:
        if name not in SUITES:
            raise SystemExit(f"there is no suite {name!r}; there are: {', '.join(SUITES)}")
        print(f"== {name}")
        importlib.import_module(name).main()


if __name__ == "__main__":
    main()
