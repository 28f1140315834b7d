"""Making a notification of an existing template."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from notify.adopting.deciding import declared, is_always_given
from notify.adopting.document import Document
from notify.adopting.following import Follower
from notify.adopting.library import Library, text_of
from notify.adopting.state import State
from notify.adopting.writing import definition_text
from notify.definition import RECIPIENT
from notify.definition.walk import shown_path
from notify.errors import ConfigError, DefinitionError, Fault, Location, NotifyError
from notify.notifier import Notifier
from notify.params import read_types
from notify.rendering.locales import default_names
from notify.yamlnodes import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from notify.adopting.document import Preheader
    from notify.configuration import Configuration

_SUFFIX = re.compile(r"\.(?:html?|txt)(?:\.(?:j2|jinja2?))?$|\.(?:j2|jinja2?)$", re.IGNORECASE)
_NAMEABLE = re.compile(r"[^\s{}<>]+\.html(?:\.j2|\.jinja)?")
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_TEXTS = (".txt", ".txt.j2", ".txt.jinja")


@dataclass(frozen=True, slots=True)
class Adoption:
    """What an adoption comes to; nothing is written yet.

    Attributes:
        id: the notification's.
        files: what is to be written, the definition first.
        notes: what a person should know, by place.
    """

    id: str
    files: Mapping[Path, str]
    notes: tuple[Fault, ...]


def adopt(
    notifier: Notifier, file: Path, *, name: str | None = None, subject: str | None = None, modeline: str = ""
) -> Adoption:
    """What makes a notification of a template.

    Args:
        notifier: the project's; its definitions are not needed.
        file: the HTML template.
        name: the id; by default the file's name.
        subject: the template of the subject; by default what `<title>` says.
        modeline: the first line of the definition; `{}` in it stands for the way from there to notify.yaml's folder.

    Raises:
        ConfigError: the file cannot be read, or the project names no folder for it.
        DefinitionError: the template cannot be adopted as it is; every reason with its place.
    """
    return _Adopting(notifier, file.absolute(), name, subject, modeline).made()


class _Adopting:
    def __init__(self, notifier: Notifier, file: Path, name: str | None, subject: str | None, modeline: str) -> None:
        self._notifier = notifier
        self._configuration = notifier.configuration
        self._file = file
        self._text = text_of(file)
        self._subject = subject
        self._modeline = modeline
        self._kept = _below(file, self._configuration.templates)
        self._id = name or _id_of(self._kept or file.name)
        if not _ID.fullmatch(self._id):
            raise ConfigError(f"{self._id!r} cannot be an id: small letters, digits and _, in words set apart by dots")
        self._stem = self._id.replace(".", "/")
        self._definition = _first(self._configuration.notifications, "notifications") / f"{self._stem}.yaml"
        self._name = self._kept or f"{self._stem}.html"
        if not _NAMEABLE.fullmatch(self._name):
            raise ConfigError(f"a definition cannot name the template {self._name!r}; call it NAME.html")

    def made(self) -> Adoption:
        environments: list[jinja2.Environment] = []
        self._notifier.composer(environments.append)
        environment = environments[0]
        assert environment.loader is not None  # noqa: S101  # the renderer gives it one
        library = Library(environment.loader, (self._name, self._text), self._file)
        state = State(environment, library, self._shown)
        follower = Follower(state)
        follower.template(self._name)
        twin = self._twin()
        if twin is not None:
            library.brought.setdefault(twin[0], twin[1])
            follower.template(twin[0])
        self._raise(state)
        document = Document(self._text, environment, state.params)
        line = self._line(document)
        self._follow(line, follower)
        found = document.preheader()
        preheader = found if self._kept is None else None
        if found is not None and self._kept is not None:
            where = Location(self._shown(str(self._file)), self._text.count("\n", 0, found.start) + 1)
            hint = "to have it in the definition, write {{ preheader }} here and the text under `preheader:`"
            state.notes[Fault(where, "the template holds its preheader itself", hint)] = None
        self._raise(state)
        self._note_given(state)
        types = declared(state.params, read_types(Reader(), self._configuration.types))
        text = definition_text(
            types,
            description=f"Adopted from {self._file.name}; say here when it is sent.",
            subject=line,
            preheader=preheader.text if preheader else None,
            html=None if self._name in default_names(self._id, "html") else self._name,
            text=self._text_key(twin),
        )
        files = {self._definition: self._first_line() + text, **self._copies(library.brought, preheader)}
        self._try(files)
        notes = sorted(state.notes, key=lambda fault: fault.location)
        return Adoption(self._id, files, tuple(notes))

    def _twin(self) -> tuple[str, str] | None:
        """The text template beside the HTML: its name, and what it says."""
        base = _SUFFIX.sub("", self._file.name)
        for suffix in _TEXTS:
            path = self._file.with_name(base + suffix)
            if path.is_file():
                own = f"{_SUFFIX.sub('', self._kept)}{suffix}" if self._kept else f"{self._stem}{suffix}"
                return own, text_of(path)
        for name in default_names(self._id, "txt"):
            for folder in self._configuration.templates:
                if (folder / name).is_file():
                    return name, text_of(folder / name)
        return None

    def _text_key(self, twin: tuple[str, str] | None) -> str | None:
        if twin is None:
            # Another copy of the words would have to be kept up to date, which nobody does.
            return "auto"
        return None if twin[0] in default_names(self._id, "txt") else twin[0]

    def _line(self, document: Document) -> str:
        if self._subject is not None:
            return self._subject
        return document.subject() or self._id.rpartition(".")[2].replace("_", " ").capitalize()

    def _follow(self, line: str, follower: Follower) -> None:
        state = follower.state
        source = state.in_place(line, "--subject" if self._subject is not None else self._shown(str(self._file)), 1)
        state.is_line = True
        if source is not None:
            follower.follow(source)
        state.is_line = False

    def _note_given(self, state: State) -> None:
        where = self._shown(str(self._file))
        for name, slot in state.params.items():
            if slot.is_own and is_always_given(slot):
                hint = f"to make it optional, write {{% if {name} %}} and `{name}: ... | None`"
                message = f"`{name} is defined` always holds, for a param is always defined: {name} is required now"
                state.notes[Fault(Location(where, slot.line), message, hint)] = None

    def _raise(self, state: State) -> None:
        if state.problems:
            raise DefinitionError(sorted(state.problems, key=lambda fault: fault.location))

    def _copies(self, brought: Mapping[str, str], preheader: Preheader | None) -> dict[Path, str]:
        files: dict[Path, str] = {}
        existing = [folder / name for name in brought for folder in self._configuration.templates]
        there = {path for path in existing if path.is_file()}
        if self._kept is None:
            text = self._text
            if preheader is not None:
                text = f"{text[: preheader.start]}{{{{ preheader }}}}{text[preheader.end :]}"
            files[self._templates() / self._name] = text
        for name, text in brought.items():
            if not any(folder / name in there for folder in self._configuration.templates):
                files[self._templates() / name] = text
        return files

    def _templates(self) -> Path:
        return _first(self._configuration.templates, "templates")

    def _first_line(self) -> str:
        base = os.path.relpath(self._configuration.base, self._definition.parent)
        return self._modeline.replace("{}", Path(base).as_posix())

    def _try(self, files: Mapping[Path, str]) -> None:
        """Render every sample in a folder of its own.

        Raises:
            DefinitionError: that does not work; as it comes from here, the template has something that is not followed.
        """
        with TemporaryDirectory(prefix="notify-adopt-") as folder:
            root = Path(folder).resolve()
            configuration = self._elsewhere(root, files)
            try:
                trial = Notifier(
                    configuration=configuration,
                    environment=self._notifier.environment,
                    plugins=self._notifier.plugins,
                    transport="null:",
                    sender=RECIPIENT,
                )
                for sample in trial.catalog[self._id].samples.values():
                    trial.render(self._id, to=sample.to or RECIPIENT, params=sample.params)
            except NotifyError as error:
                message = str(error).replace(f"{root}{os.sep}", "")
                where = Location(self._shown(str(self._file)), 1)
                hint = "adopt it by hand: `notify new` writes a definition to begin with"
                raise DefinitionError(
                    [Fault(where, f"no sample was found that it renders with: {message}", hint)]
                ) from error

    def _elsewhere(self, root: Path, files: Mapping[Path, str]) -> Configuration:
        for path, text in files.items():
            folder = "notifications" if path == self._definition else "templates"
            name = f"{self._stem}.yaml" if path == self._definition else path.relative_to(self._templates())
            target = root / folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        (root / "templates").mkdir(exist_ok=True)
        return replace(
            self._configuration,
            notifications=(root / "notifications",),
            templates=(root / "templates", *self._configuration.templates),
        )

    def _shown(self, path: str) -> str:
        return shown_path(Path(path), Path.cwd())


def _below(file: Path, folders: tuple[Path, ...]) -> str | None:
    """The name of a template that lies below one of the folders."""
    for folder in folders:
        if file.resolve().is_relative_to(folder.resolve()):
            return file.resolve().relative_to(folder.resolve()).as_posix()
    return None


def _id_of(name: str) -> str:
    """The id that fits a file's name: `Billing/order-paid.html` makes `billing.order_paid`."""
    parts = _SUFFIX.sub("", name).split("/")
    return ".".join(_words(part) for part in parts if part)


def _words(part: str) -> str:
    word = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower()).strip("_")
    return word if word[:1].isalpha() else f"mail_{word}" if word else "mail"


def _first(folders: tuple[Path, ...], key: str) -> Path:
    if not folders:
        raise ConfigError(f"notify.yaml names no folder under `{key}`")
    return folders[0]
