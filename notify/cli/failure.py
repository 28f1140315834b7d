"""What the command says, and exits with, when something goes wrong.

| code | meaning |
|---|---|
| 0 | done |
| 1 | a message was not taken, or only by some recipients; or the answer to a question was no |
| 2 | the call, the configuration, a definition, a template or the params are wrong |
| 75 | a message was not taken now; another try may succeed (EX_TEMPFAIL of sysexits.h) |
| 130 | interrupted |
"""

from __future__ import annotations

import click

DONE, FAILED, WRONG, TRY_AGAIN, INTERRUPTED = 0, 1, 2, 75, 130


class Wrong(click.ClickException):
    """The call is wrong in a way that the usage line would not explain."""

    exit_code = WRONG


def exit_code(error: Exception) -> int:
    """The code that the command exits with because of `error`."""
    from notify.errors import DeliveryError, NotifyError, TemporaryError

    if isinstance(error, TemporaryError):
        return TRY_AGAIN
    if isinstance(error, NotifyError) and not isinstance(error, DeliveryError):
        return WRONG
    return FAILED


def describe(error: Exception) -> str:
    """What to tell a person about `error`."""
    from notify.errors import NotifyError

    if isinstance(error, NotifyError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return (
        f"unexpected {type(error).__name__}: {error}\n"
        "  This is a fault of notify or of a plugin; `notify --debug ...` shows where."
    )
