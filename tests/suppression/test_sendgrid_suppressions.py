"""SendGrid's lists, as a server on this machine plays them: page by page, with pauses where it wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from servers.sendgrid_api import KEY, ApiServer, Step
from suppression.sendgrid_lists import CREATED, documents, entry

from notify.errors import ConfigError, TemporaryError, TransportConfigError
from notify.feedback import Bounce, Kind
from notify.limits import Limited
from notify_null import Null
from notify_sendgrid import SendGridApiTransport, SendGridTransport
from notify_sendgrid import suppressions as module
from notify_sendgrid.suppressions import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.feedback import Event


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of which takes any time."""
    made: list[float] = []
    monkeypatch.setattr(module, "_sleep", made.append)
    return made


def asked(server: ApiServer, *, temporary: bool = False, **settings: Any) -> list[Event]:
    """What the transport finds on a server."""
    with SendGridApiTransport(
        name="api", **{"base_url": server.url, "api_key": KEY, "timeout": 5.0, **settings}
    ) as api:
        return list(api.suppressions(temporary=temporary))


def test_each_list_is_what_led_to_it() -> None:
    """With the time, the words and the group."""
    lists: Mapping[str, list[Any]] = {
        "bounces": [entry(1, reason="550 5.1.1 no such user", status="5.1.1"), entry(2, reason="gone", status="5.0.0")],
        "spam_reports": [entry(3, ip="192.0.2.1")],
        "invalid_emails": [entry(4, reason="Mail domain mentioned in email address is unknown")],
        "unsubscribes": [entry(5)],
        "asm": [{"email": "p6@example.com", "group_id": 7, "group_name": "Digest", "created_at": CREATED + 6}],
        "blocks": [entry(9, reason="421 later", status="4.0.0")],
    }
    with ApiServer(documents=documents(**lists)) as server:
        found, more = asked(server), asked(server, temporary=True)

    assert [
        (Kind.BOUNCED, "p1@example.com", "550 5.1.1 no such user", Bounce.HARD, None),
        (Kind.BOUNCED, "p2@example.com", "5.0.0 gone", Bounce.HARD, None),
        (Kind.COMPLAINED, "p3@example.com", "", None, None),
        (Kind.REJECTED, "p4@example.com", "Mail domain mentioned in email address is unknown", None, None),
        (Kind.UNSUBSCRIBED, "p5@example.com", "", None, None),
        (Kind.UNSUBSCRIBED, "p6@example.com", "", None, "7"),
    ] == [(each.kind, each.recipient, each.reason, each.bounce, each.group) for each in found]
    assert [CREATED + number for number in range(1, 7)] == [each.at.timestamp() for each in found]
    assert {"sendgrid"} == {each.provider for each in found}
    assert found == more[:-1]
    assert (Bounce.SOFT, "p9@example.com") == (more[-1].bounce, more[-1].recipient)


@pytest.mark.parametrize("number", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 3])
def test_every_page_is_read(number: int) -> None:
    """Nobody is missed, and nobody comes twice."""
    with ApiServer(documents=documents(bounces=[entry(each) for each in range(number)])) as server:
        found = asked(server)
        pages = [request.path for request in server.requests if "bounces" in request.path]

    assert [f"p{each}@example.com" for each in range(number)] == [event.recipient for event in found]
    assert number // PAGE + 1 == len(pages)


@pytest.mark.parametrize("number", [PAGE, PAGE + 100])
def test_a_list_without_pages(number: int) -> None:
    """It comes whole each time, and is read once."""
    whole = [{"email": f"p{each}@example.com", "group_id": 7, "created_at": CREATED} for each in range(number)]
    answers = {**documents(), **{f"/v3/asm/suppressions?limit={PAGE}&offset={at}": whole for at in (0, PAGE)}}
    with ApiServer(documents=answers) as server:
        found = asked(server)

    assert number == len(found)


def test_an_answer_of_a_megabyte() -> None:
    """Servers say a lot, and a page has 500 of them."""
    with ApiServer(documents=documents(bounces=[entry(each, reason="x" * 2500) for each in range(PAGE)])) as server:
        assert PAGE == len(asked(server))


def test_what_names_nobody() -> None:
    """It is left out; what has no time is from now."""
    odd = [
        {"created": 1},
        {"email": 5},
        "x",
        None,
        {"email": "a@example.com"},
        {"email": "b@example.com", "created": 1e99},
        {"email": "c@example.com", "created": -62135596800},
        {"email": "d@example.com", "created": 253402300799},
    ]
    with ApiServer(documents=documents(bounces=odd)) as server:
        found = asked(server)

    assert ["a@example.com", "b@example.com", "c@example.com", "d@example.com"] == [event.recipient for event in found]
    assert all(2026 <= event.at.year < 9999 for event in found)


def test_too_many_questions(pauses: list[float]) -> None:
    """It waits as long as SendGrid says (X-RateLimit-Reset), and goes on where it was."""
    busy = Step(status=429, errors=((None, "too many requests"),), headers={"X-RateLimit-Reset": "32503680000"})
    soon = Step(status=429, errors=((None, "too many requests"),), headers={"Retry-After": "7"})
    broken = Step(status=503)
    with ApiServer(soon, broken, busy, documents=documents(bounces=[entry(1)])) as server:
        found = asked(server)

    assert ["p1@example.com"] == [event.recipient for event in found]
    assert [8.0, 2.0, 600.0] == pauses


def test_it_does_not_wait_for_ever(pauses: list[float]) -> None:
    """After ten tries a person knows more."""
    with ApiServer(*[Step(status=503)] * 10, documents=documents()) as server, pytest.raises(TemporaryError):
        asked(server)

    assert 9 == len(pauses)


def test_a_key_that_may_not() -> None:
    """It is said which permission is missing, and the key is not."""
    with ApiServer(documents={}) as server, pytest.raises(TransportConfigError) as caught:
        asked(server)

    assert "the key may not read /v3/suppression/bounces" in str(caught.value)
    assert "read access" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("answer", [{}, {"result": []}, "text"])
def test_what_is_no_list(answer: Any) -> None:
    """Something else answers."""
    path = f"/v3/suppression/bounces?limit={PAGE}&offset=0"
    with ApiServer(documents={path: answer}) as server, pytest.raises(TransportConfigError, match="is no list"):
        asked(server)


def test_the_relay_asks_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same key."""
    with ApiServer(documents=documents(spam_reports=[entry(1)])) as server:
        monkeypatch.setattr("notify_sendgrid.relay.BASE_URLS", {"global": server.url})
        with SendGridTransport(name="sendgrid", api_key=KEY) as relay:
            found = list(relay.suppressions())

    assert [Kind.COMPLAINED] == [event.kind for event in found]
    assert urlsplit(server.url).port == server.port


def test_transports_without_a_list() -> None:
    """They say so, also behind limits."""
    null = Null(name="nowhere")
    limited = Limited(
        null, limits=["5/day"], over_limit="wait", longest_wait=1.0, max_recipients=None, state=null.state
    )

    for each in (null, limited):
        with pytest.raises(ConfigError, match="the transport 'nowhere' knows no list"):
            each.suppressions()
