"""One mail of an export: its files, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from notify.preview.export.filenames import name_of_part, unique_name
from notify.preview.frame import frame_document
from notify.preview.standing import of_rendition
from notify.preview.state import SCHEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notify.preview.export.here import Unplaced
    from notify.preview.export.plan import Planned
    from notify.preview.failure import Explainer
    from notify.preview.opened import Opened
    from notify.preview.renderings import Rendition
    from notify.preview.standing import Finding

PAGE = "index.html"
_MOST_WORDS = 4000
"""Characters of a text that can be searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFiles:
    """The files of a mail beside its page, each by its name.

    Attributes:
        contents: the octets.
        parts: which file has the content of which part, by the part's index.
        frames: the documents that show it, by scheme; none without HTML.
    """

    contents: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)


def files_of(mail: Opened | None, *, remote: bool) -> MailFiles:
    """The mail as it is sent, whole and in parts, and as it is shown."""
    files = MailFiles()
    if mail is None:
        return files
    files.contents["mail.eml"] = mail.data
    if mail.text is not None:
        files.contents["mail.txt"] = _octets(mail.text)
    if mail.html is not None:
        files.contents["mail.html"] = _octets(mail.html)
        for scheme in SCHEMES:
            name = "render.html" if scheme == SCHEMES[0] else f"render.{scheme}.html"
            document = frame_document(mail.html, inline=mail.inline, scheme=scheme, remote=remote)
            files.contents[name], files.frames[scheme] = _octets(document), name
    attached = {part.index for part in mail.attachments}
    taken: set[str] = set()
    for part in mail.root.leaves():
        if part.index not in attached:
            files.parts[part.index] = "mail.html" if part.content_type == "text/html" else "mail.txt"
        else:
            name = files.parts[part.index] = f"files/{unique_name(name_of_part(part), taken)}"
            files.contents[name] = mail.content(part.index) or b""
    return files


def findings_of(planned: Planned, rendition: Rendition, known: Sequence[Finding]) -> list[Finding]:
    """What the rendering shows beyond what is known of the notification without one."""
    said = {(each.rule, each.location or each.message) for each in known}
    return [
        replace(each, locale=planned.locale)
        for each in of_rendition(rendition, planned.state.sample)
        if (each.rule, each.location or each.message) not in said
    ]


def failure_of(rendition: Rendition, explainer: Explainer, names: dict[str, Any], unplaced: Unplaced) -> Any:
    """Why there is no mail, as JSON; None if there is one."""
    if rendition.error is None:
        return None
    return unplaced(explainer.explain(rendition.error, rendition.definition, names).as_document())


def mail_document(planned: Planned, mail: Opened | None, files: MailFiles) -> dict[str, Any]:
    """What the list says of a mail; paths are relative to the list."""

    def path(name: str | None) -> str | None:
        return f"{planned.folder}/{name}" if name in files.contents else None

    return {
        "sample": planned.state.sample,
        "locale": planned.locale,
        "subject": mail.subject if mail else None,
        "preheader": mail.preheader if mail else None,
        "size": mail.size() if mail else None,
        "page": f"{planned.folder}/{PAGE}",
        "light": path(files.frames.get("light")),
        "dark": path(files.frames.get("dark")),
        "invert": path(files.frames.get("invert")),
        "html": path("mail.html"),
        "text": path("mail.txt"),
        "eml": path("mail.eml"),
        "attachments": [
            {
                "filename": part.filename,
                "type": part.content_type,
                "cid": part.cid or None,
                "octets": part.octets,
                "path": path(files.parts[part.index]),
            }
            for part in (mail.attachments if mail else ())
        ],
    }


def words_of(mail: Opened | None) -> str:
    """What a mail can be found by."""
    if mail is None:
        return ""
    return " ".join(f"{mail.subject} {mail.preheader} {mail.text or ''}"[:_MOST_WORDS].lower().split())


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "replace")
