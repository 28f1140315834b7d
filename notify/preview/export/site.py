"""A site: every mail with its page and its files, a page and a list of all, and what pages need."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notify import __version__
from notify.errors import ConfigError
from notify.preview.export.folder import GENERATOR, LIST, replacing
from notify.preview.export.here import Unplaced
from notify.preview.export.mail import PAGE, failure_of, files_of, findings_of, mail_document, words_of
from notify.preview.export.pages import Pages
from notify.preview.export.plan import Choice, Planned, plan
from notify.preview.failure import Explainer
from notify.preview.renderings import Renderings
from notify.preview.standing import Standing, standing
from notify.preview.web.pages import STATIC
from notify.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify.preview.project import Entry, Project
    from notify.preview.standing import Finding

ASSETS = ("preview.css", "export.css", "export.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class ExportedMail:
    """One mail of a site: its page, relative to the site, and why it could not be rendered, if so."""

    notification: str
    sample: str
    locale: str
    page: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the mails, and the document in `notifications.json`."""

    mails: tuple[ExportedMail, ...]
    document: dict[str, Any]

    @property
    def failed(self) -> tuple[ExportedMail, ...]:
        """Those that have a page which says why there is nothing to see."""
        return tuple(mail for mail in self.mails if mail.error is not None)


def export(project: Project, folder: Path, choice: Choice | None = None) -> Exported:
    """Write the site. Equal projects give equal octets.

    Args:
        project: whose notifications.
        folder: where; it is new, empty or an earlier export, which is replaced.
        choice: which mails; by default all, without a theme, and without images of other hosts.

    Raises:
        UnknownNotificationError, ConfigError: something is asked for that there is not, the project cannot be read, or
            the folder cannot be written. Then nothing has changed.
    """
    choice = choice or Choice()
    themes = project.notifier.themes
    if choice.theme is not None and choice.theme not in themes:
        raise ConfigError(
            f"there is no theme {choice.theme!r} ({did_you_mean(choice.theme, themes) or 'there is none'})"
        )
    if project.trouble is not None:
        raise project.trouble
    planned = plan(project, choice)
    with replacing(folder) as root:
        return _Site(project, choice, root, planned).write()


class _Site:
    """Writes one site into a folder."""

    def __init__(self, project: Project, choice: Choice, root: Path, planned: Sequence[Planned]) -> None:
        configuration = project.notifier.configuration
        self._project = project
        self._choice = choice
        self._root = root
        self._planned: dict[str, list[Planned]] = {}
        for each in planned:
            self._planned.setdefault(each.entry.id, []).append(each)
        self._pages = Pages(project.notifier.environment, choice.theme, planned)
        self._renderings = Renderings(project)
        self._explainer = Explainer(configuration.base, secret=configuration.path, linked=False)
        self._unplaced = Unplaced(configuration)
        self._mails: list[ExportedMail] = []
        self._words: dict[str, str] = {}

    def write(self) -> Exported:
        """Write everything."""
        for name in ASSETS:
            self._file(f"assets/{name}", (STATIC / name).read_bytes())
        notifications = [self._notification(entry) for entry in self._entries()]
        document = {
            "generator": GENERATOR,
            "version": __version__,
            "environment": self._project.notifier.environment,
            "theme": self._choice.theme,
            "notifications": notifications,
        }
        self._file(PAGE, self._pages.index(notifications, self._words))
        self._file(LIST, (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        return Exported(tuple(self._mails), document)

    def _entries(self) -> list[Entry]:
        """Those that have a mail; where all are wanted, those that have none too."""
        choice = self._choice
        everything = not (choice.names or choice.samples or choice.locales)
        return [entry for entry in self._project.entries.values() if everything or entry.id in self._planned]

    def _notification(self, entry: Entry) -> dict[str, Any]:
        definition = entry.definition
        known = next(standing(entry, self._renderings, self._project.sources()), Standing()).findings
        findings = list(known)
        mails = []
        for planned in self._planned.get(entry.id, ()):
            mail, own = self._mail(planned, known)
            mails.append(mail)
            findings += own
        return {
            "id": entry.id,
            "description": definition.description if definition else "",
            "category": definition.category if definition else "",
            "standing": Standing(tuple(findings)).word,
            "samples": list(dict.fromkeys(mail["sample"] for mail in mails)),
            "locales": list(dict.fromkeys(mail["locale"] for mail in mails)),
            "findings": self._unplaced([each.as_document() for each in findings]),
            "mails": mails,
        }

    def _mail(self, planned: Planned, known: Sequence[Finding]) -> tuple[dict[str, Any], list[Finding]]:
        """Write one mail; what the list says of it, and what is found in it alone."""
        rendition = self._renderings.of(planned.state)
        mail = rendition.mail
        failure = failure_of(rendition, self._explainer, dict(self._project.notifier.globals), self._unplaced)
        own = findings_of(planned, rendition, known)
        files = files_of(mail, remote=self._choice.remote_images)
        for name, content in files.contents.items():
            self._file(f"{planned.folder}/{name}", content)
        findings = self._unplaced([each.as_document() for each in (*own, *known)])
        envelope = rendition.message.envelope if rendition.message else None
        page = self._pages.mail(planned, mail, files, envelope=envelope, failure=failure, findings=findings)
        self._file(f"{planned.folder}/{PAGE}", page)
        document = {**mail_document(planned, mail, files), "error": failure}
        error = None if failure is None else _line(failure)
        self._mails.append(
            ExportedMail(planned.entry.id, planned.state.sample, planned.locale, document["page"], error)
        )
        self._words[document["page"]] = words_of(mail)
        return document, own

    def _file(self, name: str, content: bytes) -> None:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _line(failure: dict[str, Any]) -> str:
    """A failure in a few words."""
    first = failure["problems"][0]
    place = f"{first['place']}: " if first["place"] else ""
    hint = f" ({first['hint']})" if first["hint"] else ""
    more = len(failure["problems"]) - 1
    return f"{place}{first['message']}{hint}" + (f", and {more} more" if more else "")
