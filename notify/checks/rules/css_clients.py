"""A rule about the clients that notify.yaml selects for the rules about clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.checks.clients.support import clients
from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    Whole,
    "cfg-unknown-client",
    severity="error",
    why="A client that is not known is not looked at: what it does not support is not found.",
    example="check: {clients: [gmail, outlok]}",
    cure="Name a family of caniemail.com, such as outlook, or one of its platforms, such as outlook.windows.",
)
def unknown_client(whole: Whole) -> Iterator[Problem]:
    """A client under `check: clients` is none that caniemail.com knows."""
    data, wanted = clients(), whole.configuration.check.clients
    for name in data.unknown(wanted):
        yield Problem(
            whole.at("check", "clients", wanted.index(name)),
            f"the client {name!r} is not known: expected a family of caniemail.com, or family.platform",
            did_you_mean(name, {*data.families, *data.names}),
        )


RULES: tuple[AnyRule, ...] = (unknown_client,)
