"""One named environment of the configuration, with its variables resolved when they are used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from notify.addresses import Address
from notify.configuration.feedback import Feedback
from notify.configuration.policy import Policy
from notify.configuration.retention import Retention
from notify.configuration.transports import Specification
from notify.configuration.unsubscribing import Unsubscribing
from notify.configuration.variables import Unresolved, resolve
from notify.dsn import Dsn, is_dsn
from notify.errors import AddressError, ConfigError, Fault
from notify.people import People
from notify.suggest import did_you_mean
from notify.variables import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notify.errors import Location

STATE_IN_OUTBOX = "outbox"
"""What `state` says where it is to be in the outbox's database."""
DEFAULT_TRANSPORT = "sendgrid"
"""What an environment that names no transport uses."""
DEFAULT_OUTBOX = "sqlite:///.notify/outbox.db"
"""Where the outbox is if nothing says so."""


class Environment:
    """What holds in one environment.

    Args:
        name: the environment's name.
        values: what the configuration says of it: `transport redirect_to allow subject_prefix sender globals
            auto_reload state outbox outbox_key outbox_retention unsubscribe feedback`, with what holds for all
            environments already merged in; `${VAR}` not yet resolved.
        places: where each of `values` stands.
        transports: the configured transports, those of all environments and its own.
        themes: globals by the name of a theme, `${VAR}` not yet resolved.
        environ: where `${VAR}` is looked up.
    """

    def __init__(
        self,
        name: str,
        *,
        values: Mapping[str, Any],
        places: Mapping[str, Location],
        transports: Mapping[str, Specification],
        themes: Mapping[str, Mapping[str, Any]] | None = None,
        environ: Mapping[str, str],
    ) -> None:
        self.name = name
        self._values = values
        self._places = places
        self._transports = transports
        self._themes = themes or {}
        self._environ = environ

    @cached_property
    def policy(self) -> Policy:
        """Who may get messages, and how subjects are marked.

        Raises:
            ConfigError: `redirect_to` is not an address, or a variable is not set.
        """
        return Policy(
            redirect_to=self._address("redirect_to"),
            allow=None if (allow := self._value("allow")) is None else tuple(allow),
            subject_prefix=self._value("subject_prefix") or "",
        )

    @cached_property
    def sender(self) -> Address | None:
        """Who messages come from, where nothing else says so.

        Raises:
            ConfigError: it is not an address, or a variable is not set.
        """
        return self._address("sender")

    @cached_property
    def state(self) -> str | None:
        """What keeps what outlives the process: a file, relative to the configuration, or `STATE_IN_OUTBOX`; else None.

        Raises:
            ConfigError: a variable is not set.
        """
        return self._value("state") or None

    @cached_property
    def outbox(self) -> str:
        """The URL of the outbox's database; a relative path in it is taken from the configuration's folder.

        Raises:
            ConfigError: a variable is not set, or the file that `NOTIFY_OUTBOX_FILE` names cannot be read.
        """
        return self._variable("NOTIFY_OUTBOX") or self._value("outbox") or DEFAULT_OUTBOX

    @cached_property
    def outbox_keys(self) -> tuple[str, ...]:
        """The keys that seal sensitive params in the outbox: the first seals, each opens; none if there are none.

        Raises:
            ConfigError: a variable is not set, or the file that `NOTIFY_OUTBOX_KEY_FILE` names cannot be read.
        """
        given = self._variable("NOTIFY_OUTBOX_KEY") or self._value("outbox_key") or ()
        return tuple(given.replace(",", " ").split()) if isinstance(given, str) else tuple(given)

    @cached_property
    def outbox_retention(self) -> Retention:
        """How long the outbox keeps jobs after their end; for ever if nothing is said.

        Raises:
            ConfigError: a variable is not set, or says no duration.
        """
        given = self._value("outbox_retention")
        try:
            return Retention.parse(given) if given else Retention()
        except ValueError as error:
            place = self._places["outbox_retention"]
            raise ConfigError(faults=[Fault(place, f"outbox_retention: {error}")]) from error

    @property
    def unsubscribes(self) -> bool:
        """Whether anything says where people unsubscribe."""
        return bool(self._values.get("unsubscribe"))

    @cached_property
    def unsubscribe(self) -> Unsubscribing | None:
        """Where people unsubscribe; None if nothing says so.

        Raises:
            ConfigError: a variable is not set, or a value is wrong.
        """
        section = self._values.get("unsubscribe")
        if not section:
            return None
        given = resolve({key: value for key, value in section.items() if key != "keys"}, self._environ)
        try:
            return Unsubscribing.parse(given)
        except ValueError as error:
            raise ConfigError(faults=[Fault(self._places["unsubscribe"], f"unsubscribe: {error}")]) from error

    @cached_property
    def unsubscribe_keys(self) -> tuple[str, ...]:
        """The keys that sign the links to unsubscribe: the first signs, each is believed; none if there are none.

        Raises:
            ConfigError: a variable is not set, or the file that `NOTIFY_UNSUBSCRIBE_KEYS_FILE` names cannot be read.
        """
        section = self._values.get("unsubscribe") or {}
        given = self._variable("NOTIFY_UNSUBSCRIBE_KEYS") or resolve(section.get("keys"), self._environ) or ()
        return tuple(given.replace(",", " ").split()) if isinstance(given, str) else tuple(given)

    @cached_property
    def feedback(self) -> Feedback | None:
        """What is kept of what became of mails; None if nothing is to be.

        Raises:
            ConfigError: a variable is not set, or a value is wrong.
        """
        section = self._values.get("feedback")
        if section is None or section is False:
            return None
        if section is True:
            return Feedback()
        given = resolve({key: value for key, value in section.items() if key != "key"}, self._environ)
        try:
            return Feedback.parse(given)
        except ValueError as error:
            raise ConfigError(faults=[Fault(self._places["feedback"], f"feedback: {error}")]) from error

    @cached_property
    def people(self) -> People:
        """How what is kept names people.

        Raises:
            ConfigError: addresses are to be hashed and there is no key, or one that can be guessed.
        """
        if self.feedback is None or self.feedback.addresses == "clear":
            return People(clear_logs=self.feedback is not None and self.feedback.clear_logs)
        section = self._values["feedback"]
        key = self._variable("NOTIFY_FEEDBACK_KEY") or resolve(section.get("key"), self._environ)
        if not key:
            raise ConfigError(
                "feedback: addresses are to be hashed, and there is no key: set NOTIFY_FEEDBACK_KEY, or `key` in "
                "notify.yaml"
            )
        return People(key)

    @property
    def places(self) -> Mapping[str, Location]:
        """Where the values stand, by key; also those of notify.yaml that hold for all environments."""
        return self._places

    @property
    def auto_reload(self) -> bool:
        """Whether changed templates are noticed."""
        return self._values.get("auto_reload") is not False

    @cached_property
    def globals(self) -> dict[str, Any]:
        """What all templates see.

        Raises:
            ConfigError: a variable is not set.
        """
        return dict(self._value("globals") or {})

    @property
    def themes(self) -> tuple[str, ...]:
        """The names of the themes."""
        return tuple(self._themes)

    def themed(self, theme: str | None) -> dict[str, Any]:
        """What all templates see in a theme: the globals, the theme's laid over them, mapping by mapping.

        Raises:
            ConfigError: there is no such theme, or a variable is not set.
        """
        if theme is None:
            return self.globals
        if theme not in self._themes:
            known = did_you_mean(theme, self._themes) or "notify.yaml has no `themes`"
            raise ConfigError(f"there is no theme {theme!r} ({known})")
        return _laid_over(self.globals, resolve(self._themes[theme], self._environ))

    def transports(self, override: str | None = None) -> dict[str, Specification]:
        """The transports by name, the default first; `override`, a name or a DSN, stands in for the default."""
        chosen = Specification(override) if override else self._default()
        name, specification = self._named(chosen)
        return {name: specification, **{key: each for key, each in self._transports.items() if key != name}}

    def _default(self) -> Specification:
        place = {"": self._places["transport"]} if "transport" in self._places else {}
        value = self._values.get("transport", DEFAULT_TRANSPORT)
        # A whole transport in a variable has to be known now, to know its name.
        return Specification(resolve(value, self._environ) if isinstance(value, Unresolved) else value, place)

    def _named(self, chosen: Specification) -> tuple[str, Specification]:
        value = chosen.value
        if isinstance(value, dict):
            if "type" in value:
                return str(value["type"]), chosen
            # {failover: [sendgrid, ses]}: the one key is the type, its value the members.
            ((kind, members),) = value.items()
            return kind, Specification({"type": kind, "transports": members}, chosen.places)
        text = str(value)
        if is_dsn(text):
            return Dsn.parse(text).scheme, chosen
        return text, self._transports.get(text, Specification({}, chosen.places))

    def _value(self, key: str) -> Any:
        return resolve(self._values.get(key), self._environ)

    def _variable(self, name: str) -> str | None:
        try:
            return variable(name, self._environ)
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"the file that {name}_FILE names cannot be read: {error}") from error

    def _address(self, key: str) -> Address | None:
        value = self._value(key)
        if value is None:
            return None
        try:
            return Address.parse(value)
        except AddressError as error:
            if key not in self._places:
                raise ConfigError(f"{key}: {error}") from error
            raise ConfigError(faults=[Fault(self._places[key], f"{key}: {error}")]) from error


def _laid_over(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _laid_over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
