"""How much is done: little by default; `make crash` sets NOTIFY_CRASH_ROUNDS."""

from __future__ import annotations

import os

# As they are when the tests are collected: each test begins without any.
ROUNDS = int(os.environ.get("NOTIFY_CRASH_ROUNDS", "40"))
"""How many workers are killed in all, and how many enqueuers."""
IS_FULL = ROUNDS >= 200
"""Whether there is time for all of it."""
SEED = int(os.environ.get("NOTIFY_CRASH_SEED", "7"))
"""What the chances of a run come from."""
