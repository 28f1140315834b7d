"""Which mails there are to see: every notification with every sample in every locale, or those that are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from notify.errors import ConfigError, UnknownNotificationError
from notify.locales import normal_locale
from notify.suggest import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from notify import Catalog, Definition, Notifier
    from notify.definition.model import Sample
    from notify.rendering import Sources


@dataclass(frozen=True, slots=True)
class Case:
    """One mail: a notification with the params of a sample, in a locale."""

    definition: Definition
    sample: Sample
    locale: str


def cases(
    notifier: Notifier, *, names: Sequence[str] = (), samples: Sequence[str] = (), locales: Sequence[str] = ()
) -> list[Case]:
    """Every mail that is selected, by notification, sample and locale; a notification without samples has none.

    Args:
        notifier: whose notifications.
        names: ids, or patterns such as `billing.*`; by default all.
        samples: names of samples, each of which some selected notification has; by default all.
        locales: likewise.

    Raises:
        UnknownNotificationError: there is no notification of a name.
        ConfigError: no selected notification has a sample or a locale.
    """
    sources = notifier.sources()
    default = notifier.configuration.default_locale
    found = {
        definition.id: (definition, locales_of(definition, sources, default))
        for definition in _definitions(notifier.catalog, names)
    }
    wanted = [normal_locale(locale) or locale for locale in locales]
    _check("sample", samples, {name for definition, _ in found.values() for name in definition.samples})
    _check("locale", wanted, {locale for _, own in found.values() for locale in own})
    return [
        Case(definition, sample, locale)
        for definition, own in found.values()
        for sample in _chosen(definition.samples, samples)
        for locale in own
        if locale in wanted or not wanted
    ]


def locales_of(definition: Definition, sources: Sources, default: str) -> list[str]:
    """The default locale, then those that the definition, its samples and its template files name, sorted."""
    first = normal_locale(default) or default
    return [first, *(locale for locale in sources.locales(definition) if locale != first)]


def _definitions(catalog: Catalog, names: Sequence[str]) -> Iterable[Definition]:
    """Those of the names, in the order of the alphabet."""
    chosen: set[str] = set()
    for name in names:
        matching = [each for each in catalog if fnmatchcase(each, name)]
        if not matching:
            raise UnknownNotificationError(name, nearest(name, catalog))
        chosen.update(matching)
    return (catalog[each] for each in catalog if each in chosen or not names)


def _chosen(samples: Mapping[str, Sample], names: Sequence[str]) -> Iterable[Sample]:
    return (sample for name, sample in samples.items() if name in names or not names)


def _check(kind: str, wanted: Iterable[str], known: set[str]) -> None:
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, known) or "there is none at all"
            raise ConfigError(f"there is no {kind} {name!r} ({hint})")
