"""Which mails of a project are tested, and rendering one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notify.definition import RECIPIENT
from notify.preview.selection import Case, locales_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from notify.call import Keywords
    from notify.message import Message
    from notify.notifier import Notifier

__all__ = ["Case", "call_of", "cases", "name_of", "rendered"]


def cases(notifier: Notifier) -> Iterator[Case]:
    """Every sample of every notification, in the locale that it names, else in each that the notification has."""
    sources, default = notifier.sources(), notifier.configuration.default_locale
    for definition in (notifier.catalog[name] for name in notifier.catalog):
        locales = locales_of(definition, sources, default)
        for sample in definition.samples.values():
            for locale in [sample.locale] if sample.locale else locales:
                yield Case(definition, sample, locale)


def name_of(case: Case) -> str:
    """What the case is called in reports: `order_shipped[default-en]`."""
    return f"{case.definition.id}[{case.sample.name}-{case.locale}]"


def call_of(case: Case, params: Mapping[str, Any] | None = None) -> Keywords:
    """The keywords with which the sample is rendered, perhaps with other params."""
    return {
        "to": case.sample.to or RECIPIENT,
        "params": case.sample.params if params is None else params,
        "locale": case.locale,
    }


def rendered(notifier: Notifier, case: Case) -> Message:
    """The message of a case.

    Raises:
        NotifyError: as `Notifier.render`.
    """
    return notifier.render(case.definition.id, **call_of(case))
