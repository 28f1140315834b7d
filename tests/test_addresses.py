"""Addresses: read strictly, one at a time, with the domain in ASCII."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st

from notify.addresses import Address, addresses, covers, syntax
from notify.errors import AddressError

CASES = json.loads((Path(__file__).parent / "data" / "addresses.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_corpus(case: dict[str, Any]) -> None:
    """Each case gives exactly its addresses, or an error."""
    value = tuple(case["given"]) if case["form"] == "pair" else case["given"]
    if case["outcome"] == "refused":
        with pytest.raises(AddressError, match=r"address|name"):
            addresses(value)
        return
    try:
        result = addresses(value)
    except AddressError:
        assert case["outcome"] == "taken or refused"
        return

    assert case["emails"] == [each.email for each in result]
    assert case.get("name", result[0].name) == result[0].name
    assert [case.get("smtputf8", False)] * len(result) == [each.needs_smtputf8 for each in result]


def test_parts() -> None:
    """An address knows its two halves and prints for people."""
    address = Address.parse("Ada Lovelace <ada@Mail.Example.com>")

    assert ("ada", "mail.example.com") == (address.local, address.domain)
    assert "Ada Lovelace <ada@mail.example.com>" == str(address)
    assert "ada@x.example" == str(Address("ada@x.example"))
    assert Address("ada@x.example", "Ada") == Address.of(Address("ada@x.example", "Ada"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('"Lovelace, \\"Ada\\"" <ada@x.example>', 'Lovelace, "Ada"'),
        ("  Ada K. <ada@x.example>\t", "Ada K."),
        ("<ada@x.example>", ""),
        ('"" <ada@x.example>', ""),
        ("=?utf-8?q?Ada?= <ada@x.example>", "=?utf-8?q?Ada?="),
    ],
)
def test_forms(text: str, name: str) -> None:
    """A name may be quoted or bare, and is never decoded."""
    assert Address("ada@x.example", name) == Address.parse(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lovelace, Ada <ada@x.example>", "double quotes"),
        ('"Ada" Lovelace <ada@x.example>', "double quotes"),
        ("Ada\nBcc: eve@x.example <ada@x.example>", r"\n"),
        ("ada@x.example>", "without a '<'"),
        ("ada", "there is no '@'"),
        ("@x.example", "nothing before"),
        ("ada@", "nothing after"),
        ("ada@com", "no dot"),
        ("ada@192.0.2.1", "square brackets"),
        ("ada@[192.0.2.1", "address literal"),
        ("ada@[IPv6:zz]", "address literal"),
        ("ada@x_y.example", "'_' must not be in a domain"),
        ("ada@x..example", "empty part"),
        ("ada@x-.example", "hyphen"),
        ("ada@xn--999999999.example", "not valid"),
        ("ada@☃—.example", "not valid"),
        ("ada@" + "x" * 64 + ".example", "longer than 63"),
        ("ada@" + "x." * 130 + "example", "longer than 253"),
        ("a" * 60 + "@" + "x." * 120 + "example", "longer than 254"),
        ("ä" * 33 + "@x.example", "64 octets"),
        ("ada;@x.example", "';' must not be before"),
        ("a..b@x.example", "a dot"),
        ("ä..b@x.example", "period"),
        ('"ada"@x.example', "quoted local parts"),
        ("=?utf-8?q?evil=40evil.example=2C?=@example.com", "'=?' must not be"),
        ("a=?utf-8@example.com", "'=?' must not be"),
        ("ä=?b@example.com", "'=?' must not be"),
        ("ada@x.example\x7f", "x7f"),
    ],
)
def test_faults(text: str, words: str) -> None:
    """The error says what is wrong with which address."""
    with pytest.raises(AddressError) as caught:
        Address.parse(text)

    assert words in str(caught.value)
    assert "address " in str(caught.value)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("root@localhost", "root@localhost"),
        ("a@foo.test", "a@foo.test"),
        ("a@[ipv6:2001:DB8::1]", "a@[IPv6:2001:db8::1]"),
        ("a@XN--KLN-SNA.example", "a@xn--kln-sna.example"),
        ("a@köln。example", "a@xn--kln-sna.example"),
        ("jörg@köln.example", "jörg@xn--kln-sna.example"),
    ],
)
def test_domains(text: str, email: str) -> None:
    """Test domains, localhost, literals and domains of all scripts are taken, in one form."""
    assert email == Address.parse(text).email


def test_lists() -> None:
    """One address in any form, several in a list, or none."""
    ada, bob = Address("ada@x.example", "Ada"), Address("bob@x.example")

    assert () == addresses(None)
    assert () == addresses([])
    assert (ada,) == addresses(ada)
    assert (ada,) == addresses(("Ada", "ada@x.example"))
    assert (ada, bob) == addresses(["Ada <ada@x.example>", bob])
    assert (ada, bob) == addresses((ada, bob))
    assert (ada, bob) == addresses(each for each in (("Ada", "ada@x.example"), "bob@x.example"))


def test_wrong_types() -> None:
    """What is no address in any form is an error of the tree, not a TypeError."""
    values: list[Any] = [42, [42], [("Ada",)], b"ada@x.example", [None]]
    for value in values:
        with pytest.raises(AddressError, match="expected an address"):
            addresses(value)
    nobody: Any = None
    with pytest.raises(AddressError, match="are text"):
        Address(nobody)
    with pytest.raises(AddressError, match="are text"):
        Address("ada@x.example", nobody)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_round_trip(name: str) -> None:
    """What is printed for people reads back as the same address, whatever the name."""
    address = Address("ada@x.example", name)

    assert address == Address.parse(str(address))


@given(st.text(alphabet='ab.@<>"(),:;\\ \t\n[]äß-', max_size=30))
def test_anything(text: str) -> None:
    """Any text gives one address, which reads back as itself, or an AddressError."""
    try:
        address = Address.parse(text)
    except AddressError:
        return

    assert 1 == address.email.count("@")
    assert address == Address.parse(str(address))


@pytest.mark.parametrize("character", ["(", "@", '"', "<", "\\", ".", "ä", "a "])
def test_linear(character: str) -> None:
    """A hundred thousand of any one character are refused in less than a second."""
    many = character * 100_000
    with bounded(1):
        for text in (many, f"{many}@x.example", f"ada@{many}", f'"{many} <ada@x.example>', f"Ada <{many}>", f"{many}>"):
            with pytest.raises(AddressError):
                Address.parse(text)


@pytest.mark.parametrize(
    "email",
    ["a" * 65 + "@x.example", "@x.example", "é@x.example", "a b@x.example", "a@x.example@x.example", "ab\n@x.example"],
)
def test_a_known_domain_excuses_nothing(email: str) -> None:
    """Domains that were right are remembered; what stands before them is looked at each time."""
    assert "a@x.example" == Address("a@x.example").email
    if email == "é@x.example":
        assert Address(email).needs_smtputf8
    else:
        with pytest.raises(AddressError):
            Address(email)


def test_a_long_address_of_a_known_domain() -> None:
    """254 octets are the most, with any domain."""
    domain = ".".join(["d" * 63] * 3 + ["example"])
    assert Address(f"a@{domain}").email == f"a@{domain}"
    longest = "a" * (254 - len(domain) - 1) + f"@{domain}"
    assert Address(longest).email == longest
    with pytest.raises(AddressError, match="longer than 254 octets"):
        Address(f"a{longest}")


def test_only_so_many_domains_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are looked at each time."""
    monkeypatch.setattr(syntax, "_MOST_KNOWN", 0)

    assert "a@forgotten.example" == Address("a@forgotten.example").email
    assert "forgotten.example" not in syntax._known_domains


@pytest.mark.parametrize(
    ("entry", "email", "expected"),
    [
        ("ada@x.example", "Ada@X.example", True),
        ("ada@x.example", "bo@x.example", False),
        ("X.example", "ada@x.example", True),
        ("x.example", "ada@mail.x.example", False),
        ("*.x.example", "ada@mail.x.example", True),
        ("*.x.example", "ada@x.example", False),
        ("*.x.example", "ada@max.example", False),
    ],
)
def test_covers(entry: str, email: str, expected: bool) -> None:  # noqa: FBT001
    """An address, a domain, or all domains below one."""
    assert expected is covers(entry, email)
