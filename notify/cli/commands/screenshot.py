"""`notify screenshot`: a picture of every mail, taken by the system's Chromium."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from notify.cli.failure import FAILED
from notify.cli.names import complete
from notify.cli.output import as_json, count, say, shown
from notify.definition import RECIPIENT
from notify.errors import NotifyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notify import Message, Notifier
    from notify.cli.project import Project
    from notify.preview.chromium import Chromium
    from notify.preview.selection import Case

    Scheme = Literal["light", "dark", "invert"]

SCHEMES = ("light", "dark", "invert")
_TEXT = (
    "<!doctype html><meta charset=utf-8><meta name=color-scheme content='light dark'>"
    "<style>:root {{color-scheme: light dark}} pre {{font: 14px/1.5 monospace; margin: 16px; white-space: pre-wrap;"
    " overflow-wrap: anywhere}}</style><pre>\n{}</pre>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How a mail is looked at."""

    width: int
    scheme: Scheme
    scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """What was taken, or why not; `file` is None where the mail could not be rendered at all."""

    notification: str
    sample: str
    locale: str
    look: _Look | None = None
    file: str | None = None
    error: str | None = None

    def document(self) -> dict[str, Any]:
        """The same for JSON."""
        own = {name: value for name, value in asdict(self).items() if name != "look"}
        return {**own, **(asdict(self.look) if self.look else {})}


@click.command("screenshot", short_help="Take a picture of every mail, with the system's Chromium.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=complete)
@click.option("--sample", "samples", metavar="NAME", multiple=True, help="Only this sample; may be given again.")
@click.option("--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; may be given again.")
@click.option(
    "--width", "widths", type=click.IntRange(1, 4000), multiple=True, default=[600], show_default=True,
    help="Of the window, in pixels; may be given again.",
)  # fmt: skip
@click.option(
    "--scheme", "schemes", type=click.Choice(SCHEMES), multiple=True, default=["light"], show_default=True,
    help="invert imitates clients that turn the colours over by force; may be given again.",
)  # fmt: skip
@click.option(
    "--scale", type=click.FloatRange(0.1, 4), default=1.0, show_default=True, help="Pixels of the picture for each one."
)
@click.option("--json", "json_wanted", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    folder: Path,
    names: Sequence[str],
    samples: Sequence[str],
    locales: Sequence[str],
    widths: Sequence[int],
    schemes: Sequence[Scheme],
    scale: float,
    json_wanted: bool,
) -> None:
    """Take a picture of each sample of each notification, or of those NAMEd, in each locale.

    A NAME is an id, or a pattern such as 'billing.*'. The files are DIR/NOTIFICATION/SAMPLE.LOCALE.WIDTH.SCHEME.png.
    Nothing is loaded from a network. The browser is Chromium or Chrome; NOTIFY_CHROMIUM names one that is not found.
    """
    from notify.preview import require
    from notify.preview.chromium import Chromium, require_chromium
    from notify.preview.selection import cases

    require()
    looks = [
        _Look(width=width, scheme=scheme, scale=scale)
        for width in dict.fromkeys(widths)
        for scheme in dict.fromkeys(schemes)
    ]
    project: Project = ctx.obj
    pictures: list[_Picture] = []
    with project.notifier() as notifier, Chromium(require_chromium()) as chromium:
        selected = cases(notifier, names=names, samples=samples, locales=locales)
        for number, case in enumerate(selected):
            for picture in _take(notifier, chromium, case, looks, folder):
                pictures.append(picture)
                _tell(picture, f"{number + 1}/{len(selected)}")
    failed = [each for each in pictures if each.error is not None]
    if json_wanted:
        as_json([each.document() for each in pictures])
    else:
        click.secho(f"{count(len(pictures) - len(failed), 'screenshot')} in {shown(folder)}", bold=True)
    if failed or not pictures:
        say(f"{len(failed)} not taken." if failed else "There is no sample to take a screenshot of.", fg="red")
        ctx.exit(FAILED)


def _take(
    notifier: Notifier, chromium: Chromium, case: Case, looks: Sequence[_Look], folder: Path
) -> Iterator[_Picture]:
    """The pictures of one mail, as they are taken; what fails stops none of the others."""
    from notify.errors import BrowserError

    picture = partial(_Picture, notification=case.definition.id, sample=case.sample.name, locale=case.locale)
    try:
        message = notifier.for_samples().render(
            case.definition.id, to=case.sample.to or RECIPIENT, params=case.sample.params, locale=case.locale
        )
    except NotifyError as error:
        yield picture(error=str(error))
        return
    for look in looks:
        try:
            data = chromium.screenshot(
                _document(message, look.scheme), width=look.width, scale=look.scale, dark=look.scheme == "dark"
            )
        except BrowserError as error:
            yield picture(look=look, error=str(error))
        else:
            path = folder / case.definition.id / _name(case, look)
            _write(path, data)
            yield picture(look=look, file=shown(path))


def _document(message: Message, scheme: Scheme) -> str:
    """The mail's HTML as it can be shown, or its text as a document."""
    from html import escape

    from notify.preview.frame import frame_document

    inline = {each.cid: (each.media_type, each.read()) for each in message.attachments if each.cid is not None}
    html = message.html if message.html is not None else _TEXT.format(escape(message.text or ""))
    return frame_document(html, inline=inline, scheme=scheme, images=True, remote=False)


def _name(case: Case, look: _Look) -> str:
    """The same name for the same picture, whatever else is taken; a scale as file systems of icons know it."""
    scale = "" if look.scale == 1 else f"@{look.scale:g}x"
    return f"{case.sample.name}.{case.locale}.{look.width}.{look.scheme}{scale}.png"


def _write(path: Path, data: bytes) -> None:
    from notify.atomic import write_atomically

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error


def _tell(picture: _Picture, place: str) -> None:
    if picture.error is None:
        say(f"[{place}] {picture.file}")
    else:
        say(
            f"[{place}] {picture.notification}, sample {picture.sample}, locale {picture.locale}: {picture.error}",
            fg="red",
        )
