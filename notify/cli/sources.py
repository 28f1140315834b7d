"""Where the parts of notifications are, and in which locales."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notify import Definition, Notifier
    from notify.rendering import Sources


def sources(notifier: Notifier) -> Sources:
    """The templates of a project and of its plugins, as they are now."""
    return notifier.configuration.renderer({}, templates=notifier.plugins.templates()).sources()


def locales(definition: Definition, templates: Sources) -> list[str]:
    """The locales that the definition, its samples and its template files name, sorted."""
    named = {
        *definition.subject,
        *definition.preheader,
        *(sample.locale for sample in definition.samples.values()),
        *(source.locale for source in templates.of(definition)),
    }
    return sorted(locale for locale in named if locale)
