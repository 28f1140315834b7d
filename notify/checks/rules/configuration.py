"""Rules about notify.yaml, and whether the environment's transport can carry the mails."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from notify.catalog import Catalog
from notify.checks.reading.people import people
from notify.checks.rule import AnyRule, Problem, rule
from notify.checks.whole import Whole
from notify.configuration.variables import resolve
from notify.doctor.senders import Senders
from notify.dsn import Dsn, is_dsn
from notify.errors import ConfigError
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.configuration.transports import Specification
    from notify.errors import Fault, Location


@rule(
    Whole,
    "cfg-unset-variable",
    severity="warning",
    why="An environment cannot be used while a variable is missing that it needs.",
    example='sendgrid: {api_key: "${SENDGRID_API_KEY}"}   # notify check --env production',
    cure="Set it where the environment runs, or write a default: ${NAME:-default}.",
)
def unset_variable(whole: Whole) -> Iterator[Problem]:
    """A variable that the environment needs is not set."""
    name, configuration = whole.notifier.environment, whole.configuration
    section = configuration.environments.get(name)
    values = {**configuration.shared.values, **(section.values if section else {})}
    needed = [values, *(each.value for each in _used(_specifications(whole, name)))]
    for fault in dict.fromkeys(fault for value in needed for fault in _missing(value)):
        yield Problem(fault.location, fault.message, fault.hint)


def _specifications(whole: Whole, environment: str) -> Mapping[str, Specification]:
    """What the configuration says of an environment's transports; nothing if that cannot be told now."""
    try:
        specifications = whole.configuration.environment(environment).transports()
    except ConfigError:
        return {}  # all of it is in a variable, or a fault is found elsewhere
    types = whole.notifier.plugins.transports()
    return {name: each.grouped(name, types) for name, each in specifications.items()}


def _missing(value: Any) -> Iterator[Fault]:
    try:
        resolve(value, os.environ)
    except ConfigError as error:
        yield from error.faults


def _used(specifications: Mapping[str, Specification]) -> Iterator[Specification]:
    """The default transport, and all that it is made of."""
    wanted, seen = list(specifications)[:1], set[str]()
    while wanted:
        name = wanted.pop()
        specification = specifications.get(name)
        if specification is None or name in seen:
            continue
        seen.add(name)
        yield specification
        wanted += _members(specification.value)


def _members(value: object) -> list[str]:
    """The names and DSNs of the transports that a specification is made of."""
    if isinstance(value, str):
        if not is_dsn(value):
            return [value]
        try:
            return list(Dsn.parse(value).members)
        except ConfigError:
            return []
    members = value.get("transports") if isinstance(value, dict) else None
    return [each for each in members if isinstance(each, str)] if isinstance(members, list) else []


@rule(
    Whole,
    "cfg-unknown-transport",
    severity="error",
    why="An environment whose transport does not exist cannot send, and that shows when it is used for the first time.",
    example="environments:\n  production: {transport: sendgird}",
    cure="Name a transport under `transports:`, or one that `notify transports` lists; install the plugin that has it.",
)
def unknown_transport(whole: Whole) -> Iterator[Problem]:
    """An environment names a transport that there is not."""
    types = whole.notifier.plugins.transports()
    offered = {*types, *(scheme for cls in types.values() for scheme in cls.schemes)}
    found: dict[Location, Problem] = {}
    for name in whole.configuration.environments:
        specifications = _specifications(whole, name)
        place = whole.at("environments", name, "transport")
        for at, kind, known in _named(specifications, place):
            if kind not in offered and kind not in known:
                hint = did_you_mean(kind, {*specifications, *types} - {kind})
                found.setdefault(at, Problem(at, f"there is no transport {kind!r}", hint))
    yield from found.values()


def _named(
    specifications: Mapping[str, Specification], place: Location
) -> Iterator[tuple[Location, str, Mapping[str, Specification]]]:
    """The type of each transport that an environment has, and what it is made of, which may be others of these."""
    for name, specification in specifications.items():
        places, value = specification.places, specification.value
        at = places.get("", place)
        if isinstance(value, dict):
            yield places.get("type", at), str(value.get("type", name)), {}
        elif isinstance(value, str) and is_dsn(value):
            yield at, value.partition(":")[0].partition("(")[0].partition("+")[0].strip().lower(), {}
        for member in _members(value):
            if not is_dsn(member):
                yield places.get("transports", at), member, specifications


@rule(
    Whole,
    "cfg-unverified-sender",
    severity="error",
    why="A provider refuses mail from an address or a domain that it has not verified.",
    example="sender: hello@acme.example\ntransports:\n  sendgrid: {verified_senders: [shop.example]}",
    cure="Verify the domain at the provider and add it to verified_senders, or send from one that is verified.",
)
def unverified_sender(whole: Whole) -> Iterator[Problem]:
    """Mail comes from an address that the transport's provider has not verified."""
    for carrier in whole.carriers:
        verified = getattr(carrier, "verified_senders", ())
        for person in people(whole) if verified else ():
            if person.field == "sender":
                senders = Senders(person.address, Catalog())
                for each in senders.unverified(verified, f"verified_senders of {carrier.name}"):
                    yield Problem(person.location, each.found, each.advice)


RULES: tuple[AnyRule, ...] = (unset_variable, unknown_transport, unverified_sender)
