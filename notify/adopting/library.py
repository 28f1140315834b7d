"""Where the templates of an adoption come from: the project, and the folders that the file lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import BaseLoader, TemplateNotFound

from notify.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jinja2 import Environment

    Found = tuple[str, str | None, Callable[[], bool] | None]

_LEVELS = 3


class Library(BaseLoader):
    """The project's templates first, then those beside the file and in the two folders above it.

    Args:
        loader: the project's templates.
        given: the file's own name among the templates, and its text.
        file: the file.
    """

    def __init__(self, loader: BaseLoader, given: tuple[str, str], file: Path) -> None:
        self.brought: dict[str, str] = {}
        """What was found beside the file, by name."""
        self._loader = loader
        self._given = given
        self._file = file
        self._folders = [file.parent, *file.parent.parents][:_LEVELS]

    def get_source(self, environment: Environment, template: str) -> Found:
        """The source and the path."""
        if template == self._given[0]:
            return self._given[1], str(self._file), None
        if template in self.brought:
            return self.brought[template], None, None
        try:
            return self._loader.get_source(environment, template)
        except TemplateNotFound:
            parts = template.split("/")
            if ".." in parts or parts[0] == "" or "\\" in template:
                raise
        for folder in self._folders:
            path = folder / template
            if path.is_file():
                self.brought[template] = text_of(path)
                return self.brought[template], str(path), None
        raise TemplateNotFound(template)


def text_of(path: Path) -> str:
    """What a file says.

    Raises:
        ConfigError: it cannot be read, or is no text in UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: octet {error.start + 1}") from None
