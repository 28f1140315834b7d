"""The `console` transport."""

from __future__ import annotations

import io
import os
import pty
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import notify_console
from notify import Address, ConfigError, Message, TemporaryError
from notify.readable import readable
from notify_console import Console


def message(text: str = "Hello\n") -> Message:
    """A small message."""
    return Message(sender=Address("a@example.com"), to=(Address("b@example.com"),), subject="Hi", text=text)


def test_offers_console() -> None:
    """The plugin offers one transport, by the name `console`."""
    assert {"console": Console} == notify_console.notify_transports()


def test_prints_the_readable_form(capsys: pytest.CaptureFixture[str]) -> None:
    """The message is printed plainly to stdout, with an empty line behind it, and accepted."""
    receipt = Console().send(message())

    assert readable(message()) + "\n" == capsys.readouterr().out
    assert ("b@example.com",) == receipt.accepted
    assert "printed to stdout" == receipt.response


def test_prints_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """The setting `output` moves it to stderr."""
    Console(output="stderr").send(message())

    captured = capsys.readouterr()

    assert "" == captured.out
    assert "Subject:  Hi" in captured.err


def test_refuses_other_streams() -> None:
    """A stream that there is not is a configuration error that names both."""
    with pytest.raises(ConfigError, match=r"stdout \| stderr"):
        Console(output="stdlog")


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colour_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch, no_color: str, coloured: bool) -> None:  # noqa: FBT001
    """A terminal gets bold header names, unless NO_COLOR is set."""
    monkeypatch.setenv("NO_COLOR", no_color)
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        Console().send(message())
        shown = ""
        while "Hi\r\n" not in shown:
            shown += os.read(reader, 10_000).decode()
    os.close(reader)

    assert coloured is ("\x1b[1mSubject:" in shown)
    assert "Hi" in shown


def test_prints_what_the_encoding_lacks_as_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that knows ASCII only gets escapes, not an error."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))

    Console().send(message("Zoë\n"))

    assert b"Zo\\xeb\n" in raw.getvalue()


def test_a_closed_stream_is_a_temporary_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream that nobody can write to is an error of the tree, not of Python."""
    stream = io.StringIO()
    stream.close()
    monkeypatch.setattr(sys, "stdout", stream)

    with pytest.raises(TemporaryError, match="console: cannot print to stdout"):
        Console().send(message())


def test_messages_of_threads_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each message is printed in one piece."""
    written: list[str] = []

    class Stream(io.StringIO):
        def write(self, text: str) -> int:
            written.append(text)
            return len(text)

    monkeypatch.setattr(sys, "stdout", Stream())
    transport = Console()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(transport.send, [message(f"{number}\n") for number in range(40)]))

    assert 40 == len(written)
    assert all(text.startswith("Envelope:") and text.endswith("]\n\n") for text in written)
