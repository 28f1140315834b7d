"""`python -m notify`: the command."""

from __future__ import annotations

from notify.cli import main

main()
