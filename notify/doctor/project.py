"""Reading what notify.yaml leads to, fault by fault, as far as it goes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from notify.catalog import Catalog
from notify.configuration import Transports
from notify.diagnosis import Diagnosis
from notify.doctor.findings import failures
from notify.doctor.senders import Senders
from notify.dsn import is_dsn
from notify.errors import ConfigError, DefinitionError
from notify.plugins import Plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from notify.addresses import Address
    from notify.configuration import Configuration, Environment
    from notify.transport import Transport


class Project:
    """A project as the command would use it.

    Args:
        load: reads the configuration.
        environment: the name of the environment, where it was asked for.
        override: a transport's name or a DSN that stands in for the environment's.
        name: the transport to look at, instead of the environment's.

    Attributes:
        environment: the name of the environment, once it is known.
        senders: whom mail comes from.
        transport: the transport, once it is known.
        configuration: what notify.yaml says, once it could be read.
        settings: the environment, likewise.
        catalog: the definitions; none before they could be read.
        plugins: the plugins, likewise.
    """

    def __init__(
        self,
        load: Callable[[], Configuration],
        *,
        environment: str | None = None,
        override: str | None = None,
        name: str | None = None,
    ) -> None:
        self._load = load
        self._wanted = environment
        self._override = override
        self._name = name
        self.environment: str | None = None
        self.senders = Senders(None, Catalog(()))
        self.transport: Transport | None = None
        self.configuration: Configuration | None = None
        self.settings: Environment | None = None
        self.catalog = Catalog(())
        self.plugins: Plugins | None = None

    def read(self) -> Iterator[Diagnosis]:
        """Read it all, and tell how that goes; what cannot be read is left out."""
        try:
            configuration = self._load()
        except ConfigError as error:
            yield from failures("configuration", error)
            return
        where = str(configuration.path or configuration.base)
        yield Diagnosis("configuration", "ok", where, data={"path": where})
        try:
            plugins = Plugins(configuration.plugins)
            plugins.transports()
        except ConfigError as error:
            yield from failures("plugins", error)
            return
        names = sorted(plugins.names)
        yield Diagnosis("plugins", "ok", ", ".join(names), data={"plugins": names})
        selected, why = self._selected(configuration)
        try:
            environment = configuration.environment(selected)
        except ConfigError as error:
            yield from failures("environment", error)
            return
        self.environment = environment.name
        self.configuration, self.settings, self.plugins = configuration, environment, plugins
        yield Diagnosis("environment", "ok", f"{environment.name}, {why}", data={"name": environment.name, "why": why})
        yield from _values(environment)
        yield from self._people(configuration, environment)
        yield from self._chosen(configuration, environment, plugins)

    def _selected(self, configuration: Configuration) -> tuple[str | None, str]:
        """The name of the environment, or None for the default, and what selects it."""
        if self._wanted:
            return self._wanted, "by --env"
        if variable := os.environ.get("NOTIFY_ENV"):
            return variable, "by NOTIFY_ENV"
        if configuration.default_environment:
            return None, "by default_environment in notify.yaml"
        return None, "since nothing selects another"

    def _people(self, configuration: Configuration, environment: Environment) -> Iterator[Diagnosis]:
        """The definitions, and whom mail comes from."""
        sender = None
        try:
            self.catalog = configuration.catalog()
        except (ConfigError, DefinitionError) as error:
            yield from failures("definitions", error)
        else:
            count = len(self.catalog)
            found = f"{count:,} notification{'' if count == 1 else 's'}"
            yield Diagnosis("definitions", "ok", found, data={"count": count})
        try:
            sender = environment.sender
        except ConfigError as error:
            yield from failures("sender", error)
            self.senders = Senders(None, self.catalog)
        else:
            self.senders = Senders(sender, self.catalog)
            yield self.senders.diagnosis()

    def _chosen(self, configuration: Configuration, environment: Environment, plugins: Plugins) -> Iterator[Diagnosis]:
        """Which transport is looked at, and why."""
        variable = os.environ.get("NOTIFY_TRANSPORT")
        override = self._override or variable or None
        try:
            transports = Transports(
                environment.transports(override),
                types=plugins.transports(),
                base=configuration.base,
                environ=os.environ,
            )
            name = self._name or transports.names[0]
            self.transport = transports[name]
        except ConfigError as error:
            yield from failures("transport", error)
            return
        if self._name:
            why = "which was asked for"
        elif override:
            source = "--transport" if self._override else "NOTIFY_TRANSPORT"
            why = f"by the DSN in {source}" if is_dsn(override) else f"by {source}"
        else:
            why = _by_environment(configuration, environment.name)
        data = {"name": name, "why": why, "configured": list(transports.names)}
        yield Diagnosis("transport", "ok", f"{name}, {why}", data=data)


def _by_environment(configuration: Configuration, name: str) -> str:
    section = configuration.environments.get(name)
    if section is None or "transport" not in section.values:
        return f"since the environment {name} names none"
    place = section.places.get("transport")
    return f"by the environment {name}" + (f" ({place})" if place else "")


def _values(environment: Environment) -> Iterator[Diagnosis]:
    """What of the environment's values cannot be used, and to whom mail goes if not to everybody."""
    keys = ("globals", "state", "outbox", "outbox_keys", "unsubscribe", "unsubscribe_keys", "feedback", "people")
    told = set()
    for key in keys:
        try:
            getattr(environment, key)
        except ConfigError as error:
            if str(error) not in told:
                yield from failures(key, error)
            told.add(str(error))
    try:
        policy = environment.policy
    except ConfigError as error:
        yield from failures("recipients", error)
        return
    allowed = list(policy.allow) if policy.allow is not None else None
    data = {"redirect_to": _email(policy.redirect_to), "allow": allowed}
    if policy.redirect_to is not None:
        but = f", unless it is for {', '.join(allowed)}" if allowed else ""
        found = f"all mail goes to {policy.redirect_to.email} (redirect_to){but}"
        yield Diagnosis("recipients", "ok", found, data=data)
    elif allowed:
        yield Diagnosis("recipients", "ok", f"only {', '.join(allowed)} may get mail (allow)", data=data)
    elif allowed is not None:
        advice = "Put somebody into `allow`, or take it out."
        yield Diagnosis("recipients", "failed", "nobody may get mail: allow is empty", advice, {"error": "ConfigError"})


def _email(address: Address | None) -> str | None:
    return address.email if address else None
