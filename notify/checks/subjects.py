"""A notification as it is declared: what rules about its templates look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notify.addresses import Address
from notify.checks.analysis import Templates
from notify.definition import RECIPIENT
from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import jinja2

    from notify.checks.analysis import Found, Kind
    from notify.checks.whole import Whole
    from notify.definition import Definition


@dataclass(frozen=True, slots=True)
class Declared:
    """A notification with all its templates, of which none is rendered.

    Attributes:
        definition: the notification.
        found: what the analysis of its templates has found, by place.
        templates: the names of the templates that it asked for, there or not.
    """

    definition: Definition
    found: tuple[Found, ...]
    templates: tuple[str, ...] = ()

    def of_kind(self, kind: Kind) -> Iterator[Found]:
        """What was found of one kind."""
        return (each for each in self.found if each.kind == kind)


class Declaring:
    """Analyses the notifications of a project, with the globals and plugins of one environment.

    Templates are read once: whoever follows changes makes another.
    """

    def __init__(self, whole: Whole) -> None:
        environments: list[jinja2.Environment] = []
        composer = whole.notifier.composer(environments.append)
        environment = environments[0]
        assert environment.loader is not None  # noqa: S101  # the renderer gives it one
        self._whole = whole
        self._sources = composer.sources()
        self._templates = Templates(environment, environment.loader, whole.configuration.base)

    def declared(self, definition: Definition) -> Declared:
        """A notification with what is found in its templates."""
        analysed = self._templates.analyse(
            definition,
            self._sources.of(definition),
            more=self._more(definition),
            key=lambda name: self._whole.place(definition, "params", name),
        )
        return Declared(definition, analysed.found, analysed.templates)

    def _more(self, definition: Definition) -> Collection[str] | None:
        """The names that plugins add to the context of the samples; None where a plugin fails, or there is no sample.

        A plugin may add names for some params only: those of all samples count.
        """
        anyone = Address.parse(RECIPIENT)
        plugins, locale = self._whole.notifier.plugins, self._whole.configuration.default_locale
        names: set[str] = set()
        for sample in definition.samples.values():
            try:
                params = dict(sample.params)
                if definition.contract is not None:
                    params = definition.contract.validate(params, notification=definition.id)
                names |= plugins.context(definition, params, sample.to or anyone, sample.locale or locale).keys()
            except NotifyError:
                return None
        if not definition.samples and plugins.context(definition, {}, anyone, locale):
            return None
        return names
