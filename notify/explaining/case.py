"""One call, with all that is decided for it."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

from notify.call import Call
from notify.composer import Composer
from notify.definition import RECIPIENT
from notify.errors import NotifyError
from notify.explaining.composed import Composed, compose
from notify.explaining.facts import BUILT_IN, Origin, Problem, option, plugin
from notify.explaining.shown import MASK, plain
from notify.explaining.used import Used
from notify.explaining.written import Written

if TYPE_CHECKING:
    from notify import Definition, Message, Notifier
    from notify.delivery.gate import Judgement
    from notify.explaining.asked import Asked
    from notify.params.problems import Problem as ParamProblem


class Case:
    """What the sections of an explanation are about.

    Args:
        notifier: what would send, made of a configuration.
        definition: the notification.
        asked: the call.

    Raises:
        AddressError, ParamsError: an address or the locale of the call is wrong.

    Attributes:
        configuration: what notify.yaml says.
        environment: the environment that the notifier uses.
        sample: the sample that the params begin with.
        call: the call as the notifier reads it.
        locale: the locale of the message.
        values: the params as the templates see them; None where they are wrong.
        param_problems: what is wrong with them.
    """

    def __init__(self, notifier: Notifier, definition: Definition, asked: Asked) -> None:
        self.notifier = notifier
        self.definition = definition
        self.asked = asked
        self.configuration = notifier.configuration
        self.environment = notifier.configuration.environment(notifier.environment)
        self.sample = definition.samples[asked.sample] if asked.sample is not None else None
        self.call = self._call()
        self.locale = self.call.common.locale or self.configuration.default_locale
        self.param_problems: list[ParamProblem] = []
        self.values = self._values()

    @cached_property
    def composed(self) -> Composed:
        """The message, as far as there is one."""
        plugins = self.notifier.plugins
        composer = Composer(self.configuration, self.environment, plugins, None, direct=False, samples=True)
        return compose(composer, plugins, self.definition, self.call)

    @cached_property
    def judged(self) -> tuple[Judgement | None, NotifyError | None]:
        """Who of the recipients may not be written to, and why nobody is, or nobody knows."""
        message, judgement = self.composed.message, None
        if message is None:
            return None, None
        try:
            judgement = self.notifier.judge(message)
            judgement.left(message)
        except NotifyError as error:
            return judgement, error
        return judgement, None

    @cached_property
    def leaving(self) -> tuple[Message | None, NotifyError | None]:
        """The message as it leaves, or else why it must not."""
        message, (judgement, refusal) = self.composed.message, self.judged
        if message is None or judgement is None or refusal is not None:
            return None, None
        try:
            return self.notifier.outgoing(judgement.left(message)), None
        except NotifyError as error:
            return None, error

    @cached_property
    def templates(self) -> Used:
        """The templates that are taken."""
        return Used(self.notifier, self.definition, self.locale)

    @cached_property
    def in_definition(self) -> Written:
        """The places of the definition's file."""
        shown = self.definition.location.path
        return Written(self.configuration.base / shown, shown)

    @cached_property
    def in_configuration(self) -> Written:
        """The places of notify.yaml."""
        path = self.configuration.path
        return Written(path, path.name if path else "")

    def from_definition(self, *steps: str | int) -> Origin | None:
        """The definition, where it says something there."""
        at = self.in_definition.at(*steps)
        return None if at is None else Origin("file", "the definition", at)

    def from_environment(self, key: str) -> Origin | None:
        """notify.yaml, where it says something there of the environment, or of all of them."""
        if key in self.environment.places:
            section, name = self.configuration.environments.get(self.environment.name), self.environment.name
            whose = f"the environment {name}" if section and key in section.values else "all environments"
            return Origin("file", whose, self.environment.places[key])
        return None

    def from_variable(self, name: str) -> Origin | None:
        """An environment variable, where it is set."""
        if not os.environ.get(name):
            return None
        return Origin("variable", f"the variable {name}" + (" of .env" if name in self.asked.dotenv else ""))

    def from_sample(self, key: str) -> Origin | None:
        """The sample, where it, or one that it extends, says something of a recipient or a locale."""
        name, seen = self.asked.sample, set[str]()
        while name is not None and name not in seen:
            seen.add(name)
            if (at := self.in_definition.at("samples", name, key)) is not None:
                return Origin("file", f"the sample {self.asked.sample!r}", at)
            extended = self.in_definition.node("samples", name, "extends")
            name = getattr(extended, "value", None)
        return None

    def changed(self, attribute: str) -> Origin | None:
        """The plugin that changed an attribute of the message last, if any."""
        name = self.composed.changed_by.get(attribute)
        return None if name is None else plugin(name)

    def recipients(self, attribute: str) -> Origin:
        """What decided who gets the message, or a copy of it."""
        if changed := self.changed(attribute):
            return changed
        if getattr(self.asked, attribute):
            return option(f"--{attribute}")
        found = self.from_sample("to") if attribute == "to" else self.from_definition(attribute)
        return found or BUILT_IN

    def shown(self, value: Any) -> Any:
        """What comes of templates or plugins, plain, and without sensitive params."""
        value = plain(value, self.configuration.base)
        if isinstance(value, dict):
            return {self.shown(key): self.shown(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.shown(item) for item in value]
        for secret in self._secrets if isinstance(value, str) else ():
            value = value.replace(secret, MASK)
        return value

    def problem(self, error: NotifyError) -> Problem:
        """An error without sensitive params."""
        return Problem(type(error), self.shown(str(error)))

    @cached_property
    def _secrets(self) -> list[str]:
        from notify.rendering.values import secrets

        contract = self.definition.contract
        given = self.asked.params if self.values is None else self.values
        return secrets(given, contract.sensitive) if contract is not None else []

    def _call(self) -> Call:
        asked, sample = self.asked, self.sample
        own = sample.to if sample is not None and sample.to is not None else RECIPIENT
        return Call.read(
            self.definition.id,
            to=asked.to or own,
            params=asked.params,
            cc=asked.cc or None,
            bcc=asked.bcc or None,
            locale=asked.locale or (sample.locale if sample is not None else None),
            theme=asked.theme,
        )

    def _values(self) -> dict[str, Any] | None:
        contract = self.definition.contract
        if contract is None:
            return dict(self.asked.params)
        values = contract.attempt(self.asked.params, self.param_problems)
        return None if self.param_problems else values
