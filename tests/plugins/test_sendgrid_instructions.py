"""What a message tells SendGrid by options: read once, checked against SendGrid's limits, and written for SMTP."""

from __future__ import annotations

import email
import email.policy
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.scripted import KEY, a_message

from notify.errors import ConfigError, RefusedError, TransportConfigError
from notify_sendgrid import SendGridTransport
from notify_sendgrid.instructions import OPTIONS

SOON = int(time.time()) + 3600
ANALYTICS = {"utm_source": "shop", "utm_medium": "mail", "utm_term": "", "utm_content": "", "utm_campaign": "spring"}


def relay(**settings: Any) -> SendGridTransport:
    """A transport that connects nowhere."""
    return SendGridTransport(name="sendgrid", api_key=KEY, **settings)


def octets(transport: SendGridTransport | None = None, **parts: Any) -> bytes:
    """A message as it goes over the wire."""
    return (transport or relay()).prepare(a_message(**parts)).as_bytes()


def instructions(wire: bytes) -> dict[str, Any]:
    """What X-SMTPAPI says, as the standard library reads it, without the Message-ID."""
    (value,) = email.message_from_bytes(wire, policy=email.policy.default).get_all("X-SMTPAPI", [])
    said: dict[str, Any] = json.loads(str(value))
    assert said["unique_args"].pop("notify_id").startswith("<")
    if not said["unique_args"]:
        del said["unique_args"]
    return said


def header_lines(wire: bytes) -> list[bytes]:
    """The lines of X-SMTPAPI, the first without its name."""
    head = wire.partition(b"\r\n\r\n")[0]
    field = head[head.index(b"X-SMTPAPI: ") + len(b"X-SMTPAPI: ") :]
    lines = field.split(b"\r\n")
    end = next((number for number, line in enumerate(lines) if number and not line.startswith(b" ")), len(lines))
    return lines[:end]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"asm_group": 7}, {"asm_group_id": 7}),
        ({"asm_group": 7, "asm_groups_to_display": [7, 8]}, {"asm_group_id": 7, "asm_groups_to_display": [7, 8]}),
        ({"send_at": SOON}, {"send_at": SOON}),
        ({"send_at": datetime.fromtimestamp(SOON, UTC)}, {"send_at": SOON}),
        ({"batch_id": "MTIz-_="}, {"batch_id": "MTIz-_="}),
        ({"ip_pool": "shop"}, {"ip_pool": "shop"}),
    ],
)
def test_options_in_the_words_of_smtp(options: dict[str, Any], said: dict[str, Any]) -> None:
    """Each option has its key in X-SMTPAPI."""
    assert said == instructions(octets(options={"sendgrid": options}))


@pytest.mark.parametrize(
    ("options", "filters"),
    [
        ({"tracking": False}, {"clicktrack": {"enable": 0}, "opentrack": {"enable": 0}}),
        ({"tracking": True}, {"clicktrack": {"enable": 1, "enable_text": 0}, "opentrack": {"enable": 1}}),
        (
            {"tracking": False, "filters": {"opentrack": {"replace": "%pixel%"}}},
            {"clicktrack": {"enable": 0}, "opentrack": {"enable": 1, "replace": "%pixel%"}},
        ),
        ({"filters": {"bypass_list_management": True}}, {"bypass_list_management": {"enable": 1}}),
        ({"filters": {"clicktrack": {"enable_text": True}}}, {"clicktrack": {"enable": 1, "enable_text": 1}}),
        (
            {"filters": {"footer": {"text": "Bye.", "html": "<p>Bye.</p>"}}},
            {"footer": {"enable": 1, "text/plain": "Bye.", "text/html": "<p>Bye.</p>"}},
        ),
        ({"filters": {"footer": False}}, {"footer": {"enable": 0}}),
        ({"filters": {"ganalytics": ANALYTICS}}, {"ganalytics": {"enable": 1, **ANALYTICS}}),
        (
            {"filters": {"subscriptiontrack": {"text": "<% %>", "html": "<% off %>", "replace": "[off]"}}},
            {"subscriptiontrack": {"enable": 1, "text/plain": "<% %>", "text/html": "<% off %>", "replace": "[off]"}},
        ),
        ({"filters": {"dkim": {"domain": "acme.example", "use_from": False}}},
         {"dkim": {"domain": "acme.example", "use_from": 0}}),
    ],
)  # fmt: skip
def test_filters(options: dict[str, Any], filters: dict[str, Any]) -> None:
    """Filters have all the settings that SendGrid wants; true and false alone switch one on and off."""
    wire = octets(options={"sendgrid": options})

    assert {"filters": {name: {"settings": settings} for name, settings in filters.items()}} == instructions(wire)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"asm": 7}, "options: sendgrid: unknown key 'asm'"),
        ({"ippool": "a"}, r"unknown key 'ippool' \(did you mean 'ip_pool'\?\)"),
        ({"asm_group": "7"}, "asm_group: expected the number of an unsubscribe group, got '7'"),
        ({"asm_group": True}, "asm_group: expected the number"),
        ({"asm_group": 0}, "asm_group: expected the number"),
        ({"asm_groups_to_display": [1]}, "asm_groups_to_display needs an asm_group"),
        ({"asm_group": 1, "asm_groups_to_display": 1}, "expected a list of numbers"),
        ({"asm_group": 1, "asm_groups_to_display": []}, "expected a list of numbers"),
        ({"asm_group": 1, "asm_groups_to_display": [*range(1, 27)]}, "has 26 groups, and SendGrid takes 25"),
        ({"send_at": SOON + 80 * 3600}, r"send_at: is 8[01]\.\d hours ahead, and SendGrid takes 72"),
        ({"send_at": SOON - 7200}, "send_at: is \\d+ minutes ago"),
        ({"send_at": "tomorrow"}, "expected seconds since 1970 as a whole number, or an aware datetime"),
        ({"send_at": True}, "expected seconds since 1970"),
        ({"send_at": datetime.fromtimestamp(SOON)}, "an aware datetime"),  # noqa: DTZ006 - this is what is wrong
        ({"send_at": datetime.now(UTC) + timedelta(days=4)}, r"is 9[56]\.\d hours ahead"),
        ({"batch_id": "a b"}, "expected the id that POST /v3/mail/batch gave"),
        ({"ip_pool": "a"}, "2 to 64 letters"),
        ({"ip_pool": "a" * 65}, "2 to 64 letters"),
        ({"tracking": "no"}, "tracking: expected true or false"),
        ({"sandbox": True}, "sandbox: SMTP has none; use the transport sendgrid_api"),
        ({"sandbox": "yes"}, "sandbox: expected true or false"),
        ({"filters": True}, "filters: expected filters by name"),
        ({"filters": {"click_track": True}}, r"unknown filter 'click_track' \(did you mean 'clicktrack'\?\)"),
        ({"filters": {"Footer": True}}, "a name is small letters"),
        ({"filters": {"spamcheck": True}}, "SendGrid has removed it"),
        ({"filters": {"footer": True}}, "filter 'footer': setting 'text' is missing"),
        ({"filters": {"footer": {"txt": ""}}}, "unknown setting 'txt'"),
        ({"filters": {"footer": {"text": 1, "html": ""}}}, "text: expected text, got 1"),
        ({"filters": {"footer": 5}}, "expected its settings by name, or true or false, got 5"),
        ({"filters": {"clicktrack": {"enable": "on"}}}, "enable: expected true or false, got 'on'"),
        ({"filters": {"dkim": {"domain": []}}}, "domain: expected text, a number, true or false"),
        ({"batch_id": "x", "filters": {"footer": {"text": "x" * 901, "html": ""}}}, "more than 900 letters"),
    ],
)
def test_what_sendgrid_would_not_take(options: dict[str, Any], words: str) -> None:
    """It is refused before anything is connected: what, the limit, and what came."""
    with pytest.raises(RefusedError, match=words) as caught:
        octets(options={"sendgrid": options})

    assert caught.value.phase == "check"


def test_settings_are_defaults() -> None:
    """`asm_group` and `ip_pool` of the transport hold for messages that say nothing else; None switches one off."""
    transport = relay(asm_group=7, ip_pool="shop")

    assert {"asm_group_id": 7, "ip_pool": "shop"} == instructions(octets(transport))
    assert {"asm_group_id": 8} == instructions(
        octets(transport, options={"sendgrid": {"asm_group": 8, "ip_pool": None}})
    )


@pytest.mark.parametrize("settings", [{"asm_group": 0}, {"ip_pool": "x"}])
def test_settings_have_the_same_limits(settings: dict[str, Any]) -> None:
    """They are found when the transport is made."""
    with pytest.raises(ConfigError, match=next(iter(settings))):
        relay(**settings)


def test_a_header_of_one_s_own_wins_over_options() -> None:
    """What the header says is kept, its filters beside those of the options."""
    header = json.dumps({"asm_group_id": 1, "filters": {"opentrack": {"settings": {"enable": 1}}}})

    wire = octets(headers=(("X-SMTPAPI", header),), options={"sendgrid": {"asm_group": 2, "tracking": False}})

    filters = {"clicktrack": {"settings": {"enable": 0}}, "opentrack": {"settings": {"enable": 1}}}
    assert {"asm_group_id": 1, "filters": filters} == instructions(wire)


def test_options_of_other_providers_are_theirs() -> None:
    """Only what stands under `sendgrid` is read."""
    assert {} == instructions(octets(options={"mailgun": {"anything": 1}}))


def test_every_key_is_in_the_manual() -> None:
    """The page of SendGrid has each option."""
    page = (Path(__file__).parents[2] / "docs/sendgrid.md").read_text(encoding="utf-8")

    assert [] == [key for key in OPTIONS if f"| `{key}` |" not in page]


def test_unverified_says_why() -> None:
    """A check can ask without sending."""
    transport = relay(verified_senders=["acme.example"])

    assert transport.objection(a_message()) is None
    assert "x@other.example is not among verified_senders (acme.example)" in str(
        transport.objection(a_message(sender="x@other.example"))
    )
    with pytest.raises(TransportConfigError):
        transport.prepare(a_message(sender="x@other.example"))


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\x7f"), max_size=140)
KEYS = WORDS.filter(str.strip)


@given(st.dictionaries(KEYS, st.lists(WORDS, max_size=6).map(" ".join), max_size=8), st.text("abc \x7f\n", max_size=50))
def test_what_goes_over_the_wire_reads_back(metadata: dict[str, str], footer: str) -> None:
    """Any script, any blanks: ASCII, folded at blanks only, no line over 998 octets, never an encoded word."""
    options = {"sendgrid": {"filters": {"footer": {"text": footer, "html": ""}}}}
    try:
        wire = octets(metadata=metadata, options=options)
    except RefusedError as error:
        assert "900 letters" in str(error) or "SendGrid takes 10000" in str(error)  # noqa: PT017
        return
    check(wire, metadata)

    assert footer == instructions(wire)["filters"]["footer"]["settings"]["text/plain"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"größe": "Grüße aus Zürich " * 185, "ключ": "значение " * 80},
        {"k": "word " * 1980},
        {"k": ("x" * 890 + " ") * 11},
        {"two  blanks": "a  b   c" * 50 + " \u00a0 "},
    ],
)
def test_ten_thousand_octets_read_back(metadata: dict[str, str]) -> None:
    """As much as SendGrid takes, in words as long as a line may be."""
    check(octets(metadata=metadata), metadata)


def check(wire: bytes, metadata: dict[str, str]) -> None:
    """The header is as SendGrid wants it, and says what was to be said."""
    lines = header_lines(wire)
    assert wire.count(b"X-SMTPAPI:") == 1
    assert b"".join(lines).isascii()
    assert b"=?" not in b"".join(lines) or "=?" in str(metadata)
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    said = json.loads(b"".join(lines))
    said["unique_args"].pop("notify_id", None)
    assert metadata == said["unique_args"]
    value = email.message_from_bytes(wire, policy=email.policy.compat32)["X-SMTPAPI"]
    assert said["unique_args"] == {
        name: text for name, text in json.loads(value.replace("\r\n", "")).get("unique_args", {}).items()
        if name in metadata
    }  # fmt: skip
