"""The settings of DKIM: which keys can be read, what is wrong with others, and that no key is seen anywhere."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from servers.dkim_keys import (
    ED25519,
    LOCKED,
    LOCKED_TRADITIONAL,
    OPENSSH,
    OTHER,
    PUBLIC,
    RSA,
    SHORT,
    TINY,
    TRADITIONAL,
    pem,
)
from servers.dkim_verifiers import Verdict, by_dkimpy, record
from servers.dns import DnsServer
from servers.scripted import a_message

from notify import Notifier, TransportConfigError
from notify.cli.group import notify
from notify.errors import ConfigError
from notify.secret import Secret
from notify.testing import ScriptedServer
from notify_smtp import SmtpTransport
from notify_smtp.keys import read_keys

if TYPE_CHECKING:
    from pathlib import Path

    from servers.scripted import Connect, Serve

BROKEN = RSA[:600] + RSA[700:]
CUT = RSA[:600]
SETTINGS: dict[str, Any] = {"dkim_domain": "acme.example", "dkim_selector": "s1", "dkim_key": RSA}


def signing(**settings: Any) -> SmtpTransport:
    """A transport with the usual settings of DKIM and others; None leaves one out."""
    given = {name: value for name, value in {**SETTINGS, **settings}.items() if value is not None}
    return SmtpTransport(name="relay", host="localhost", **given)


@pytest.mark.parametrize(
    "text",
    [RSA, TRADITIONAL, ED25519, SHORT, f"a comment\n{RSA}\n\n", RSA.replace("\n", "\\n"), RSA.replace("\n", "\r\n")],
    ids=["pkcs8", "pkcs1", "ed25519", "1024 bits", "with a comment", "with \\n", "with crlf"],
)
def test_keys_that_can_be_read(serve: Serve, connect: Connect, text: str) -> None:
    """Each form that openssl writes is taken, also as variables have it, and signs what verifies."""
    server = serve()
    connect(server, **{**SETTINGS, "dkim_key": text}).send(a_message())
    with DnsServer([record(key) for key in read_keys(Secret(text), ("s1",), "key")]) as dns:
        verdicts = by_dkimpy(dns, server.messages[0].data)

    assert [[Verdict("s1", "pass")]] == verdicts


def test_a_key_in_a_file(tmp_path: Path) -> None:
    """The file is named as other paths are, from the folder of the configuration; it may hold both keys."""
    (tmp_path / "dkim.pem").write_text(pem(RSA, ED25519))
    transport = SmtpTransport(
        base=tmp_path, host="localhost", dkim_domain="acme.example", dkim_selector="s1, e1", dkim_key_file="dkim.pem"
    )
    (first, *_) = transport.diagnose()

    assert "mail is signed for acme.example by RSA of 2048 bits (selector s1) and Ed25519 (selector e1)" == first.found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "setting 'dkim_key': expected a secret"),
        ("dkim.pem", "setting 'dkim_key' holds no private key in PEM"),
        (CUT, "holds no private key in PEM"),
        (BROKEN, "cannot be read: was it copied whole"),
        (PUBLIC, "holds a PUBLIC KEY, where a PRIVATE KEY is expected"),
        (LOCKED, "passphrase"),
        (LOCKED_TRADITIONAL, "passphrase"),
        (OPENSSH, "a key of OpenSSH"),
        (OTHER, "neither RSA nor Ed25519"),
        (TINY, "has 512 bits, and receivers take no signature by less than 1024"),
        (pem(RSA, ED25519), "has 2 in PEM, and dkim_selector names 1: give one selector for each private key"),
    ],
    ids=lambda text: text if len(text) < 200 else "",
)
def test_keys_that_cannot_be_used(text: str, words: str) -> None:
    """The error says what is wrong and what to do, and nothing of the key."""
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        signing(dkim_key=Secret(text) if text else text)
    frames = traceback.StackSummary.extract(traceback.walk_tb(caught.value.__traceback__), capture_locals=True)
    shown = "".join(traceback.StackSummary.from_list(frames[1:]).format())

    assert str(caught.value).startswith("relay: ")
    assert [] == [line for line in text.splitlines() if len(line) > 40 and line in shown]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"dkim_domain": None}, "setting 'dkim_domain' is missing: signing with DKIM takes"),
        ({"dkim_selector": None}, "setting 'dkim_selector' is missing"),
        ({"dkim_key": None}, "setting 'dkim_key' is missing"),
        ({"dkim_domain": "acme"}, "has no dot"),
        ({"dkim_domain": "a@acme.example"}, "one '@' too many"),
        ({"dkim_domain": "[192.0.2.1]"}, "is an address, not a domain"),
        ({"dkim_selector": "s 1 r"}, "dkim_selector names 3"),
        ({"dkim_selector": ["s1;"]}, "'s1;' is not a selector"),
        ({"dkim_selector": ["s1\r\nBcc: x"]}, "is not a selector"),
        ({"dkim_selector": "s1 s1"}, "a selector is named twice"),
        ({"dkim_key_file": "nowhere.pem"}, "there is no file"),
    ],
    ids=str,
)
def test_settings_that_contradict(settings: dict[str, Any], words: str) -> None:
    """What is missing or cannot be is told before anything is sent."""
    with pytest.raises(ConfigError, match=re.escape(words)):
        signing(**settings)


def test_a_key_and_a_file(tmp_path: Path) -> None:
    """One of them is enough; which one would sign if there were two?"""
    (tmp_path / "dkim.pem").write_text(RSA)
    with pytest.raises(ConfigError, match="give one of dkim_key and dkim_key_file"):
        signing(dkim_key_file=str(tmp_path / "dkim.pem"))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """A key in DER is named as what it is."""
    (tmp_path / "dkim.der").write_bytes(b"\x30\x82\xff\xfe")
    with pytest.raises(ConfigError, match=r"dkim\.der cannot be read: it is not text"):
        signing(dkim_key=None, dkim_key_file=str(tmp_path / "dkim.der"))


def test_without_cryptography(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, the error says how to install it; mail that is not signed needs it not."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(ConfigError, match=re.escape("pip install 'notify-framework[dkim]'")):
        signing()

    assert SmtpTransport(host="localhost").objection(a_message()) is None


CONFIGURATION = """\
sender: "Acme Shop <hello@acme.example>"
default_environment: development
environments: {{development: {{transport: relay}}, other: {{transport: relay, sender: shop@other.example}}}}
transports:
  relay:
    {{type: smtp, host: 127.0.0.1, port: {port}, tls: none, dkim_domain: acme.example, dkim_selector: s1,
     dkim_key: "${{DKIM_KEY}}", transcript: true}}
"""
COMMANDS = (
    ("send", "hello", "--to", "a@acme.example", "--yes", "--transcript", "--json"),
    ("--debug", "--env", "other", "send", "hello", "--to", "a@acme.example", "--yes"),
    ("transports", "--json"),
    ("transports",),
    ("doctor", "--json"),
    ("doctor",),
    ("explain", "hello", "--to", "a@acme.example"),
    ("explain", "hello", "--to", "a@acme.example", "--json"),
)


def test_the_key_is_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Commands, logs, errors, representations and files show none of its lines; the message is signed by it."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "notifications").mkdir()
    (tmp_path / "notifications" / "hello.yaml").write_text("subject: Hello\ntext: Hello.\nsamples: {default: {}}\n")
    (tmp_path / "secret").write_text(RSA)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DKIM_KEY_FILE", str(tmp_path / "secret"))
    written = {}
    with ScriptedServer({"tls": "none", "auth": []}) as server:
        (tmp_path / "notify.yaml").write_text(CONFIGURATION.format(port=server.port))
        for arguments in COMMANDS:
            result = CliRunner().invoke(notify, arguments)
            written[" ".join(arguments)] = result.output + result.stderr
        with Notifier.load() as notifier:
            transport = notifier.transports["relay"]
            written["transport"] = f"{transport!r} {vars(transport)} {vars(transport._signer)}"  # type: ignore[attr-defined]
            with pytest.raises(TransportConfigError) as caught:
                notifier.send("hello", to="a@acme.example", sender="shop@other.example")
        formatted = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        written["traceback"] = "".join(formatted.format())
    written["log"] = caplog.text + "".join(repr(vars(one)) for one in caplog.records)
    written |= {str(path): path.read_text() for path in tmp_path.rglob("*") if path.is_file() and path.name != "secret"}
    lines = [line for line in RSA.splitlines() if not line.startswith("-")]

    assert b"DKIM-Signature: v=1; a=rsa-sha256;" in server.messages[0].data
    assert "RSA of 2048 bits (selector s1)" in written["doctor"]
    assert "cannot be signed for the domain acme.example" in written["traceback"]
    assert [] == [where for where, text in written.items() if any(line in text for line in lines)]
