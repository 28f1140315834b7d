"""A scripted server that fails now and then."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from notify.errors import ConfigError
from notify.testing import ScriptedServer


def answers(**script: Any) -> list[int]:
    """What a server says to NOOP, a hundred times."""
    with (
        ScriptedServer({"tls": "none", **script}) as server,
        smtplib.SMTP(server.host, server.port, local_hostname="client.example") as client,
    ):
        return [client.noop()[0] for _ in range(100)]


def test_a_rule_is_used_as_often_as_its_chance_says() -> None:
    """The same each time for the same seed; where it is not used, the next rule is."""
    rules = [
        {"at": "noop", "chance": 0.3, "do": [{"reply": "451 4.3.0 local error"}]},
        {"at": "noop", "chance": 0.5, "do": [{"reply": "450 4.3.0 busy"}]},
        {"at": "noop", "chance": 0, "do": [{"close": True}]},
    ]
    found = answers(rules=rules, seed=1)

    assert found == answers(rules=rules, seed=1)
    assert found != answers(rules=rules, seed=2)
    assert 15 < found.count(451) < 45
    assert 20 < found.count(450) < 50
    assert 100 == sum(found.count(code) for code in (250, 450, 451))


@pytest.mark.parametrize("chance", [-0.1, 1.5])
def test_a_chance_is_a_part_of_one(chance: float) -> None:
    """As the error says."""
    with pytest.raises(ConfigError, match="a rule's 'chance' is a number from 0 to 1, not"):
        ScriptedServer({"rules": [{"at": "noop", "chance": chance, "do": [{"close": True}]}]})
