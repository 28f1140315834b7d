"""What was said, on the error of a message: only when asked for, only about this message, and nothing secret."""

from __future__ import annotations

import logging
import pickle
import re
from typing import TYPE_CHECKING, Any

import pytest
from servers.feeds import stream
from servers.scripted import KEY, a_message

from notify import Receipt
from notify.errors import DeliveryError, RefusedError, TemporaryError, TransportConfigError
from notify_smtp.scrub import encoded

if TYPE_CHECKING:
    from servers.scripted import Connect, Serve

GONE = [{"reply": "550 5.1.1 gone"}]
BLOB = encoded(f"\0apikey\0{KEY}")


def error_of(serve: Serve, connect: Connect, *rules: dict[str, Any], **settings: Any) -> DeliveryError:
    """The error of a message at a server with these rules."""
    with pytest.raises(DeliveryError) as caught:
        connect(serve(rules=list(rules)), transcript=True, **settings).send(a_message())
    return caught.value


@pytest.mark.parametrize("pipelining", [True, False])
def test_an_error_carries_what_was_said(serve: Serve, connect: Connect, *, pipelining: bool) -> None:
    """From the greeting to the refusal: passwords are masked, and of the text there is the size."""
    server = serve(pipelining=pipelining, rules=[{"at": "eod", "do": [{"reply": "554 5.7.1 spam"}]}])
    message = a_message()

    with pytest.raises(RefusedError) as caught:
        connect(server, transcript=True, local_hostname="me.example").send(message)

    said = [line for line in caught.value.transcript if not line.startswith("S: 250 scripted.example")]
    assert said[:6] == [
        "S: 220 scripted.example ESMTP",
        "C: EHLO me.example",
        "C: STARTTLS",
        "S: 220 2.0.0 ready",
        "C: EHLO me.example",
        "C: AUTH PLAIN ***",
    ]
    octets = len(message.as_bytes())
    assert said[-2:] == [f"C: ({octets} octets)", "S: 554 5.7.1 spam"]
    assert [line for line in said[7:] if line.startswith("C: ")] == [
        "C: MAIL FROM:<hello@acme.example>",
        "C: RCPT TO:<r1@example.org>",
        "C: DATA",
        f"C: ({octets} octets)",
    ]


def test_it_is_what_the_log_says(serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    """Line by line."""
    caplog.set_level(logging.DEBUG, "notify.smtp")

    error = error_of(serve, connect, {"at": "data", "do": [{"reply": "451 4.3.0 wait"}]})

    logged = [record.getMessage() for record in caplog.records if record.getMessage()[:3] in {"C: ", "S: "}]
    assert list(error.transcript) == logged[: len(error.transcript)]
    assert len(error.transcript) >= len(logged) - 2  # RSET and its answer may follow


def test_there_is_none_unless_it_is_asked_for(serve: Serve, connect: Connect) -> None:
    """By default nothing is kept."""
    with pytest.raises(RefusedError) as caught:
        connect(serve(rules=[{"at": "mail", "do": GONE}])).send(a_message())

    assert caught.value.transcript == ()


def test_it_can_be_handed_on(serve: Serve, connect: Connect) -> None:
    """An error that is pickled keeps it."""
    error = error_of(serve, connect, {"at": "mail", "do": GONE})

    assert error.transcript
    assert error.transcript == pickle.loads(pickle.dumps(error)).transcript  # noqa: S301 - made just now


@pytest.mark.parametrize("echo", [KEY, encoded(KEY), BLOB, f"AUTH PLAIN {BLOB}"])
@pytest.mark.parametrize("auth", ["plain", "login"])
def test_a_server_that_repeats_the_key(serve: Serve, connect: Connect, echo: str, auth: str) -> None:
    """What the server repeats of the key is masked, whatever form it has, and so is what was sent."""
    rule = {"at": "auth", "do": [{"default": True}]} if auth == "login" else {"at": "noop", "do": [{"default": True}]}
    error = error_of(serve, connect, rule, {"at": "mail", "do": [{"reply": f"550 5.7.1 not with {echo}"}]}, auth=auth)

    said = "\n".join(error.transcript)
    assert "S: 550 5.7.1 not with " in said
    assert "***" in said
    assert not re.search("|".join(re.escape(word) for word in (KEY, encoded(KEY), BLOB)), said)


def test_the_login_is_in_it(serve: Serve, connect: Connect) -> None:
    """A session that does not come about has one too."""
    error = error_of(serve, connect, {"at": "auth", "do": [{"reply": f"535 5.7.8 {KEY} is wrong"}]})

    assert isinstance(error, TransportConfigError)
    assert error.transcript[-2:] == ("C: AUTH PLAIN ***", "S: 535 5.7.8 *** is wrong")


def test_a_lost_connection_ends_it(serve: Serve, connect: Connect) -> None:
    """The last line is the last that was said."""
    error = error_of(serve, connect, {"at": "eod", "do": [{"close": True}]})

    assert re.fullmatch(r"C: \(\d+ octets\)", error.transcript[-1])


def test_each_message_has_its_own(serve: Serve, connect: Connect) -> None:
    """Nothing of the messages in front of it and behind it, though their lines were written together."""
    server = serve(rules=[{"at": "rcpt", "match": "r[24]@", "do": GONE}])

    outcomes = stream(connect(server, transcript=True), [a_message(f"r{n}@example.org") for n in range(5)])

    refused = {2: outcomes[2], 4: outcomes[4]}
    assert [Receipt] * 3 == [type(outcomes[n]) for n in (0, 1, 3)]
    for number, error in refused.items():
        assert isinstance(error, RefusedError)
        assert {f"r{number}@example.org"} == set(re.findall(r"r\d@example\.org", "\n".join(error.transcript)))
        assert error.transcript[0].startswith("C: MAIL")
        assert "S: 550 5.1.1 gone" in error.transcript


def test_the_errors_of_recipients_carry_it(serve: Serve, connect: Connect) -> None:
    """Beside those who were accepted, and in each further transaction."""
    full = [{"reply": "452 4.5.3 too many recipients"}]
    server = serve(rules=[{"at": "rcpt", "match": "gone", "do": GONE}, {"at": "rcpt", "nth": 3, "do": full},
                          {"at": "mail", "nth": 2, "do": [{"reply": "451 4.3.0 wait"}]}])  # fmt: skip

    receipt = connect(server, transcript=True).send(a_message("r1@example.org", "gone@example.org", "r3@example.org"))

    assert ("r1@example.org",) == receipt.accepted
    gone, later = receipt.rejected["gone@example.org"], receipt.rejected["r3@example.org"]
    assert "S: 550 5.1.1 gone" in gone.transcript
    assert isinstance(later, TemporaryError)
    assert "S: 451 4.3.0 wait" in later.transcript
    assert "S: 550 5.1.1 gone" not in later.transcript


def test_it_has_an_end(serve: Serve, connect: Connect) -> None:
    """The last two hundred lines are kept, and no line is longer than a person reads."""
    server = serve(rules=[{"at": "eod", "do": [{"reply": "554 5.7.1 " + "x" * 3000}]}])

    with pytest.raises(RefusedError) as caught:
        connect(server, transcript=True).send(a_message(*[f"r{n}@example.org" for n in range(300)]))

    assert len(caught.value.transcript) == 200
    assert max(map(len, caught.value.transcript)) < 1100
    assert caught.value.transcript[-1].endswith("x...")
