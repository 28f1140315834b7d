"""Where templates come from: the application's folders, the plugins' loaders, and what ships with notify."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, TemplateError, TemplateNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from jinja2 import Environment

    Source = tuple[str, str | None, Callable[[], bool] | None]


class OutsideError(TemplateError):
    """A template's name, or a link, leads out of the folder of templates."""


class FolderLoader(BaseLoader):
    """The templates below one folder, read as UTF-8. A link may not lead out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_source(self, environment: Environment, template: str) -> Source:  # noqa: ARG002  # Jinja2's signature
        """The source, the path and whether it is still the same."""
        path = self.folder / template
        if not path.is_file():
            raise TemplateNotFound(template)
        target = path.resolve()
        if not target.is_relative_to(self.folder.resolve()):
            raise OutsideError(f"template {template!r} is a link to {target}, outside of {self.folder}")
        name = str(path)
        changed = _changed(name)
        try:
            source = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise TemplateError(f"template {template!r} is not UTF-8: octet {error.start + 1} of {path}") from None
        except OSError as error:
            raise TemplateError(f"template {template!r} cannot be read: {error.strerror}: {path}") from None
        return source, name, lambda: _changed(name) == changed

    def list_templates(self) -> list[str]:
        """The names of all templates below the folder."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())


class Chain(BaseLoader):
    """Loaders in order of precedence; no name may lead out of them."""

    def __init__(self, loaders: Sequence[BaseLoader]) -> None:
        self.loaders = tuple(loaders)

    def get_source(self, environment: Environment, template: str) -> Source:
        """The source from the first loader that has the template.

        Raises:
            OutsideError: the name, or a link, leads out of the folder.
            TemplateNotFound: no loader has it.
        """
        parts = template.split("/")
        if ".." in parts or parts[0] == "" or "\\" in template or ":" in parts[0] or "\0" in template:
            raise OutsideError(f"template {template!r} does not lie below the templates folder")
        for loader in self.loaders:
            try:
                return loader.get_source(environment, template)
            except TemplateNotFound as error:
                if error.name != template:
                    raise
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        """The names of all templates that a loader can list."""
        found: set[str] = set()
        for loader in self.loaders:
            try:
                found.update(loader.list_templates())
            except TypeError:
                continue
        return sorted(found)


def _changed(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116  # twice as fast, and it runs for every message
    except OSError:
        return None
