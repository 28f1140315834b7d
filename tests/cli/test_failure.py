"""`notify.cli.failure`: exit codes and words."""

from __future__ import annotations

import pytest

from notify import (
    AddressError,
    ConfigError,
    DefinitionError,
    ParamsError,
    RefusedError,
    RenderError,
    TemporaryError,
    ThrottledError,
    TransportConfigError,
    UnknownNotificationError,
    UnknownOutcomeError,
)
from notify.cli.failure import describe, exit_code
from notify.errors import Location


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("x"), 2),
        (DefinitionError([]), 2),
        (UnknownNotificationError("x", []), 2),
        (ParamsError("x", []), 2),
        (RenderError("x", Location("a.html", 1)), 2),
        (AddressError("x"), 2),
        (RefusedError("x"), 1),
        (TransportConfigError("x"), 1),
        (UnknownOutcomeError("x"), 1),
        (TemporaryError("x"), 75),
        (ThrottledError("x"), 75),
        (OSError(2, "x"), 1),
        (RuntimeError("x"), 1),
    ],
)
def test_exit_codes(error: Exception, code: int) -> None:
    """Each class of error has its exit code: 1 not sent, 2 to be mended by the caller, 75 to be tried again."""
    assert code == exit_code(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConfigError("what is wrong"), "what is wrong"),
        (FileNotFoundError(2, "No such file", "a.txt"), "a.txt: No such file"),
        (OSError(28, "No space left"), "No space left"),
    ],
)
def test_words(error: Exception, words: str) -> None:
    """Errors of the tree speak for themselves; those of the system name the file."""
    assert words == describe(error)


def test_words_of_the_unexpected() -> None:
    """What nobody foresaw is named, with how to learn more."""
    words = describe(KeyError("x"))

    assert "unexpected KeyError: 'x'" in words
    assert "--debug" in words
