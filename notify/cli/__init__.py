"""The command `notify`: a thin layer over the Python interface."""

from __future__ import annotations


def main() -> None:
    """Run the command with the arguments of the process."""
    import io
    import os
    import sys

    from notify.cli.group import notify

    # Python has None for what the caller closed, as in `notify list >&-`.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - until the process ends
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still shows the rest
    notify.main(prog_name="notify")
