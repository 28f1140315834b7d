"""How much is done: little by default; `make crash` sets NOTIFY_CRASH_ROUNDS."""

from __future__ import annotations

import os

# As they are when the tests are collected: each test begins without any.
ROUNDS = int(os.environ.get("NOTIFY_CRASH_ROUNDS", "40"))
"""How many workers are killed in all."""
IS_FULL = ROUNDS >= 200
"""Whether there is time for all of it."""
ENQUEUERS = -(-ROUNDS // 2) if IS_FULL else 10
"""How many enqueuers are killed in each kind of database."""
SEED = int(os.environ.get("NOTIFY_CRASH_SEED", "7"))
"""What the chances of a run come from."""
