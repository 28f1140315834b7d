"""`notify doctor` and a transport that signs: its keys, and whether the DNS has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from servers.dkim_keys import ED25519, RSA, SHORT, pem
from servers.dkim_verifiers import strings
from servers.dns import DnsServer

from notify.secret import Secret
from notify.testing import ScriptedServer
from notify_smtp.keys import read_keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli.running import Run

KEYS = read_keys(Secret(pem(RSA, ED25519)), ("r1", "e1"), "keys")
RECORDS = {key.selector: key.record for key in KEYS}
OTHER = read_keys(Secret(SHORT), ("r1",), "keys")[0].record
NAME = "r1._domainkey.acme.example"
CONFIGURATION = """\
sender: SENDER
default_environment: production
environments: {production: {transport: relay}}
transports:
  relay: {type: smtp, host: 127.0.0.1, port: PORT, tls: none, dkim_domain: acme.example, dkim_selector: SELECTORS,
          dkim_key_file: dkim.pem}
  plain: {type: smtp, host: 127.0.0.1, port: PORT, tls: none}
  several: {type: failover, transports: [relay, plain]}
"""


class Project:
    """A project that signs, in the working directory."""

    def __init__(self, folder: Path, port: int, run: Run) -> None:
        self._folder, self._port, self._run = folder, port, run
        (folder / "notifications").mkdir()
        self.configure()

    def configure(self, sender: str = "hello@acme.example", **keys: str) -> None:
        """Write it anew: with this sender, and keys by selectors."""
        keys = keys or {"r1": RSA}
        (self._folder / "dkim.pem").write_text(pem(*keys.values()))
        text = CONFIGURATION.replace("SENDER", sender).replace("PORT", str(self._port))
        (self._folder / "notify.yaml").write_text(text.replace("SELECTORS", f"[{', '.join(keys)}]"))

    def doctor(self, *records: tuple[str, str], check: str = "dkim", arguments: tuple[str, ...] = ()) -> list[Any]:
        """The diagnoses of a check, with TXT records of these names and texts."""
        with DnsServer([(f"{name}.", "TXT", strings(text)) for name, text in records]) as server:
            result = self._run("doctor", *arguments, "--dns", "--resolver", server.address, "--json")
        return [each for each in json.loads(result.stdout)["diagnoses"] if each["check"] == check]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[Project]:
    """The project."""
    monkeypatch.chdir(tmp_path)
    with ScriptedServer({"tls": "none", "auth": []}) as server:
        yield Project(tmp_path, server.port, run)


@pytest.mark.usefixtures("project")
def test_without_dns(run: Run) -> None:
    """The keys are told: kind, length, selector and domain."""
    result = run("doctor")

    assert "✓ ok       dkim          mail is signed for acme.example by RSA of 2048 bits (selector r1)" in result.stdout
    assert 0 == result.exit_code


def test_a_short_key(project: Project) -> None:
    """An RSA key of fewer than 2048 bits works, and is a warning."""
    project.configure(r1=SHORT)
    own, _ = project.doctor()

    assert ("warning", "mail is signed for acme.example by RSA of 1024 bits (selector r1)") == (
        own["status"],
        own["found"],
    )
    assert "2048" in own["advice"]


def test_the_keys_of_the_dns_match(project: Project) -> None:
    """Each selector has a diagnosis of its own."""
    project.configure(r1=RSA, e1=ED25519)
    records = [(f"{selector}._domainkey.acme.example", record) for selector, record in RECORDS.items()]
    own, *compared = project.doctor(*records)

    assert "RSA of 2048 bits (selector r1) and Ed25519 (selector e1)" in own["found"]
    assert [
        ("ok", "the key at r1._domainkey.acme.example is the one that signs"),
        ("ok", "the key at e1._domainkey.acme.example is the one that signs"),
    ] == [(each["status"], each["found"]) for each in compared]


@pytest.mark.parametrize(
    "text",
    [
        RECORDS["r1"].replace("k=rsa; ", ""),
        RECORDS["r1"].replace("v=DKIM1; ", "").replace("k=rsa", " K = x ; k = RSA ; n=a note; t=s; h=sha1:sha256; s=*"),
        RECORDS["r1"].replace("p=MIIB", "p=MI IB\t") + " ;",
    ],
)
def test_other_writing_of_the_same_key(project: Project, text: str) -> None:
    """Tags that may be left out, further ones, and blanks make no difference."""
    _, compared = project.doctor((NAME, text))

    assert "ok" == compared["status"]


@pytest.mark.parametrize(
    ("texts", "found", "advice"),
    [
        ([], f"there is no key at {NAME}", f"Publish TXT at {NAME}: {RECORDS['r1']}"),
        (["v=spf1 -all"], f"there is no key at {NAME}", "Publish TXT"),
        (["v=DKIM1; k=rsa; p="], f"the key at {NAME} was revoked", "a new selector"),
        ([OTHER], "is not the one that signs: receivers find every signature wrong", f"Publish TXT at {NAME}: v=DKIM1"),
        ([RECORDS["r1"][:-9]], "is not the one that signs", "Publish TXT"),
        ([RECORDS["r1"].replace("k=rsa", "k=ed25519")], "is not the one that signs", "Publish TXT"),
        ([RECORDS["r1"], OTHER], f"there are 2 keys at {NAME}", "Leave one"),
        ([f"{RECORDS['r1']}; t=y:s"], "says that it is a test (t=y)", "Take t=y out"),
        ([f"{RECORDS['r1']}; h=sha1"], "is not for SHA-256 (h=sha1)", "Take h= out"),
        ([f"{RECORDS['r1']}; s=tlsrpt"], "is not for mail (s=tlsrpt)", "Take s= out"),
    ],
    ids=range(10),
)
def test_keys_of_the_dns_that_do_not_do(project: Project, texts: list[str], found: str, advice: str) -> None:
    """What is missing, another, or not to be used is a warning that says what to publish."""
    _, compared = project.doctor(*((NAME, text) for text in texts))

    assert "warning" == compared["status"]
    assert found in compared["found"]
    assert advice in compared["advice"]


@pytest.mark.usefixtures("project")
def test_by_way_of_an_alias(run: Run) -> None:
    """A CNAME that leads to a key is followed, and told where it leads to none."""
    alias = [(f"{NAME}.", "CNAME", "k.provider.example.")]
    with DnsServer([*alias, ("k.provider.example.", "TXT", strings(RECORDS["r1"]))]) as server:
        good = run("doctor", "--resolver", server.address)
    with DnsServer(alias) as server:
        bad = run("doctor", "--resolver", server.address)

    assert f"the key at {NAME} is the one that signs" in good.stdout
    assert f"there is no key at {NAME} (it leads to k.provider.example)" in bad.stdout


def test_a_sender_below_the_domain(project: Project) -> None:
    """The key is looked up where the signature says, not below the sender's domain."""
    project.configure("hello@news.acme.example")
    _, compared = project.doctor((NAME, RECORDS["r1"]))

    assert f"the key at {NAME} is the one that signs" == compared["found"]


def test_a_sender_of_another_domain(project: Project) -> None:
    """Mail from there would not be sent, which is a failure, and not one of the DNS."""
    project.configure("hello@other.example")
    *_, sender = project.doctor(check="sender")

    assert ("failed", "the sender hello@other.example cannot be signed for the domain acme.example (dkim_domain)") == (
        sender["status"],
        sender["found"],
    )
    assert 1 == len(project.doctor())


def test_within_a_group(project: Project) -> None:
    """A group has the keys of its members, each looked up once."""
    own, compared = project.doctor((NAME, RECORDS["r1"]), arguments=("several",))

    assert "relay" == own["transport"]
    assert f"the key at {NAME} is the one that signs" == compared["found"]


@pytest.mark.usefixtures("project")
def test_a_key_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """It is a failure of the configuration, with what to do."""
    (tmp_path / "dkim.pem").write_text("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n")
    result = run("doctor")

    assert "holds a PUBLIC KEY, where a PRIVATE KEY is expected" in result.stdout
    assert 2 == result.exit_code
