"""What every page works with: the project, what was rendered of it, and what is known of that."""

from __future__ import annotations

import os
import re
import secrets
import threading
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from notify.errors import ConfigError, RefusedError
from notify.preview.data.drafts import Drafts
from notify.preview.events import Hub
from notify.preview.failure import Explainer
from notify.preview.golden import Golden
from notify.preview.inspecting import Inspector
from notify.preview.log import LogView
from notify.preview.mailbox import mailbox_of
from notify.preview.outbox import OutboxView
from notify.preview.renderings import Renderings, sample_of
from notify.preview.revisions import Revisions
from notify.preview.selection import locales_of
from notify.preview.standing import Finding, Standing, joined, of_rendition, standing
from notify.preview.watching import Watcher
from notify.preview.web.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from notify import Receipt, Transport
    from notify.errors import Location
    from notify.preview.chromium import Chromium
    from notify.preview.failure import Failure, Place
    from notify.preview.opened import Opened
    from notify.preview.project import Entry, Project
    from notify.preview.renderings import Rendition
    from notify.preview.state import Look, State

ALLOWED = "NOTIFY_PREVIEW_ALLOWED_TO"
"""The variable that names who may get test mails through a transport that delivers: globs, with commas between."""


class Desk:
    """One preview.

    Args:
        project: what is previewed.
        local: whether the reader sits at this machine: then files can be opened in an editor, and written to.
        keep: how many captured mails are kept.
        keep_days: for how many days.
        live: whether pages hear of changes as they happen.
        golden: the folder of golden files; by default `golden` beside notify.yaml.
    """

    def __init__(
        self, project: Project, *, local: bool, keep: int, keep_days: float, live: bool, golden: Path | None = None
    ) -> None:
        self.project = project
        self.local = local
        self.live = live
        self.token = secrets.token_urlsafe(24)
        self.pages = Pages(token=self.token)
        self.hub = Hub()
        self.renderings = Renderings(project)
        self.drafts = Drafts()
        configuration = project.notifier.configuration
        self.golden = Golden(golden or configuration.base / "golden", configuration.base, writable=local)
        self.revisions = Revisions(project)
        self.outbox = OutboxView(project)
        self.log = LogView(project, self.outbox)
        self.mailbox = mailbox_of(project.notifier, keep=keep, keep_days=keep_days)
        self.inspector = Inspector(project, self.renderings, self.hub)
        self.watcher = Watcher(project, self.renderings, self.inspector, self.hub, self.mailbox)
        self._chromium: Chromium | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Stop what goes on in the background."""
        self.inspector.close()
        self.revisions.close()
        self.outbox.close()
        self.hub.publish("bye")
        if self._chromium is not None:
            self._chromium.close()

    def entry(self, name: str) -> Entry:
        """A notification, as its file is now.

        Raises:
            UnknownNotificationError: there is none of that id.
        """
        self.inspector.busy()
        self.watcher.look()
        return self.project[name]

    def rendition(self, state: State) -> Rendition:
        """The mail of a state, with the params that its data stands for.

        Raises:
            UnknownNotificationError, ConfigError: there is no such notification or sample, or its data is gone.
        """
        return self.renderings.of(state, self.drafted(state))

    def drafted(self, state: State) -> dict[str, Any] | None:
        """The edited params of a state; None where it has the sample's own.

        Raises:
            ConfigError: the token is wrong, or its draft is gone.
        """
        if not state.data:
            return None
        params = self.drafts.get(state.data)
        if params is None:
            raise ConfigError("the edited params of this link are gone: long ones are kept for a while only")
        return params

    def params(self, entry: Entry, state: State) -> dict[str, Any]:
        """The params of a state, as a person writes them."""
        drafted = self.drafted(state)
        if drafted is not None:
            return drafted
        sample = sample_of(entry, state.sample)
        return dict(sample.params) if sample is not None else {}

    def failure(self, rendition: Rendition) -> Failure | None:
        """Why a mail cannot be shown, if it cannot."""
        if rendition.error is None:
            return None
        return self._explainer().explain(rendition.error, rendition.definition, self.project.notifier.globals)

    def place(self, location: Location) -> Place:
        """A place, with a link that opens it where somebody could use that."""
        return self._explainer().place(location)

    def _explainer(self) -> Explainer:
        configuration = self.project.notifier.configuration
        return Explainer(configuration.base, secret=configuration.path, linked=self.local)

    def findings(self, entry: Entry, state: State, rendition: Rendition) -> tuple[Finding, ...]:
        """What is found of a notification: what is known of it, and what this rendering shows."""
        known = self.inspector.known().get(entry.id)
        if known is None:
            known = next(standing(entry, self.renderings, self.project.sources()), Standing())
        now = of_rendition(rendition, state.sample)
        return tuple(joined(now, (each for each in known.findings if each.sample != state.sample)))

    def locales(self, entry: Entry) -> Sequence[str]:
        """The locales to choose from, the default one first."""
        default = self.project.notifier.configuration.default_locale
        if entry.definition is None:
            return (default,)
        return locales_of(entry.definition, self.project.sources(), default)

    def locale_of(self, entry: Entry, state: State) -> str:
        """The locale that a state means."""
        samples = entry.definition.samples if entry.definition is not None else {}
        sample = samples.get(state.sample)
        return state.locale or (sample.locale if sample else None) or self.project.notifier.configuration.default_locale

    def common(self) -> dict[str, Any]:
        """What every page shows around its own."""
        return {
            "environment": self.project.notifier.environment,
            "entries": self.project.entries,
            "standings": self.inspector.known(),
            "trouble": self.project.trouble,
            "live": self.live,
            "local": self.local,
            "has_outbox": self.outbox.is_there(),
            "has_log": self.log.is_there(),
        }

    def picture(self, mail: Opened, look: Look) -> bytes:
        """A PNG of a mail.

        Raises:
            ConfigError: there is no Chromium.
        """
        from notify.preview.chromium import Chromium
        from notify.preview.frame import frame_document

        with self._lock:
            self._chromium = self._chromium or Chromium()
        html = frame_document(mail.html or "", inline=mail.inline, scheme=look.scheme, images=look.images, remote=False)
        return self._chromium.screenshot(html, width=look.width or 700, dark=look.scheme == "dark")

    def check_allowed(self, address: str, transport: Transport) -> None:
        """Let a test mail go to whom it may.

        Raises:
            RefusedError: the transport delivers, and nobody has allowed this address.
        """
        if not transport.capabilities.delivers:
            return
        globs = [glob for glob in re.split(r"[,\s]+", os.environ.get(ALLOWED, "").lower()) if glob]
        if not any(fnmatchcase(address.lower(), glob) for glob in globs):
            raise RefusedError(
                f"{address} may not get test mails through {transport.name}, which delivers",
                transport=transport.name,
                phase="preview",
                recipient=address,
                advice=f"Set {ALLOWED} to the addresses that may, such as *@acme.example.",
            )

    def told(self, receipt: Receipt) -> Receipt:
        """The receipt, after open pages were told that the mailbox may have something new."""
        self.hub.publish("mail")
        return receipt
