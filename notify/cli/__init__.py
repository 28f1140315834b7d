"""The command `notify`: a thin layer over the Python interface."""

from __future__ import annotations


def main() -> None:
    """Run the command with the arguments of the process."""
    import io
    import sys

    from notify.cli.group import notify

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still shows the rest
    notify.main(prog_name="notify")
