"""Which mails an export shows, and where each of them lies."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from notify.preview.export.filenames import safe_name, unique_name
from notify.preview.selection import cases
from notify.preview.state import NO_SAMPLE, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from notify.preview.project import Entry, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked for.

    Attributes:
        names: ids or patterns; none for all.
        samples: names of samples; none for all.
        locales: likewise.
        theme: None for none.
        remote_images: whether the mails may load images over the network.
    """

    names: Sequence[str] = ()
    samples: Sequence[str] = ()
    locales: Sequence[str] = ()
    theme: str | None = None
    remote_images: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One mail, and the folder of its files below the root of the site, as a URL has it."""

    entry: Entry
    state: State
    locale: str
    folder: str


def plan(project: Project, choice: Choice) -> list[Planned]:
    """The mails by notification, sample and locale; a definition that cannot be read stands for one mail.

    Raises:
        UnknownNotificationError, ConfigError: something is asked for that there is not.
    """
    broken = [name for name, entry in project.entries.items() if entry.definition is None]
    catalog = project.notifier.catalog
    readable = [name for name in choice.names if _matching(name, catalog) or not _matching(name, broken)]
    default = project.notifier.configuration.default_locale
    mails = [(name, NO_SAMPLE, default) for name in broken if not choice.names or _is_one_of(name, choice.names)]
    if readable or not choice.names:
        found = cases(project.notifier, names=readable, samples=choice.samples, locales=choice.locales)
        mails += [(case.definition.id, case.sample.name, case.locale) for case in found]
    mails.sort(key=lambda mail: mail[0])  # which keeps the samples of each in their order
    return list(_placed(project, mails, choice.theme))


def _matching(pattern: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if fnmatchcase(name, pattern)]


def _is_one_of(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _placed(project: Project, mails: Iterable[tuple[str, str, str]], theme: str | None) -> Iterator[Planned]:
    taken: set[str] = set()
    for notification, sample, locale in mails:
        folder = "/".join(safe_name(name) for name in (notification, sample, locale))
        state = State(notification=notification, sample=sample, locale=locale, theme=theme)
        yield Planned(project.entries[notification], state, locale, f"n/{unique_name(folder, taken)}")
