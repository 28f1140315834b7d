"""What templates see beside the params: the context that plugins add, and the globals that they use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.configuration.variables import Unresolved
from notify.errors import NotifyError
from notify.explaining.facts import Fact, Origin, Section, plugin
from notify.explaining.shown import plain
from notify.params import RESERVED_NAMES
from notify.params.words import got

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.explaining.case import Case


def context(case: Case) -> Section:
    """The names that plugins add, then the globals that the templates use."""
    return Section("context", "Context", (*_extra(case), *_globals(case)))


def _extra(case: Case) -> Iterator[Fact]:
    if case.values is None:
        return
    given: dict[str, tuple[str, Any]] = {}
    try:
        for name, extra in case.notifier.plugins.contexts(case.definition, case.values, case.call.to[0], case.locale):
            given.update({key: (name, value) for key, value in extra.items()})
    except NotifyError as error:
        yield Fact("notify_context", None, Origin("plugin", "a plugin"), (case.problem(error),))
    for key, (name, value) in given.items():
        # What comes of a plugin may be anything, and large.
        yield Fact(key, case.shown(got(value)), plugin(name), inner=tuple(_hidden(case, key)))


def _hidden(case: Case, name: str) -> Iterator[Fact]:
    """What has the same name, and wins."""
    if case.values and name in case.values:
        yield Fact("hidden_by", "the param")
    elif name in RESERVED_NAMES:
        yield Fact("hidden_by", "the name that notify gives templates")
    elif name in case.environment.globals:
        yield Fact("hidden_by", "the global")


def _globals(case: Case) -> Iterator[Fact]:
    layers = tuple(_layers(case))
    for name in sorted(case.templates.names):
        found = [
            Fact(name, _written(values[name]), Origin("file", whose, case.in_configuration.at(*steps, name)))
            for whose, steps, values in layers
            if name in values
        ]
        if found:
            # Of a theme, mappings are laid over those below; all else is replaced.
            below = tuple(Fact("over", fact.value, fact.origin) for fact in reversed(found[:-1]))
            yield Fact(name, found[-1].value, found[-1].origin, inner=below)
        elif name in case.templates.added:
            yield Fact(name, got(case.templates.added[name]), Origin("plugin", "a plugin's notify_jinja_environment"))


def _layers(case: Case) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
    """Whose globals there are, where they stand, and what they are; each over those before."""
    own, theme = case.environment.name, case.call.common.theme
    section = case.configuration.environments.get(own)
    yield "all environments", ("globals",), case.configuration.shared.values.get("globals", {})
    if section is not None:
        yield f"the environment {own}", ("environments", own, "globals"), section.values.get("globals", {})
    if theme is not None:
        yield f"the theme {theme}", ("themes", theme), case.configuration.themes.get(theme, {})


def _written(value: Any) -> Any:
    """A value as notify.yaml has it: what a variable holds may be a secret."""
    if isinstance(value, Unresolved):
        return value.text
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    return [_written(item) for item in value] if isinstance(value, list) else plain(value)
