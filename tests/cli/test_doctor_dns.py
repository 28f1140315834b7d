"""`notify doctor --dns`: what a sender's domain tells receivers, asked of a DNS server on loopback."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from servers.dns import DnsServer

from notify.doctor.names import Resolver, SilentError

if TYPE_CHECKING:
    from pathlib import Path

    from cli.running import Run

Record = tuple[str, str, str]
GOOD: list[Record] = [
    ("acme.example.", "MX", "10 mx1.acme.example."),
    ("acme.example.", "MX", "20 mx2.acme.example."),
    ("acme.example.", "TXT", '"some-verification=1"'),
    ("acme.example.", "TXT", '"v=spf1 include:_spf.acme.example" " -all"'),
    ("s1._domainkey.acme.example.", "CNAME", "s1.domainkey.u1.wl.provider.example."),
    ("s2._domainkey.acme.example.", "CNAME", "s2.domainkey.u1.wl.provider.example."),
    ("s1.domainkey.u1.wl.provider.example.", "TXT", '"k=rsa; t=s; p=MIGfMA0"'),
    ("s2.domainkey.u1.wl.provider.example.", "TXT", '"k=rsa; t=s; p=MIGfMA1"'),
    ("_dmarc.acme.example.", "TXT", '"v=DMARC1; p=reject; rua=mailto:dmarc@acme.example"'),
]
PLUGIN = """\
from notify import Capabilities, Transport, hookimpl


class Pigeon(Transport):
    capabilities = Capabilities(delivers=False)
    dkim_selectors = ("s1", "s2")

    def send(self, message):
        return self.receipt(message)


@hookimpl
def notify_transports():
    return {"pigeon": Pigeon}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a transport that signs with two selectors; the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notifications").mkdir()
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "pigeon.py").write_text(PLUGIN)
    (tmp_path / "notify.yaml").write_text(
        "sender: hello@acme.example\nplugins: plugins\nenvironments: {development: {transport: pigeon}}\n"
    )
    return tmp_path


def looked_up(run: Run, *records: Record, instead_of: str = "") -> dict[str, dict[str, Any]]:
    """What is found with good records; further ones stand in for those that this name and type begin.

    Of several diagnoses of one check the last is kept.
    """
    kept = [record for record in GOOD if not instead_of or not " ".join(record).startswith(instead_of)]
    with DnsServer([*kept, *records]) as server:
        document = json.loads(run("doctor", "--dns", "--resolver", server.address, "--json").stdout)
    assert "can" == document["outcome"]
    return {each["check"]: each for each in document["diagnoses"]}


@pytest.mark.usefixtures("folder")
def test_a_domain_in_order(run: Run) -> None:
    """MX, SPF, the keys behind both selectors, and the policy."""
    with DnsServer(GOOD) as server:
        result = run("doctor", "--dns", "--resolver", server.address)
        lines = result.stdout.splitlines()

    assert "DNS of acme.example" in lines
    assert "  ✓ ok       mx            mail for it goes to mx1.acme.example, mx2.acme.example" in lines
    assert "  ✓ ok       spf           v=spf1 include:_spf.acme.example -all" in lines
    for number in "12":
        alias = f"s{number}.domainkey.u1.wl.provider.example"
        assert (
            f"  ✓ ok       dkim          there is a key at s{number}._domainkey.acme.example, by way of {alias}"
            in lines
        )
    assert "  ✓ ok       dmarc         the policy is reject" in lines
    assert 0 == result.exit_code


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("check", "instead_of", "records", "words"),
    [
        ("mx", "acme.example. MX", [], "has no MX record"),
        ("mx", "acme.example. MX", [("acme.example.", "MX", "0 .")], "null MX"),
        ("spf", "acme.example. TXT", [], "has no SPF record"),
        ("spf", "", [("acme.example.", "TXT", '"v=spf1 ~all"')], "has 2 SPF records"),
        ("spf", "acme.example. TXT", [("acme.example.", "TXT", '"v=spf1 +all"')], "everybody may send"),
        ("dkim", "s2._domainkey", [], "there is no key at s2._domainkey.acme.example"),
        ("dkim", "s2.domainkey", [], "leads to s2.domainkey.u1.wl.provider.example"),
        (
            "dkim",
            "s2.domainkey",
            [("s2.domainkey.u1.wl.provider.example.", "TXT", '"v=DKIM1; p="')],
            "the key at s2._domainkey.acme.example was revoked",
        ),
        ("dmarc", "_dmarc", [], "has no DMARC record"),
        ("dmarc", "_dmarc", [("_dmarc.acme.example.", "TXT", '"v=DMARC1; p=none"')], "the policy is none"),
        ("dmarc", "_dmarc", [("_dmarc.acme.example.", "TXT", '"v=DMARC1; rua=x"')], "has no policy"),
        ("dmarc", "", [("_dmarc.acme.example.", "TXT", '"v=DMARC1; p=none"')], "has 2 DMARC records"),
    ],
)
def test_what_is_out_of_order(run: Run, check: str, instead_of: str, records: list[Record], words: str) -> None:
    """Each trouble is a warning of its own, with what to do; mail can be sent all the same."""
    found = looked_up(run, *records, instead_of=instead_of)

    assert "warning" == found[check]["status"]
    assert words in found[check]["found"]
    assert found[check]["advice"]
    assert {check} == {each["check"] for each in found.values() if each["status"] == "warning"}


@pytest.mark.usefixtures("folder")
def test_a_domain_that_is_not_there(run: Run) -> None:
    """A domain without any record does not exist, which receivers mind."""
    with DnsServer() as server:
        result = run("doctor", "--dns", "--resolver", server.address)

    assert "there is no domain acme.example" in result.stdout
    assert "register it" in result.stdout


def test_a_policy_of_the_domain_above(run: Run, folder: Path) -> None:
    """A subdomain without a record has that of the nearest domain above, by its sp= if it has one."""
    configuration = folder / "notify.yaml"
    configuration.write_text(configuration.read_text().replace("hello@acme", "hello@mail.acme"))
    record = ("_dmarc.acme.example.", "TXT", '"v=DMARC1; p=reject; sp=quarantine"')
    found = looked_up(run, record, instead_of="_dmarc")

    assert "the policy is quarantine, of _dmarc.acme.example" == found["dmarc"]["found"]


@pytest.mark.usefixtures("folder")
def test_no_selectors(run: Run) -> None:
    """A transport that does not tell its selectors has its keys looked up by nobody."""
    with DnsServer(GOOD) as server:
        result = run("doctor", "memory", "--dns", "--resolver", server.address)

    assert "- skipped  dkim          the transport does not tell its selector" in result.stdout


@pytest.mark.usefixtures("folder")
def test_the_selectors_of_sendgrid(run: Run) -> None:
    """Both ways to SendGrid tell the selectors of its domain authentication, within a group too."""
    for dsn in (
        "failover(memory: sendgrid://SG.a.key@127.0.0.1:9)",
        "failover(memory: sendgrid_api://SG.a.key@127.0.0.1:9)",
    ):
        with DnsServer(GOOD) as server:
            run("doctor", "--transport", dsn, "--resolver", server.address)

        asked = [name for name, _ in server.asked]
        assert {"s1._domainkey.acme.example.", "s2._domainkey.acme.example."} <= set(asked)


def test_each_domain_is_looked_up(run: Run, folder: Path) -> None:
    """Also those that only a definition sends from; each once."""
    for name, sender in (("one", "it@billing.example"), ("two", "news@billing.example")):
        (folder / "notifications" / f"{name}.yaml").write_text(f"sender: {sender}\nsubject: Hi\ntext: Hi.\n")
    with DnsServer(GOOD) as server:
        run("doctor", "--dns", "--resolver", server.address)

    assert ["acme.example.", "billing.example."] == [name for name, kind in server.asked if kind == "MX"]


@pytest.mark.usefixtures("folder")
def test_a_server_that_says_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is told once, and ends the questions about that domain."""
    monkeypatch.setattr("notify.doctor.names._SECONDS", 0.3)
    with DnsServer(silent=True) as server:
        result = run("doctor", "--dns", "--resolver", server.address)

    assert 1 == result.stdout.count("no DNS server answers within 0.3 seconds")
    assert 0 == result.exit_code


@pytest.mark.parametrize("server", ["::1", "[::1]:53", "localhost", "127.0.0.1:5353"])
def test_forms_of_a_resolver(server: str) -> None:
    """An address of either kind, or a name."""
    Resolver(server)


def test_a_server_that_cannot_answer() -> None:
    """A DNS server that answers with a failure of its own is as good as silent."""
    with DnsServer(refuses=True) as server, pytest.raises(SilentError, match=r"can answer for acme\.example"):
        Resolver(server.address).texts("acme.example")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("server", ["127.0.0.1:x", "a:b:c", "127.0.0.1:70000", "nowhere.invalid"])
def test_a_resolver_that_cannot_be_one(run: Run, server: str) -> None:
    """`--resolver` is an address or a name, perhaps with a port."""
    result = run("doctor", "--dns", "--resolver", server)

    assert "--resolver" in result.stderr
    assert 2 == result.exit_code


@pytest.mark.usefixtures("folder")
def test_without_dnspython(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not installed, `--dns` says how to install it; all else needs it not."""
    for name in [name for name in sys.modules if name == "dns" or name.startswith("dns.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "dns", None)
    asked = run("doctor", "--dns")

    assert "pip install 'notify-framework[dns]'" in asked.stderr
    assert 2 == asked.exit_code
    assert 0 == run("doctor").exit_code
