"""The pages of an export as HTML. Their links are relative, so that they work wherever the folder lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from notify.markup.links import images, links
from notify.preview.segments import segments
from notify.preview.standing import CLIPPED
from notify.preview.state import NO_SAMPLE
from notify.preview.web.pages import templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notify.message import Envelope
    from notify.preview.export.mail import MailFiles
    from notify.preview.export.plan import Planned
    from notify.preview.opened import Opened

POLICY = (
    "default-src 'none'; style-src 'self' file:; script-src 'self' file:; img-src 'self' file: data:; "
    "frame-src 'self' file:; base-uri 'none'; form-action 'none'"
)
"""What a page may load. Where a browser takes each file for an origin of its own, 'self' matches none: hence `file:`,
which means nothing on a web site. The frames of mails have a sandbox and a policy of their own."""
VIEWS = {"html": "HTML", "text": "Text", "source": "Source", "headers": "Headers", "mime": "MIME", "inbox": "Inbox"}


class Pages:
    """Renders the pages.

    Args:
        environment: the name of the environment.
        theme: the name of the theme; None for none.
        planned: the mails, in their order.
    """

    def __init__(self, environment: str, theme: str | None, planned: Sequence[Planned]) -> None:
        templates_ = templates()
        templates_.filters["quoted"] = quote
        templates_.globals.update(policy=POLICY, environment=environment, theme=theme, no_sample=NO_SAMPLE)
        self._index = templates_.get_template("export_index.html")
        self._mail = templates_.get_template("export_mail.html")
        self._planned = planned
        self._place = {id(each): number for number, each in enumerate(planned)}
        self._of: dict[str, list[Planned]] = {}
        for each in planned:
            self._of.setdefault(each.entry.id, []).append(each)

    def index(self, notifications: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> bytes:
        """The page of all.

        Args:
            notifications: as they stand in the list.
            words: what each mail can be found by, by its page.
        """
        html = self._index.render(root=".", notifications=notifications, words=words)
        return html.encode("utf-8", "replace")

    def mail(
        self,
        planned: Planned,
        mail: Opened | None,
        files: MailFiles,
        *,
        envelope: Envelope | None,
        failure: Mapping[str, Any] | None,
        findings: Sequence[Mapping[str, Any]],
    ) -> bytes:
        """The page of one mail."""
        others = self._of[planned.entry.id]
        octets = len(files.contents.get("mail.html", b""))
        place = self._place[id(planned)]
        html = self._mail.render(
            root="/".join(".." for _ in planned.folder.split("/")),
            entry=planned.entry,
            sample=planned.state.sample,
            locale=planned.locale,
            samples={each.state.sample: each.folder for each in others if each.locale == planned.locale},
            locales={each.locale: each.folder for each in others if each.state.sample == planned.state.sample},
            previous=self._planned[place - 1].folder if place else None,
            following=self._planned[place + 1].folder if place + 1 < len(self._planned) else None,
            views=VIEWS,
            mail=mail,
            files=files,
            envelope=envelope,
            failure=failure,
            findings=findings,
            html_octets=octets,
            clipped=CLIPPED,
            filled=min(100, round(octets * 100 / CLIPPED)),
            links=links(mail.html, mail.text) if mail else (),
            images=images(mail.html, mail.inline) if mail else (),
            segments=segments(mail.text or "") if mail else None,
        )
        return html.encode("utf-8", "replace")
