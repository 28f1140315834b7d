"""The kit finds what a transport does wrong; that right ones pass is shown by the built-in ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

# What is made of Rust can be imported only once by a process, and runs within this one forget what they import.
import pytest
import trustme  # noqa: F401

import notify.testing.conformance
from notify.testing.conformance import SmtpCounterpart

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = "pytester"

KEEPER = """
import email.policy
from notify import Receipt, Secret, Transport, TemporaryError, RefusedError, setting
from notify.errors import NotifyError
from notify.testing.conformance import SmtpCounterpart, Taken, TransportConformance

class Keeper(Transport):
    '''Keeps messages.'''

    key: Secret = setting("The key.", default=Secret("hunter2-of-the-kit"))

    def __init__(self, **settings):
        super().__init__(**settings)
        self.kept = []

    def send(self, message):
        self.kept.append(Taken(message.envelope.recipients, self.data(message)))
        return self.receipt(message)

    def data(self, message):
        return message.as_bytes()

class Case(TransportConformance):
    secrets = ("hunter2-of-the-kit",)

    def taken(self, transport, peer, folder):
        return transport.kept

class TestIt(Case):
    def transport(self, peer, folder):
        return Wrong()
"""
WRONG = {
    "test_blind_copies_stay_blind": """
class Wrong(Keeper):
    def data(self, message):
        return b"Bcc: " + ", ".join(each.email for each in message.bcc).encode() + b"\\r\\n" + message.as_bytes()
""",
    "test_the_receipt_names_everyone": """
class Wrong(Keeper):
    def send(self, message):
        super().send(message)
        return Receipt(message.message_id, self.name, tuple(each.email for each in message.to))
""",
    "test_domains_in_any_script": """
class Wrong(Keeper):
    def data(self, message):
        return message.as_bytes().replace(b"xn--bcher-kva.example", "bücher.example".encode())
""",
    "test_headers_are_folded_and_read_back": """
class Wrong(Keeper):
    def data(self, message):
        head, _, body = message.as_bytes().partition(b"\\r\\n\\r\\n")
        return head.replace(b"\\r\\n ", b" ") + b"\\r\\n\\r\\n" + body
""",
    "test_text_arrives_as_it_is": """
class Wrong(Keeper):
    def data(self, message):
        return message.as_bytes().replace(b"\\r\\n..", b"\\r\\n.")
""",
    "test_inline_images": """
class Wrong(Keeper):
    def data(self, message):
        return message.as_bytes().replace(b"Content-ID", b"X-Content-ID")
""",
    "test_large_attachments": """
class Wrong(Keeper):
    def data(self, message):
        return message.as_bytes()[:1_000_000]
""",
    "test_secrets_are_not_shown": """
class Wrong(Keeper):
    def __repr__(self):
        return f"<Wrong {self.key.reveal()}>"
""",
    "test_threads_share_it": """
import time
class Wrong(Keeper):
    def send(self, message):
        self.message = message
        time.sleep(0.002)
        return super().send(self.message)
""",
    "test_a_stream_carries_all_in_order": """
class Wrong(Keeper):
    def stream(self, feed, settle):
        messages = []
        while (message := feed.next()) is not None:
            messages.insert(0, message)
        for message in messages:
            settle(self.send(message))
""",
    "test_closing_is_not_the_end": """
class Wrong(Keeper):
    def send(self, message):
        if self.kept is None:
            raise TemporaryError("closed")
        return super().send(message)
    def close(self):
        self.kept = None
""",
    "test_its_declarations_are_sound": """
class Wrong(Keeper):
    loft: str = setting("", default="")
""",
    "test_what_it_cannot_use_does_no_harm": """
class Wrong(Keeper):
    '''Keeps.'''
    def send(self, message):
        if message.tags:
            raise RefusedError("no tags here")
        return super().send(message)
""",
    "test_verify_works_with_a_good_server": """
class Wrong(Keeper):
    def verify(self):
        raise TemporaryError("not now")
""",
}


@pytest.fixture
def outcomes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs the kit over a transport; the names of the tests that fail, without their parameters."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(source: str) -> set[str]:
        pytester.makepyfile(source)
        recorder = pytester.inline_run("-p", "no:cacheprovider")
        _, _, failed = recorder.listoutcomes()
        return {report.nodeid.rpartition("::")[2].partition("[")[0] for report in failed if report.when == "call"}

    return run


@pytest.mark.parametrize("test", WRONG)
def test_each_fault_of_a_transport_is_found(test: str, outcomes: object) -> None:
    """A transport that does one thing wrong fails the test of that thing."""
    assert callable(outcomes)
    assert test in outcomes(f"{KEEPER}\n{WRONG[test]}")


def test_a_right_one_passes(outcomes: object) -> None:
    """One that does nothing wrong fails no test."""
    assert callable(outcomes)
    assert set() == outcomes(f"{KEEPER}\nWrong = Keeper")


def test_without_a_server_s_faults_told(outcomes: object) -> None:
    """One that tells each fault by the same error, with the key in it, fails for each fault that is another."""
    assert callable(outcomes)
    source = """
import smtplib
class Wrong(Transport):
    '''Sends as a script would.'''
    def __init__(self, peer):
        super().__init__()
        self.peer = peer
    def send(self, message):
        import ssl
        try:
            with smtplib.SMTP(self.peer.host, self.peer.port, timeout=self.peer.timeout) as client:
                client.starttls(context=ssl.create_default_context(cafile=str(self.peer.ca_file)))
                client.login(self.peer.username, self.peer.secret)
                client.sendmail(message.envelope.sender, message.envelope.recipients, message.as_bytes())
        except Exception as error:
            raise TemporaryError(f"{error} {self.peer.secret}", transport="wrong", phase="send") from error
        return self.receipt(message)
class TestIt(TransportConformance):
    counterpart = SmtpCounterpart
    def transport(self, peer, folder):
        return Wrong(peer)
"""
    assert {
        "test_each_fault_has_its_error",
        "test_a_fault_is_told_in_a_stream_too",
        "test_a_refused_recipient_stops_no_other",
        "test_a_refused_message_stops_no_other",
        "test_a_stream_tells_of_each_message_in_order",
        "test_verify_fails_where_sending_would",
    } <= outcomes(KEEPER.replace("class TestIt", "class It") + source)


def test_a_case_without_a_transport() -> None:
    """A subclass that forgets to say what is tested is told so."""
    case = notify.testing.conformance.TransportConformance()

    with pytest.raises(NotImplementedError, match="TransportConformance must define `transport`"):
        case.transport(None, None)  # type: ignore[arg-type]


def test_every_fault_is_a_script(tmp_path: Path) -> None:
    """The counterpart can be started with each fault that it names."""
    counterpart = SmtpCounterpart(tmp_path)
    for fault in ("", *counterpart.faults):
        with counterpart.start(fault) as peer:
            assert peer.secret not in repr(peer)
            assert [] == list(counterpart.taken(peer))
    assert counterpart.slow < counterpart.faults.keys()
