"""Golden tests: each mail beside the one that was found right, in the files that the preview keeps."""

from __future__ import annotations

from difflib import unified_diff
from hashlib import sha256
from typing import TYPE_CHECKING

from notify.errors import ConfigError
from notify.preview.differences import Sides, as_text, differences
from notify.preview.golden import Golden
from notify.preview.opened import open_mail
from notify.preview.renderings import fixed
from notify.preview.selection import cases as all_cases
from notify.preview.state import State
from notify.testing.cases import rendered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from notify.notifier import Notifier
    from notify.preview.opened import Opened
    from notify.preview.opened.parts import Part
    from notify.testing.cases import Case

CURE = "look at it, and if it is right: pytest --notify-update"


class Goldens:
    """The golden files of a project: `golden/<notification>/<sample>.<locale>.eml` beside notify.yaml.

    Args:
        notifier: renders.
    """

    def __init__(self, notifier: Notifier) -> None:
        configuration = notifier.configuration
        self._notifier = notifier
        self.folder = configuration.base / "golden"
        self._golden = Golden(self.folder, configuration.base, writable=True)

    def difference(self, case: Case) -> str:
        """How the mail of a case differs from its golden file; empty if the octets are the same.

        Message-ID, Date and boundaries are made the same before.

        Raises:
            ConfigError: there is no golden file.
            NotifyError: as `Notifier.render`.
        """
        new = self._octets(case)
        old = self._golden.read(_state(case), case.locale)
        if old == new:
            return ""
        shown = self._golden.shown(_state(case), case.locale)
        told = _told(open_mail(old), open_mail(new)) or "only the way in which it is encoded differs\n"
        return f"the mail differs from {shown} ({CURE})\n{told}"

    def update(self, case: Case) -> str | None:
        """Keep the mail of a case as its golden file; the file's path, if that was not what it held.

        Raises:
            NotifyError: as `Notifier.render`, or the file cannot be written.
        """
        new = self._octets(case)
        try:
            if self._golden.read(_state(case), case.locale) == new:
                return None
        except ConfigError:
            pass
        return self._golden.write(_state(case), case.locale, new)

    def orphans(self) -> list[Path]:
        """The golden files of mails that there are no more, by name."""
        themes = [None, *self._notifier.themes]
        known = {
            self._golden.shown(_state(case, theme), case.locale)
            for case in all_cases(self._notifier)
            for theme in themes
        }
        base = self._notifier.configuration.base
        found = sorted(self.folder.glob("*/*.eml"))
        return [path for path in found if path.relative_to(base).as_posix() not in known and not _of_none(path)]

    def _octets(self, case: Case) -> bytes:
        message = fixed(rendered(self._notifier, case))
        return message.as_bytes(smtputf8=message.needs_smtputf8)


def _state(case: Case, theme: str | None = None) -> State:
    return State(notification=case.definition.id, sample=case.sample.name, theme=theme)


def _of_none(path: Path) -> bool:
    """Whether the preview kept it of a notification that had no sample."""
    return path.name.startswith("none.")


def _told(old: Opened, new: Opened) -> str:
    """The differences for people: the tree of parts, then HTML, text and headers."""
    tree = unified_diff(list(_tree(old)), list(_tree(new)), "parts (old)", "parts (new)", lineterm="")
    return "".join(f"{line}\n" for line in tree) + as_text(differences(_sides(old), _sides(new)))


def _sides(mail: Opened) -> Sides:
    return Sides(mail.html, mail.text, [(header.name, header.value) for header in mail.headers])


def _tree(mail: Opened) -> Iterator[str]:
    """A line for each part; the content of files as a digest."""
    files = {part.index for part in mail.attachments}

    def lines(part: Part, depth: int) -> Iterator[str]:
        words = [part.content_type, part.charset, part.disposition, part.filename, part.cid and f"cid:{part.cid}"]
        if part.index in files:
            words.append(f"sha256:{sha256(mail.content(part.index) or b'').hexdigest()[:16]}")
        yield f"{'  ' * depth}{' '.join(filter(None, words))}"
        for each in part.parts:
            yield from lines(each, depth + 1)

    yield from lines(mail.root, 0)
