"""From a word in the configuration to a transport: names, DSNs, settings and groups of transports."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin

from notify.configuration.variables import resolve
from notify.dsn import Dsn, is_dsn
from notify.errors import ConfigError, Fault, Location
from notify.limits import Limited, LimitSettings
from notify.settings import collect_settings, declared
from notify.state import MemoryState
from notify.suggest import did_you_mean
from notify.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from notify.settings import Setting
    from notify.state import State


_LONGEST_NAME = 40
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Specification:
    """What the configuration says of one transport.

    `value` is a transport that was built elsewhere, a type's name, a DSN, or a mapping of settings in which `type` is
    the type's name; `${VAR}` is not yet resolved. `places` has where each setting stands, and under the empty string
    where the whole stands.
    """

    value: object
    places: Mapping[str, Location] = field(default_factory=dict)

    def merged(self, over: Specification) -> Specification:
        """This one with the settings of `over`, where both are mappings; else `over`."""
        if isinstance(self.value, dict) and isinstance(over.value, dict):
            return Specification({**self.value, **over.value}, {**self.places, **over.places})
        return over

    def grouped(self, name: str, types: Collection[str]) -> Specification:
        """With `{failover: [a, b]}` written out: the one key is the type of a group, and the list has its members.

        Args:
            name: the transport's name; of one that is called as its type, the key may be a setting that is a list.
            types: what types there are.
        """
        value = self.value
        if not isinstance(value, dict) or len(value) != 1:
            return self
        ((kind, members),) = value.items()
        if not isinstance(members, list) or (kind not in types and name in types):
            return self
        places: dict[str, Location] = {"": self.places[""]} if "" in self.places else {}
        return Specification({"type": kind, "transports": members}, places)


class Transports:
    """The transports of one environment by name, each built when it is first asked for.

    Args:
        specifications: what the configuration says of each, the default first.
        types: the transport classes that plugins offer.
        base: the folder that relative paths are taken from.
        environ: where `${VAR}` is looked up.
        state: what they keep that outlives a message; by default only as long as the process.
    """

    def __init__(
        self,
        specifications: Mapping[str, Specification],
        *,
        types: Mapping[str, type[Transport]],
        base: Path,
        environ: Mapping[str, str],
        state: State | None = None,
    ) -> None:
        self._specifications = {name: each.grouped(name, types) for name, each in specifications.items()}
        self._types = dict(types)
        self._schemes = {scheme: cls for cls in types.values() for scheme in cls.schemes}
        self._base = base
        self._environ = environ
        self._state: State = state or MemoryState()
        self._built: dict[str, Transport] = {}
        self._building: list[str] = []
        self._lock = threading.RLock()

    @property
    def names(self) -> Sequence[str]:
        """The configured names, the default first."""
        return tuple(self._specifications)

    def __iter__(self) -> Iterator[str]:
        return iter(self._specifications)

    def __getitem__(self, name: str) -> Transport:
        """The transport of that name.

        Raises:
            ConfigError: there is none of that name, a setting is wrong, or a variable is not set.
        """
        built = self._built.get(name)
        if built is not None:
            return built
        with self._lock:
            if name not in self._built:
                if name in self._building:
                    raise ConfigError(f"the transport {name!r} is made of itself: {' > '.join(self._building)}")
                self._building.append(name)
                try:
                    self._built[name] = self._build(name, self.specification(name))
                finally:
                    self._building.pop()
            return self._built[name]

    def close(self) -> None:
        """Close every transport that was built."""
        with self._lock, ExitStack() as stack:
            for transport in self._built.values():
                stack.callback(transport.close)
            self._built.clear()
        self._state.close()

    def put(self, transport: Transport) -> None:
        """Make a transport that was built elsewhere the default."""
        others = {name: each for name, each in self._specifications.items() if name != transport.name}
        self._specifications = {transport.name: Specification(transport), **others}

    def specification(self, name: str) -> Specification:
        """What the configuration says of the transport of that name; nothing for a type that it does not mention.

        Raises:
            ConfigError: there is none of that name.
        """
        if name in self._specifications:
            return self._specifications[name]
        if name in self._types:
            return Specification({})
        raise self._unknown(name)

    def setting(self, name: str, key: str, owner: type[object]) -> Any:
        """One setting of a transport, which is not built for that, so that no other setting's variable has to be there.

        Args:
            name: the transport's name.
            key: the setting's name.
            owner: the class that declares it; of a transport of another the answer is None.

        Raises:
            ConfigError: there is no such transport, the setting is wrong, or its variable is not set.
        """
        specification = self.specification(name)
        value = specification.value
        if isinstance(value, Transport):
            inner = value.inner if isinstance(value, Limited) else value
            return getattr(inner, key) if isinstance(inner, owner) else None
        value = value if isinstance(value, dict) else resolve(value, self._environ)
        if isinstance(value, str) and not is_dsn(value):
            return self.setting(value, key, owner)
        if isinstance(value, str):
            cls, given = self._from_dsn(name, Dsn.parse(value))
        else:
            cls, given = self._type(str(value.get("type", name)), name), value
        if not issubclass(cls, owner):
            return None
        declaration = cls.declared_settings()[key]
        if key not in given:
            return declaration.default
        try:
            return declaration.read(resolve(given[key], self._environ), self._base)
        except ValueError as error:
            if isinstance(error, ConfigError):
                raise
            problem, place = f"{name}: setting {key!r}: {error}", specification.places.get(key)
            raise (ConfigError(faults=[Fault(place, problem)]) if place else ConfigError(problem)) from error

    def _unknown(self, name: str) -> ConfigError:
        if is_dsn(name):  # it may hold a password
            return ConfigError("the name of a transport is expected here, not a DSN")
        if len(name) > _LONGEST_NAME:  # it may be a key
            return ConfigError(f"the name of a transport is expected here, not {len(name)} letters")
        known = {*self._specifications, *self._types} - {name}
        return ConfigError(f"there is no transport {name!r} ({did_you_mean(name, known)})")

    def _build(self, name: str, specification: Specification, depth: int = 0) -> Transport:
        value = resolve(specification.value, self._environ)
        if isinstance(value, Transport):
            return value
        if isinstance(value, str) and not is_dsn(value):
            return self[value]
        if depth > _DEEPEST:
            raise ConfigError(f"the transport {name!r}: groups of transports nest more than {_DEEPEST} levels deep")
        try:
            if isinstance(value, str):
                cls, settings = self._from_dsn(name, Dsn.parse(value))
            else:
                settings = dict(value)
                cls = self._type(str(settings.pop("type", name)), name)
            self._resolve_members(name, cls, settings, depth)
            limits = self._limits(name, cls, settings, specification)
            transport = cls(name=name, base=self._base, **settings)
        except ConfigError as error:
            if error.faults or "" not in specification.places:
                raise
            raise ConfigError(faults=[Fault(specification.places[""], str(error))]) from error
        transport.state = self._state
        limited = limits["limits"] or limits["max_recipients"]
        return Limited(transport, **limits, state=self._state) if limited else transport

    def _limits(
        self, name: str, cls: type[Transport], settings: dict[str, object], specification: Specification
    ) -> dict[str, Any]:
        """The settings of `LimitSettings`, which are taken out of those of the transport."""
        general = declared(LimitSettings).keys() - cls.declared_settings().keys()
        given = {key: settings.pop(key) for key in general if key in settings}
        limits, problems = collect_settings(LimitSettings, given, self._base)
        if specification.places:
            problems += collect_settings(cls, settings, self._base, general)[1]
            places = specification.places
            faults = [Fault(places.get(key) or places[""], f"{name}: {what}") for key, what in problems]
            if faults:
                raise ConfigError(faults=faults)
        if problems:
            raise ConfigError("\n".join(f"{name}: {what}" for _, what in problems))
        return limits

    def _from_dsn(self, name: str, dsn: Dsn) -> tuple[type[Transport], dict[str, object]]:
        cls = self._type(dsn.scheme, name)
        return cls, {"transports": list(dsn.members)} if dsn.members else cls.settings_of_dsn(dsn)

    def _resolve_members(self, name: str, cls: type[Transport], settings: dict[str, object], depth: int) -> None:
        for key, declaration in cls.declared_settings().items():
            if key in settings and _is_group(declaration):
                settings[key] = self._members(name, settings[key], depth)

    def _members(self, name: str, members: object, depth: int) -> list[Transport]:
        if not isinstance(members, list) or not members or not all(isinstance(member, str) for member in members):
            raise ConfigError(f"the transport {name!r} takes a list of transports: names or DSNs")
        return [
            self._build(Dsn.parse(member).scheme, Specification(member), depth + 1) if is_dsn(member) else self[member]
            for member in members
        ]

    def _type(self, kind: str, name: str) -> type[Transport]:
        found = self._types.get(kind) or self._schemes.get(kind)
        if found is None and kind == name:
            raise self._unknown(name)
        if found is None:
            raise ConfigError(
                f"the transport {name!r}: there is no transport type {kind!r} ({did_you_mean(kind, self._types)})"
            )
        return found


def _is_group(declaration: Setting) -> bool:
    annotation: Any = declaration.annotation
    return get_origin(annotation) is tuple and get_args(annotation)[0] is Transport
